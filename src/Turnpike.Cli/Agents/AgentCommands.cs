using System.CommandLine;
using Turnpike.Agent;
using Turnpike.Agent.Settings;
using Turnpike.Agent.Status;

namespace Turnpike.Cli.Agents;

/// <summary>The verbs <c>turnpike agent run|enroll|status</c>; without one it runs.</summary>
internal static class AgentCommands
{
    /// <summary>Environment variable that names the agent's folder.</summary>
    public const string FolderVariable = "TURNPIKE_AGENT";

    public static Command Create()
    {
        var folder = Folder();
        var command = new Command("agent", "The program beside a packet forwarder: carries its frames to the network.") { folder, Run(), EnrollCommand.Create(), Status() }
            .WithExamples("turnpike agent enroll --node https://node.example.org --owner 0x...", "turnpike agent run", "turnpike agent status");
        command.SetAction((parsed, cancellation) => RunAsync(FolderOf(parsed, folder), cancellation));
        return command;
    }

    public static Option<DirectoryInfo> Folder() => new("--folder")
    {
        Description = $"The agent's folder: settings, key, frames that wait. Default: {FolderVariable}, or .turnpike/agent.",
        DefaultValueFactory = _ => new DirectoryInfo(Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named ? named : Path.Combine(".turnpike", "agent")),
    };

    public static string FolderOf(ParseResult parsed, Option<DirectoryInfo> option) => parsed.GetRequiredValue(option).FullName;

    private static Command Run()
    {
        var folder = Folder();
        var command = new Command("run", "Run until Ctrl-C or SIGTERM. Changes of its state go to standard error.") { folder }.WithExamples("turnpike agent run", "turnpike agent run --folder /var/lib/turnpike-agent");
        command.SetAction((parsed, cancellation) => RunAsync(FolderOf(parsed, folder), cancellation));
        return command;
    }

    private static Command Status()
    {
        var (folder, json) = (Folder(), CommonOptions.Json());
        var command = new Command("status", "How the agent that runs here fares: forwarders, line to the node, frames that wait, what needs doing. Exit code 1 when anything does.") { folder, json }
            .WithExamples("turnpike agent status", "turnpike agent status --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = FolderOf(parsed, folder);
            var status = await StatusSocket.AskAsync(path, cancellation) ?? throw new CommandException($"No agent runs in {path}. Start it with 'turnpike agent run', or look at 'systemctl status turnpike-agent'.");
            if (parsed.GetValue(json)) Console.WriteLine(System.Text.Encoding.UTF8.GetString(status.ToJson()));
            else AgentStatusText.Write(status, TimeProvider.System.GetUtcNow(), Console.Out);
            return status.Ok ? 0 : 1;
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, CancellationToken cancellation)
    {
        AgentMemory.Bound();
        await using var agent = AgentHost.Start(folder, AgentSettings.Read(folder), TimeProvider.System);
        await Console.Error.WriteLineAsync($"{agent.Device} listens at {agent.Listen} for packet forwarders; 'turnpike agent status' says how it fares.");
        await AgentJournal.WriteAsync(agent, cancellation);
        return cancellation.IsCancellationRequested ? 0 : 1;
    }
}
