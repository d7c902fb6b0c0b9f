using System.Globalization;
using Turnpike.Agent.Status;

namespace Turnpike.Cli.Agents;

/// <summary>An agent's status for a person.</summary>
internal static class AgentStatusText
{
    public static void Write(AgentStatus status, DateTimeOffset now, TextWriter output)
    {
        string Ago(DateTimeOffset? at) => at is { } then ? $"{Math.Max(0, (now - then).TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} s ago" : "never";
        output.WriteLine($"device       {status.Device}");
        output.WriteLine($"registered   {status.Registration}; network {status.Network}");
        output.WriteLine($"agent        {status.Software}, since {status.StartedAt:u}, listens at {status.Listen}");
        foreach (var forwarder in status.Forwarders)
        {
            output.WriteLine($"forwarder    {forwarder.Gateway}: version {forwarder.Version}, PUSH_DATA {Ago(forwarder.LastPush)}, PULL_DATA {Ago(forwarder.LastPull)}");
            output.WriteLine($"             {forwarder.Frames} frames taken, {forwarder.BadCrc} bad CRC, {forwarder.NoCrc} without CRC, {forwarder.Unreadable} unreadable, {forwarder.Repeated} twice; {forwarder.Sent} sent");
        }
        if (status.Forwarders.Count == 0) output.WriteLine("forwarder    none heard yet");
        output.WriteLine($"node         {status.Leg.Node}: {status.Leg.State} since {status.Leg.Since:u}{(status.Leg.Attempts > 0 ? $", {status.Leg.Attempts} attempts" : "")}");
        if (status.Leg.RoundTripMilliseconds is { } trip) output.WriteLine(FormattableString.Invariant($"line         round trip {trip} ms, node's clock {status.Leg.ClockOffsetMilliseconds:+0;-0;0} ms from this machine's; {status.Leg.Taken} frames taken, {status.Leg.InFlight} on their way"));
        if (status.Leg.LastEnd is { } end) output.WriteLine($"last end     {Ago(status.Leg.LastEndAt)}: {end.Code} {end.Name}: {end.Detail}");
        output.WriteLine(FormattableString.Invariant($"spool        {status.Spool.Frames} frames, {status.Spool.Bytes / 1048576.0:0.0} of {status.Spool.MaximumBytes / 1048576} MiB") + (status.Spool.OldestHeardAt is { } oldest ? $", oldest heard {Ago(oldest)}" : "") + (status.Spool.RefusedFull > 0 ? $", {status.Spool.RefusedFull} refused" : ""));
        var downlinks = status.Downlinks;
        output.WriteLine($"downlinks    {downlinks.Asked} asked, {downlinks.Sent} sent ({downlinks.InSecondWindow} in RX2), {downlinks.TooLate} too late, {downlinks.Refused} refused, {downlinks.Unanswered} unanswered, {downlinks.NoForwarder} without forwarder");
        if (status.Reports is { } reports) output.WriteLine($"reports      {reports.Signed} packets signed, {reports.Unsigned} to sign; {reports.Pieces} pieces wait for the chain, {reports.WithoutReceipt} for a receipt; {reports.Dropped} dropped");
        foreach (var refusal in status.Refusals) output.WriteLine($"counted      {refusal.Count} x {refusal.Code} {refusal.Name}, last {Ago(refusal.LastAt)}{(refusal.Detail.Length > 0 ? ": " + refusal.Detail : "")}");
        foreach (var problem in status.Problems)
        {
            output.WriteLine($"problem      {problem.Code} {problem.Name}{(problem.Detail.Length > 0 ? ": " + problem.Detail : "")}");
            output.WriteLine($"             {problem.Advice}");
        }
        if (status.Ok) output.WriteLine("all is well");
    }
}
