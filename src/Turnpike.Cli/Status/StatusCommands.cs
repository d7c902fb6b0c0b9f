using System.CommandLine;
using Turnpike.Node.Api;
using Turnpike.Node.Settings;

namespace Turnpike.Cli.Status;

/// <summary>The verbs <c>turnpike status</c> and <c>turnpike alerts</c>.</summary>
internal static class StatusCommands
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Status()
    {
        var settled = new Option<ulong?>("--settled") { Description = "Wait until this epoch is settled and active." };
        var timeout = new Option<string>("--timeout") { Description = "Longest wait for --settled.", DefaultValueFactory = _ => "5m" };
        var watch = new Option<bool>("--watch") { Description = "Show it again every two seconds until Ctrl-C." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("status", "Where the network stands: health, epochs, members, what needs doing. Exit code 1 when the node cannot do its work.") { settled, timeout, watch, network, json }
            .WithExamples("turnpike status", "turnpike status --json", "turnpike status --settled 12 --timeout 10m", "turnpike status --watch");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            if (!Duration.TryParse(parsed.GetRequiredValue(timeout), out var limit)) throw new CommandException($"--timeout is '{parsed.GetValue(timeout)}'; it takes a duration such as 30s or 5m.");
            var status = parsed.GetValue(settled) is { } epoch ? await WaitAsync(session, epoch, limit, cancellation) : await ReadAsync(session, cancellation);
            Show(status, parsed.GetValue(json));
            while (parsed.GetValue(watch))
            {
                await Task.Delay(2 * Pause, cancellation);
                if (!parsed.GetValue(json)) Console.WriteLine();
                Show(status = await ReadAsync(session, cancellation), parsed.GetValue(json));
            }
            return status.Ready && status.LogFailure is null ? 0 : 1;
        });
        return command;
    }

    public static Command Alerts()
    {
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("alerts", "Open alerts of the node, the worst first, each with what to do. Exit code 1 when any is critical.") { network, json }.WithExamples("turnpike alerts", "turnpike alerts --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var alerts = await session.GetAsync<List<AlertView>>("v1/alerts", cancellation) ?? [];
            if (parsed.GetValue(json)) NetworkSession.WriteJson(alerts);
            else if (alerts.Count == 0) Console.WriteLine("No alert is open.");
            else foreach (var alert in alerts) Write(alert);
            return alerts.Any(alert => alert.Severity == "critical") ? 1 : 0;
        });
        return command;
    }

    private static async Task<StatusView> ReadAsync(NetworkSession session, CancellationToken cancellation) =>
        await session.GetAsync<StatusView>("v1/status", cancellation) ?? throw new CommandException("The node has no status.");

    private static async Task<StatusView> WaitAsync(NetworkSession session, ulong epoch, TimeSpan limit, CancellationToken cancellation)
    {
        var until = TimeProvider.System.GetUtcNow() + limit;
        while (true)
        {
            var status = await ReadAsync(session, cancellation);
            if (status.LastActiveEpoch >= epoch) return status;
            if (TimeProvider.System.GetUtcNow() >= until) throw new CommandException($"Epoch {epoch} is not settled after {Duration.Format(limit)}: {status.Course}. {status.Health}");
            await Task.Delay(Pause, cancellation);
        }
    }

    private static void Show(StatusView status, bool json)
    {
        if (json)
        {
            NetworkSession.WriteJson(status);
            return;
        }
        Console.WriteLine($"health       {status.Health}");
        Console.WriteLine($"epochs       {status.Course}{(status.CurrentEpoch > 0 ? $" ({status.EndsInSeconds} s left)" : "")}");
        Console.WriteLine($"chain        block {status.Block}");
        Console.WriteLine($"registered   {status.Devices} devices, {status.Customers} customers");
        Console.WriteLine($"price        ${status.PriceUsd}");
        foreach (var (code, count) in status.Evidence) Console.WriteLine($"evidence     {count} x {code}");
        foreach (var oracle in status.Oracles) Console.WriteLine($"oracle       {oracle.Account}  {oracle.State,-8} {oracle.Url}");
        foreach (var gateway in status.Gateways) Console.WriteLine($"gateway      {gateway.Account}  {gateway.State}; {gateway.Url}");
        foreach (var alert in status.Alerts) Write(alert);
    }

    private static void Write(AlertView alert)
    {
        Console.WriteLine($"{alert.Severity,-12} {alert.Code} {alert.Name}, since {alert.Since:u}{(alert.Times > 1 ? $", {alert.Times} times" : "")}: {alert.Text}");
        Console.WriteLine($"             {alert.Action}");
    }
}
