using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Turnpike.Node.Operations;

namespace Turnpike.Node.Api;

/// <summary>What one check saw.</summary>
/// <param name="Name">The check.</param>
/// <param name="State">ok, notice, warning or critical.</param>
/// <param name="Text">What it saw.</param>
/// <param name="Problems">What is wrong, a sentence each.</param>
/// <param name="Actions">What to do, a sentence each.</param>
public sealed record CheckView(string Name, string State, string Text, IReadOnlyList<string> Problems, IReadOnlyList<string> Actions)
{
    internal static CheckView Of(CheckState check) => new(check.Name, check.Worst?.ToString().ToLowerInvariant() ?? "ok", check.Result.Text,
        [.. check.Result.Findings.Select(finding => finding.Text)], [.. check.Result.Findings.Select(finding => AlertCodes.Describe(finding.Code).Action).Distinct()]);
}

/// <summary>Whether a node can do its work, and if not, what is wrong and what to do.</summary>
/// <param name="Ready">False while any check is critical or has not run.</param>
/// <param name="Summary">All of it in a sentence.</param>
/// <param name="Checks">Every check.</param>
public sealed record HealthView(bool Ready, string Summary, IReadOnlyList<CheckView> Checks)
{
    internal static HealthView Of(NodeWatch watch)
    {
        var checks = watch.Checks.Select(CheckView.Of).ToList();
        var critical = checks.Where(check => check.State == "critical").ToList();
        var summary = critical.Count > 0 ? string.Join(" ", critical.SelectMany(check => check.Problems)) : !watch.HaveAllRun ? "the checks have not all run yet" : checks.Any(check => check.State == "warning") ? "ready, with warnings" : "ready";
        return new HealthView(watch.IsReady, summary, checks);
    }
}

/// <summary>An open alert.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Severity">notice, warning or critical.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">What is the matter.</param>
/// <param name="Action">What to do.</param>
/// <param name="Since">When it was raised.</param>
/// <param name="LastSeen">When it was last confirmed.</param>
/// <param name="Times">How often.</param>
public sealed record AlertView(int Code, string Name, string Severity, string Subject, string Text, string Action, DateTimeOffset Since, DateTimeOffset LastSeen, int Times)
{
    internal static AlertView Of(Alert alert)
    {
        var described = AlertCodes.Describe(alert.Code);
        return new AlertView((int)alert.Code, described.Name, described.Severity.ToString().ToLowerInvariant(), alert.Subject, alert.Text, described.Action, alert.Since, alert.LastSeen, alert.Times);
    }
}

/// <summary>Liveness, readiness, alerts. All of them answer from memory: the checks run by themselves.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("alive")).ExcludeFromDescription();
        routes.MapGet("/health/ready", (NodeContext node) => Ready(HealthView.Of(node.Watch)))
            .Produces<HealthView>().WithTags("operations").WithSummary("Whether the node can do its work; 503 when it cannot, with what is wrong and what to do.");
        routes.MapGet("/v1/alerts", (NodeContext node) => node.Watch.Alerts.Open.Select(AlertView.Of).ToList()).WithTags("operations").WithSummary("Open alerts, the worst first.");
    }

    private static IResult Ready(HealthView health) => Results.Json(health, statusCode: health.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
