using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Judges a shard device by device: a device's reports in the order of their pieces, and within a piece in its own order.</summary>
internal sealed class ShardVerdicts(Usage2026Parameters parameters, EpochInputs inputs, EvidenceShard shard)
{
    private static readonly IPacketRule[] Rules = [new RegisteredRule(), new TrustRule(), new FreshRule(), new RetransmissionRule(), new OrderRule()];

    private readonly PieceForm?[] _forms = new PieceForm?[shard.Pieces.Count];
    private readonly PieceCopies _copies = PieceCopies.Of(shard.Pieces);
    private readonly RecentSales _sales = new();
    private int _carried;

    public PartialOutcome Judge()
    {
        var tallies = new List<DeviceTally>();
        var tally = new TallyBuilder();
        var lines = new CarriedLines();
        foreach (var group in ReportGroups.Of(shard, inputs.Registry.Devices))
        {
            _sales.Begin(CarriedLineOf(group.Device));
            foreach (var place in group.Reports.Span)
            {
                var verdict = Judge(group, place);
                tally.Add(verdict.Code, verdict.Customer, verdict.Credits);
            }
            tallies.Add(tally.Build(group.Device));
            // What is received as early as this epoch's start counts in the next.
            lines.Add(group.Device, _sales.Kept(inputs.StartsAt, parameters.RetransmissionWindow));
        }
        return new PartialOutcome { Devices = tallies, Clones = shard.Clones, Seen = shard.Seen, Pack = lines.Lines };
    }

    public IReadOnlyList<ReportVerdict> Explain(DeviceId device)
    {
        var group = ReportGroups.Of(shard, inputs.Registry.Devices).FirstOrDefault(group => group.Device == device);
        _sales.Begin(CarriedLineOf(device));
        var verdicts = new List<ReportVerdict>();
        foreach (var place in group.Reports.Span) verdicts.Add(Judge(group, place));
        return verdicts;
    }

    private ReportVerdict Judge(in ReportGroup group, ReportPlace place)
    {
        var (piece, replay) = shard.Pieces[place.Piece];
        var form = _forms[place.Piece] ??= PieceForm.Of(piece, inputs);
        var code = form.Code != VerdictCode.Accepted ? form.Code : replay;
        if (code != VerdictCode.Accepted) return new ReportVerdict(piece, place.Index, group.Device, code, Address.Zero, 0);
        // A router's report about a device that nobody registered counts with the router.
        RegisteredDevice? device = group.Rank >= 0 && form.DeviceAt(place.Index, piece) == group.Device ? inputs.Registry.Devices.At(group.Rank) : null;
        var (packet, organisation) = (form.PacketAt(place.Index), form.OrganisationOf(place.Index));
        var meter = form.Meter;
        if (CopyFor(piece, meter, organisation) is { } metered) (piece, meter) = (metered, metered.Gateway);
        var facts = new PacketCase(piece, device, organisation, meter, _sales.IsNear(packet, piece.ReceivedTime, parameters.RetransmissionWindow), inputs, parameters);
        foreach (var rule in Rules)
        {
            code = rule.Judge(facts);
            if (code != VerdictCode.Accepted) return new ReportVerdict(piece, place.Index, group.Device, code, Address.Zero, 0);
        }
        _sales.Record(packet, piece.ReceivedTime);
        return new ReportVerdict(piece, place.Index, group.Device, VerdictCode.Accepted, organisation, CreditsFor(form.PayloadBytesOf(place.Index)));
    }

    // A device may hand a piece to two gateways. Where the customer trusts one gateway's meter, that gateway's copy stands for the report, whoever received it first.
    private EvidencePiece? CopyFor(EvidencePiece first, Address meter, Address organisation) =>
        meter == first.Gateway && inputs.Orders.TryGet(organisation, Usage2026Pack.Service, inputs.Epoch, out var order) && !order.Meter.IsZero && order.Meter != meter && _copies.TryGet(first.Identity, order.Meter, out var metered)
            ? metered
            : null;

    // Devices come in the order of the carried lines, so the place is found by going on.
    private ReadOnlySpan<byte> CarriedLineOf(DeviceId device)
    {
        var lines = inputs.Carry.Pack;
        if (_carried == 0) _carried = FirstFrom(device);
        for (; _carried < lines.Count; _carried++)
        {
            var order = CarriedSales.DeviceOf(lines[_carried].Span).CompareTo(device);
            if (order == 0) return lines[_carried].Span;
            if (order > 0) break;
        }
        return [];
    }

    private int FirstFrom(DeviceId device)
    {
        var (low, high) = (0, inputs.Carry.Pack.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (CarriedSales.DeviceOf(inputs.Carry.Pack[middle].Span).CompareTo(device) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    // Helium: ceil(max(bytes, 24) / 24) credits a copy.
    private UInt128 CreditsFor(uint bytes)
    {
        ulong unit = parameters.BytesPerCredit;
        var charged = Math.Max(bytes, unit);
        return (charged + unit - 1) / unit * Usage2026Pack.CreditsPerUnit;
    }
}
