using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Operations;

/// <summary>Makes every check, again and again. A check that throws or takes too long is itself a finding; the others go on. A check that becomes worse or well again is logged once.</summary>
internal sealed partial class WatchService(NodeContext node, IEnumerable<INodeCheck> checks, HealthOptions options, ILogger<WatchService> logger) : BackgroundService
{
    /// <summary>Makes every check once.</summary>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        node.Watch.Expect([.. checks.Select(check => check.Name)]);
        foreach (var check in checks)
        {
            var before = node.Watch.Checks.FirstOrDefault(state => state.Name == check.Name)?.Worst;
            var result = await RunAsync(check, cancellation);
            node.Watch.Note(check.Name, result);
            Tell(check.Name, before, result);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RunOnceAsync(stoppingToken);
            await Task.Delay(options.Interval, node.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<CheckResult> RunAsync(INodeCheck check, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.CheckTimeout);
        try
        {
            return await check.RunAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new CheckResult("no answer in time", new Finding(AlertCode.CheckFails, check.Name, $"The check '{check.Name}' took longer than {Duration.Format(options.CheckTimeout)}."));
        }
        // A check must not end the watch: what nobody foresaw is told like what somebody did.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            return new CheckResult("cannot be made", new Finding(AlertCode.CheckFails, check.Name, $"The check '{check.Name}' failed: {fault.Message}"));
        }
        catch (OperationCanceledException)
        {
            return new CheckResult("the node stops");
        }
    }

    private void Tell(string check, AlertSeverity? before, CheckResult result)
    {
        var now = result.Findings.Count == 0 ? (AlertSeverity?)null : result.Findings.Max(finding => AlertCodes.Describe(finding.Code).Severity);
        if (now == before) return;
        if (now is null) LogWell(check, result.Text);
        else foreach (var finding in result.Findings) LogWrong((ushort)finding.Code, finding.Text, AlertCodes.Describe(finding.Code).Action);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Check} is well: {Text}")]
    private partial void LogWell(string check, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Code}: {Text} {Action}")]
    private partial void LogWrong(ushort code, string text, string action);
}
