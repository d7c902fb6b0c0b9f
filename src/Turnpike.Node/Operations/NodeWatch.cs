using System.Collections.Concurrent;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node.Operations;

/// <summary>What a check said last.</summary>
/// <param name="Name">The check.</param>
/// <param name="Result">What it saw.</param>
/// <param name="At">When.</param>
public sealed record CheckState(string Name, CheckResult Result, DateTimeOffset At)
{
    /// <summary>The worst of its findings; null when all is well.</summary>
    public AlertSeverity? Worst => Result.Findings.Count == 0 ? null : Result.Findings.Max(finding => AlertCodes.Describe(finding.Code).Severity);
}

/// <summary>What a node knows of its own state: the last result of every check, the open alerts, how its loops fare. One a node; thread-safe.</summary>
public sealed class NodeWatch(TimeProvider time)
{
    // One failure is an endpoint's hiccup; this many in a row are worth a look.
    private const int FailuresBeforeAlert = 5;

    private readonly ConcurrentDictionary<string, CheckState> _checks = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string> _expected = [];
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _allFailures = new(StringComparer.Ordinal);

    /// <summary>Open alerts.</summary>
    public AlertBook Alerts { get; } = new(time);

    /// <summary>The last result of each check, by name.</summary>
    public IReadOnlyList<CheckState> Checks => [.. _checks.Values.OrderBy(check => check.Name, StringComparer.Ordinal)];

    /// <summary>Failed steps of each loop since the start.</summary>
    public IReadOnlyDictionary<string, long> LoopFailures => _allFailures;

    /// <summary>Whether every check has run.</summary>
    public bool HaveAllRun => !_checks.IsEmpty && _expected.All(_checks.ContainsKey);

    /// <summary>Whether every check has run and none found anything critical.</summary>
    public bool IsReady => HaveAllRun && _checks.Values.All(check => check.Worst is not AlertSeverity.Critical);

    /// <summary>Names the checks that there are: until each has run, nobody knows whether the node is ready.</summary>
    public void Expect(IReadOnlyList<string> checks) => _expected = checks;

    /// <summary>Notes what a check saw.</summary>
    public void Note(string check, CheckResult result)
    {
        _checks[check] = new CheckState(check, result, time.GetUtcNow());
        Alerts.Replace(check, result.Findings);
    }

    /// <summary>Notes that a loop's step did its work.</summary>
    public void Succeeded(string loop)
    {
        if (_failures.TryRemove(loop, out var failures) && failures >= FailuresBeforeAlert) Alerts.Over(AlertCode.LoopFails, loop);
    }

    /// <summary>Notes that a loop's step failed.</summary>
    public void Failed(string loop, string problem)
    {
        _allFailures.AddOrUpdate(loop, 1, (_, count) => count + 1);
        if (_failures.AddOrUpdate(loop, 1, (_, count) => count + 1) >= FailuresBeforeAlert) Alerts.Happened(AlertCode.LoopFails, loop, problem);
    }

    /// <summary>Notes what a transaction sender reports.</summary>
    public void Note(SenderAlert alert)
    {
        var subject = alert.Account.ToString();
        if (alert.Code != SenderAlertCode.Recovered) Alerts.Happened(AlertCodes.Of(alert.Code), subject, alert.Message);
        else foreach (var over in AlertCodes.MendedFunds) Alerts.Over(over, subject);
    }

    /// <summary>Notes what the chain's endpoints do.</summary>
    public void Note(EndpointAlert alert)
    {
        if (alert.Code != EndpointAlertCode.Recovered) Alerts.Happened(AlertCodes.Of(alert.Code), alert.Endpoint, alert.Message);
        else foreach (var over in AlertCodes.MendedEndpoint) Alerts.Over(over, alert.Endpoint);
    }
}
