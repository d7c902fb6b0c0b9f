using System.Diagnostics;
using System.Text;

namespace Turnpike.Evidence.Tests;

/// <summary>
/// This test program started again as a child that only works on a log, so that a test can kill it, or let it run where the disk is full. The role is given
/// in an environment variable, and looked for before the test framework starts.
/// </summary>
internal static class Child
{
    private const string RoleVariable = "TURNPIKE_EVIDENCE_CHILD";
    private const string FolderVariable = "TURNPIKE_EVIDENCE_CHILD_FOLDER";

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Turnpike.Evidence.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public static Process Start(string role, string folder, string? program = null, params string[] arguments) => Start(role, folder, [], program, arguments);

    public static Process Start(string role, string folder, IEnumerable<(string Name, string Value)> environment, string? program = null, params string[] arguments)
    {
        var start = new ProcessStartInfo(program ?? Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        // It lives for a moment: no second compilation, no second thread for garbage.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment[RoleVariable] = role;
        start.Environment[FolderVariable] = folder;
        return Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
    }

    /// <summary>Ends this process by SIGKILL: nothing of the runtime runs any more.</summary>
    public static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Plays the role, if one is given.</summary>
    public static async Task<bool> TryRunAsync()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? "";
        switch (Environment.GetEnvironmentVariable(RoleVariable))
        {
            case "append": await AppendUntilKilledAsync(folder); break;
            case "full-disk": await Log.FullDiskTests.FillTheDiskAsync(folder); break;
            case "trouble": await Log.FolderTroubleTests.EndureAsync(folder); break;
            case "boundary": await Log.BoundaryTests.LiveUntilKilledAsync(folder); break;
            case "open-only": await OpenOnlyAsync(folder); break;
            default: return false;
        }
        return true;
    }

    /// <summary>Appends unique pieces from several callers and prints each once it is acknowledged, sealing now and then.</summary>
    private static async Task AppendUntilKilledAsync(string folder)
    {
        var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network, SegmentBytes = 8192 }, TimeProvider.System);
        var output = Console.OpenStandardOutput();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var id = $"{Environment.ProcessId}-{caller}-{i}-{Guid.NewGuid():n}";
                var outcome = await log.AppendAsync(RecordType.Evidence, Encoding.ASCII.GetBytes(id), Samples.Now, CancellationToken.None);
                if (outcome.IsDurable) output.Write(Encoding.ASCII.GetBytes(id + "\n"));
                if (i % 97 == 96) await log.SealSegmentAsync(CancellationToken.None);
            }
        })));
    }

    private static async Task OpenOnlyAsync(string folder)
    {
        try
        {
            await using var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network }, TimeProvider.System);
            Console.WriteLine("opened");
        }
        catch (EvidenceLockedException)
        {
            Console.WriteLine("locked");
        }
    }
}
