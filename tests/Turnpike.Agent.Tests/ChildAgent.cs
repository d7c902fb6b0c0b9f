using System.Diagnostics;
using System.Globalization;
using Turnpike.Agent.Settings;

namespace Turnpike.Agent.Tests;

/// <summary>This test program started again as an agent, so that a test can kill it.</summary>
internal static class ChildAgent
{
    private const string FolderVariable = "TURNPIKE_AGENT_CHILD_FOLDER";

    /// <summary>Starts one and waits for its port.</summary>
    public static async Task<(Process Process, int Port)> StartAsync(string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Turnpike.Agent.Tests")) { RedirectStandardOutput = true };
        start.Environment[FolderVariable] = folder;
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("The child ended without a word.");
        return (process, int.Parse(line, CultureInfo.InvariantCulture));
    }

    public static async Task<bool> TryRunAsync()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder) return false;
        await using var agent = AgentHost.Start(folder, AgentSettings.Read(folder), TimeProvider.System);
        Console.WriteLine(agent.Listen.Port.ToString(CultureInfo.InvariantCulture));
        await agent.Completion;
        return true;
    }
}
