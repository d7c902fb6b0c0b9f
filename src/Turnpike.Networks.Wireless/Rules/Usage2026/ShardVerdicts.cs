using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Judges the pieces of a shard in order of receipt, and the reports of each piece in its own order.</summary>
internal sealed class ShardVerdicts
{
    private static readonly IPacketRule[] Rules = [new RegisteredRule(), new TrustRule(), new FreshRule(), new RetransmissionRule(), new OrderRule()];

    private readonly Usage2026Parameters _parameters;
    private readonly EpochInputs _inputs;
    private readonly RecentSales _sales;
    private readonly PieceCopies _copies;

    public ShardVerdicts(Usage2026Parameters parameters, EpochInputs inputs, IReadOnlySet<DeviceId> devices, IReadOnlyList<ReplayVerdict> replays)
    {
        _parameters = parameters;
        _inputs = inputs;
        _sales = RecentSales.Of(inputs.Carry, devices);
        _copies = PieceCopies.Of(replays);
    }

    // What is received as early as this epoch's start counts in the next.
    public IReadOnlyList<string> CarriedSales => _sales.ToLines(_inputs.StartsAt, _parameters.RetransmissionWindow);

    public IEnumerable<ReportVerdict> Judge(ReplayVerdict replay)
    {
        var piece = replay.Piece;
        if (piece.Kind != PacketReport.Kind || !PacketReport.TryDecode(piece.Body, out var packets))
        {
            yield return new ReportVerdict(piece, 0, piece.Kind == PacketReport.Kind ? VerdictCode.Malformed : VerdictCode.UnknownKind, Address.Zero, 0);
            yield break;
        }
        for (var i = 0; i < packets.Count; i++)
            yield return replay.Code == VerdictCode.Accepted ? Judge(CopyFor(piece, packets[i]), i, packets[i]) : new ReportVerdict(piece, i, replay.Code, Address.Zero, 0);
    }

    // A device may hand a piece to two gateways. Where the customer trusts one gateway's meter, that gateway's copy stands for the report, whoever received it first.
    private EvidencePiece CopyFor(EvidencePiece first, PacketReport packet) =>
        _inputs.Orders.TryGet(packet.Organisation, Usage2026Pack.Service, _inputs.Epoch, out var order) && !order.Meter.IsZero && order.Meter != first.Gateway && _copies.TryGet(first.Identity, order.Meter, out var metered)
            ? metered
            : first;

    private ReportVerdict Judge(EvidencePiece piece, int index, PacketReport packet)
    {
        var facts = new PacketCase(piece, packet, _inputs, _parameters, _sales.IsNear(piece.Device, packet.PayloadHash, piece.ReceivedTime, _parameters.RetransmissionWindow));
        foreach (var rule in Rules)
        {
            var code = rule.Judge(facts);
            if (code != VerdictCode.Accepted) return new ReportVerdict(piece, index, code, Address.Zero, 0);
        }
        _sales.Record(piece.Device, packet.PayloadHash, piece.ReceivedTime);
        return new ReportVerdict(piece, index, VerdictCode.Accepted, packet.Organisation, CreditsFor(packet.PayloadBytes));
    }

    // Helium: ceil(max(bytes, 24) / 24) credits a copy.
    private UInt128 CreditsFor(uint bytes)
    {
        ulong unit = _parameters.BytesPerCredit;
        var charged = Math.Max(bytes, unit);
        return (charged + unit - 1) / unit * Usage2026Pack.CreditsPerUnit;
    }
}
