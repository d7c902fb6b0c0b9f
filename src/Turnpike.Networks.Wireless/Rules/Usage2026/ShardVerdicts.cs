using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Judges a shard device by device: a device's reports in the order of their pieces, and within a piece in its own order.</summary>
internal sealed class ShardVerdicts(Usage2026Parameters parameters, EpochInputs inputs, EvidenceShard shard)
{
    private readonly ShardReading _reading = ShardReading.Of(parameters, inputs, shard);
    private readonly RecentSales _sales = new();
    private int _carried;

    public PartialOutcome Judge()
    {
        var tallies = new List<DeviceTally>();
        var tally = new TallyBuilder();
        var lines = new CarriedLines();
        foreach (var group in ReportGroups.Of(_reading, inputs.Registry.Devices))
        {
            _sales.Begin(CarriedLineOf(group.Device));
            var device = RegisteredAs(group);
            foreach (ref readonly var packet in group.Reports.Span)
            {
                var code = Judge(device, packet);
                tally.Count(code, ReportsOf(packet));
                if (code == VerdictCode.Accepted) tally.AddSale(_reading.Orders[packet.Order].Organisation, CreditsFor(packet.PayloadBytes));
            }
            tallies.Add(tally.Build(group.Device));
            // What is received as early as this epoch's start counts in the next.
            lines.Add(group.Device, _sales.Kept(inputs.StartsAt, parameters.RetransmissionWindow));
        }
        return new PartialOutcome { Devices = tallies, Clones = shard.Clones, Seen = shard.Seen, Pack = lines.Lines };
    }

    public IReadOnlyList<ReportVerdict> Explain(DeviceId device)
    {
        var group = ReportGroups.Of(_reading, inputs.Registry.Devices).FirstOrDefault(group => group.Device == device);
        _sales.Begin(CarriedLineOf(device));
        var registered = RegisteredAs(group);
        var verdicts = new List<ReportVerdict>();
        foreach (ref readonly var packet in group.Reports.Span)
        {
            var (piece, code) = (_reading.Pieces[packet.Piece].Piece, Judge(registered, packet));
            verdicts.Add(code == VerdictCode.Accepted
                ? new ReportVerdict(piece, packet.Index, device, code, _reading.Orders[packet.Order].Organisation, CreditsFor(packet.PayloadBytes))
                : new ReportVerdict(piece, packet.Index, device, code, Address.Zero, 0) { Reports = ReportsOf(packet) });
        }
        return verdicts;
    }

    private RegisteredDevice? RegisteredAs(in ReportGroup group) => group.Reports.IsEmpty || group.Rank < 0 ? null : inputs.Registry.Devices.At(group.Rank);

    private VerdictCode Judge(RegisteredDevice? device, in PacketFacts packet)
    {
        ref readonly var facts = ref _reading.Pieces[packet.Piece];
        if (facts.Reading != VerdictCode.Accepted) return facts.Reading;
        var registered = RegisteredRule.Judge(packet.IsOfStranger ? null : device);
        if (registered != VerdictCode.Accepted) return registered;
        if (facts.Standing != VerdictCode.Accepted) return facts.Standing;
        if (facts.Tally is { } refused) return refused.CodeAt(packet.Index);
        var retransmission = RetransmissionRule.Judge(_sales, packet.Packet, facts.ReceivedAt, parameters);
        if (retransmission != VerdictCode.Accepted) return retransmission;
        var order = _reading.Orders[packet.Order].Order;
        if (order == VerdictCode.Accepted) _sales.Record(packet.Packet, facts.ReceivedAt);
        return order;
    }

    // A tally's record stands for as many packets as it counts, once it is read; what is refused for its form or as a copy is one report.
    private ulong ReportsOf(in PacketFacts packet)
    {
        ref readonly var facts = ref _reading.Pieces[packet.Piece];
        return facts.Tally is { } refused && facts.Reading == VerdictCode.Accepted ? refused.PacketsAt(packet.Index) : 1;
    }

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
