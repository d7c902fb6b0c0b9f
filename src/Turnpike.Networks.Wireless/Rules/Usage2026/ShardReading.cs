using System.Runtime.InteropServices;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// Reads a shard's reports out of their pieces, in the order in which they lie in memory, so that judging them device by device touches the pieces no more.
/// </summary>
internal sealed class ShardReading
{
    private readonly Usage2026Parameters _parameters;
    private readonly EpochInputs _inputs;
    private readonly PieceCopies _copies;
    private readonly List<PieceFacts> _pieces = [];
    private readonly List<OrderFacts> _orders = [];
    private readonly Dictionary<(Address Organisation, Address Meter), int> _orderIndex = [];
    private int _current;

    private ShardReading(Usage2026Parameters parameters, EpochInputs inputs, EvidenceShard shard)
    {
        (_parameters, _inputs) = (parameters, inputs);
        _copies = PieceCopies.Of(shard.Pieces);
        Packets = new PacketFacts[shard.Reports.Length];
        Read(shard);
    }

    /// <summary>The reports, in the shard's order.</summary>
    public PacketFacts[] Packets { get; }

    public ReadOnlySpan<PieceFacts> Pieces => CollectionsMarshal.AsSpan(_pieces);

    public ReadOnlySpan<OrderFacts> Orders => CollectionsMarshal.AsSpan(_orders);

    public static ShardReading Of(Usage2026Parameters parameters, EpochInputs inputs, EvidenceShard shard) => new(parameters, inputs, shard);

    private void Read(EvidenceShard shard)
    {
        var (number, form) = (-1, default(PieceForm)!);
        var reports = shard.Reports.Span;
        for (var i = 0; i < reports.Length; i++)
        {
            var report = reports[i];
            if (report.Piece != number)
            {
                number = report.Piece;
                form = Begin(shard.Pieces[number]);
            }
            Packets[i] = Read(report, form);
        }
    }

    private PieceForm Begin(ReplayVerdict replay)
    {
        var form = PieceForm.Of(replay.Piece, _inputs);
        _current = Add(replay.Piece, form.Code != VerdictCode.Accepted ? form.Code : replay.Code, form.Tally);
        return form;
    }

    private int Add(EvidencePiece piece, VerdictCode reading, RefusalTally? tally = null)
    {
        var trust = TrustRule.Judge(piece, _parameters);
        _pieces.Add(new PieceFacts(piece, piece.ReceivedTime, reading, trust != VerdictCode.Accepted ? trust : FreshRule.Judge(piece, _inputs), tally));
        return _pieces.Count - 1;
    }

    private PacketFacts Read(ReportPlace report, PieceForm form)
    {
        var at = _current;
        var index = checked((ushort)report.Index);
        if (_pieces[at].Reading != VerdictCode.Accepted) return new PacketFacts(default, report.Account, at, 0, index, 0, IsOfStranger: false);
        var stranger = form.IsOfOthers && !IsRegistered(form.DeviceAt(report.Index), report.Account);
        if (form.Tally is not null) return new PacketFacts(default, report.Account, at, 0, index, 0, stranger);
        var organisation = form.OrganisationOf(report.Index);
        var meter = form.Meter;
        if (!form.IsOfOthers && CopyFor(_pieces[at].Piece, organisation) is { } copy) (at, meter) = (Add(copy, VerdictCode.Accepted), copy.Gateway);
        return new PacketFacts(form.PacketAt(report.Index), report.Account, at, OrderOf(organisation, meter), index, form.PayloadBytesOf(report.Index), stranger);
    }

    private bool IsRegistered(DeviceId device, int account) => account != ReportPlace.Signer && _inputs.Registry.Devices.IdAt(account) == device;

    private int OrderOf(Address organisation, Address meter)
    {
        if (_orderIndex.TryGetValue((organisation, meter), out var known)) return known;
        _orders.Add(new OrderFacts(organisation, OrderRule.Judge(organisation, meter, _inputs)));
        return _orderIndex[(organisation, meter)] = _orders.Count - 1;
    }

    // A device may hand a piece to two gateways. Where the customer trusts one gateway's meter, that gateway's copy stands for the report, whoever received it first.
    private EvidencePiece? CopyFor(EvidencePiece first, Address organisation) =>
        _inputs.Orders.TryGet(organisation, Usage2026Pack.Service, _inputs.Epoch, out var order) && !order.Meter.IsZero && order.Meter != first.Gateway && _copies.TryGet(first.Identity, order.Meter, out var metered)
            ? metered
            : null;
}
