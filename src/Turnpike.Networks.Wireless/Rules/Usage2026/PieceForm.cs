using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>What a piece holds: a hotspot's own reports, a router's batch of what it bought, its tally of what it refused, or one report that is refused for its form.</summary>
internal sealed class PieceForm
{
    private readonly IReadOnlyList<PacketReport>? _reports;
    private readonly UsageBatch? _batch;

    private PieceForm(VerdictCode code, IReadOnlyList<PacketReport>? reports = null, UsageBatch? batch = null, RefusalTally? tally = null, Address meter = default) =>
        (Code, _reports, _batch, Tally, Meter) = (code, reports, batch, tally, meter);

    /// <summary>Accepted, or why nothing of the piece is read.</summary>
    public VerdictCode Code { get; }

    /// <summary>Who metered, as orders name it.</summary>
    public Address Meter { get; }

    /// <summary>What a router refused; null for other forms.</summary>
    public RefusalTally? Tally { get; }

    /// <summary>Whether a router reports about hotspots; else the signer reports about itself.</summary>
    public bool IsOfOthers => _batch is not null || Tally is not null;

    public int Count => _reports?.Count ?? _batch?.Count ?? Tally?.Count ?? 1;

    public static PieceForm Of(EvidencePiece piece, EpochInputs inputs)
    {
        if (piece.Kind == PacketReport.Kind)
            return PacketReport.TryDecode(piece.Body, out var reports) ? new PieceForm(VerdictCode.Accepted, reports, meter: piece.Gateway) : new PieceForm(VerdictCode.Malformed);
        if (piece.Kind is not (UsageBatch.Kind or RefusalTally.Kind)) return new PieceForm(VerdictCode.UnknownKind);
        // Before the body is read: else anybody's key could fill the outcome with reports about others.
        if (!IsRouter(piece.Device, inputs)) return new PieceForm(WirelessVerdicts.NotARouter);
        if (piece.Kind == RefusalTally.Kind) return RefusalTally.TryDecode(piece.Body, out var tally) ? new PieceForm(VerdictCode.Accepted, tally: tally) : new PieceForm(VerdictCode.Malformed);
        return UsageBatch.TryDecode(piece.Body, out var batch) ? new PieceForm(VerdictCode.Accepted, batch: batch, meter: UsageBatch.MeterOf(piece.Device)) : new PieceForm(VerdictCode.Malformed);
    }

    /// <summary>Whom a router's record is about.</summary>
    public DeviceId DeviceAt(int index) => _batch?.DeviceAt(index) ?? Tally!.DeviceAt(index);

    public PacketKey PacketAt(int index) => PacketKey.Of(_batch?.PayloadHashAt(index) ?? _reports![index].PayloadHash, OrganisationOf(index));

    public Address OrganisationOf(int index) => _batch?.OrganisationOf(index) ?? _reports![index].Organisation;

    public byte PayloadBytesOf(int index) => _batch?.PayloadBytesOf(index) ?? _reports![index].PayloadBytes;

    private static bool IsRouter(DeviceId device, EpochInputs inputs) =>
        inputs.Registry.Devices.TryGetValue(device, out var registered) && registered is { Kind: WirelessDevices.Router, Active: true };
}
