using Turnpike.Agent.Forwarders;
using Turnpike.Agent.Leg;
using Turnpike.Core;

namespace Turnpike.Agent.Status;

/// <summary>What of an agent's state needs doing. Pure.</summary>
internal static class AgentHealth
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ForwarderSilence = TimeSpan.FromMinutes(2);
    private const long TolerableClockError = 10_000;

    public static IEnumerable<AgentProblem> Problems(LegView leg, IReadOnlyList<ForwarderView> forwarders, AgentCounts counts, long damagedBytes, DateTimeOffset startedAt, DateTimeOffset now)
    {
        if (leg.State != LegState.Connected && leg.Last is { } last) yield return Of(last.Code, last.Detail);
        // A moment to start in.
        if (now - startedAt > ForwarderSilence && !forwarders.Any(forwarder => now - (Newest(forwarder) ?? DateTimeOffset.MinValue) < ForwarderSilence)) yield return Of(AgentCodes.ForwarderSilent, forwarders.Count == 0 ? "none since the start" : $"last at {forwarders.Max(Newest):u}");
        if (leg.ClockOffsetMilliseconds is { } offset && Math.Abs(offset) > TolerableClockError) yield return Of(AgentCodes.ClockWrong, $"{offset / 1000.0:0.0} s");
        foreach (var code in (VerdictCode[])[AgentCodes.SpoolFull, AgentCodes.SpoolFails, AgentCodes.ReportsWait, AgentCodes.NoForwarder])
            if (counts.Since(code, now - Recent) is { } seen) yield return Of(code, $"{counts[code]} times, last at {seen.At:u} {seen.Detail}".TrimEnd());
        if (damagedBytes > 0) yield return Of(AgentCodes.SpoolDamaged, $"{damagedBytes} bytes");
    }

    public static AgentProblem Of(VerdictCode code, string detail) => new(code.Number, code.Name, detail, code.Description);

    private static DateTimeOffset? Newest(ForwarderView forwarder) => new[] { forwarder.LastPush, forwarder.LastPull }.Max();
}
