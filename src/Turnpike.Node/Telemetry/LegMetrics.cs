using System.Diagnostics.Metrics;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Leg: hotspots' agents and their frames.</summary>
public sealed class LegMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _again;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _downlinks;

    internal LegMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Turnpike.Leg");
        _frames = _meter.CreateCounter<long>("turnpike.leg.frames", "{frame}", "Frames handed to the router, each once.");
        _again = _meter.CreateCounter<long>("turnpike.leg.again", "{frame}", "Frames that an agent was asked to send again, by code.");
        _ended = _meter.CreateCounter<long>("turnpike.leg.ended", "{connection}", "Connections refused or ended by the node, by code.");
        _downlinks = _meter.CreateCounter<long>("turnpike.leg.downlinks", "{frame}", "Frames to send, by what the forwarder said; 'none' where it did not say.");
    }

    internal void NoteFrame() => _frames.Add(1);

    internal void NoteAgain(VerdictCode code) => _again.Add(1, new("code", (int)code.Number), new("name", code.Name));

    internal void NoteEnd(VerdictCode code) => _ended.Add(1, new("code", (int)code.Number), new("name", code.Name));

    internal void NoteDownlink(TxResult? result) => _downlinks.Add(1, new KeyValuePair<string, object?>("result", result is { } said ? said.ToString() : "none"));

    internal void Observe(Func<int> connections, Func<int> inHand)
    {
        _meter.CreateObservableGauge("turnpike.leg.connections", connections, "{connection}", "Agents connected now.");
        _meter.CreateObservableGauge("turnpike.leg.in_hand", inHand, "{frame}", "Frames that the router has not decided yet.");
    }
}
