using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// Pays for delivered LoRaWAN data and nothing else, as Helium IoT does since HIP-149 (2026).
/// <para>
/// A packet is reported by the hotspot that heard it, metered by the gateway that received the report, or by a router that bought it, metered by that router itself: one
/// signature for many hotspots' packets. What a router did not buy it counts by hotspot and reason; such a tally becomes verdicts of the hotspot and pays nothing. Each copy of a packet that a registered hotspot delivers to an organisation with an order costs the organisation ceil(max(bytes, 24) / 24) credits.
/// An organisation is charged no more than its order's cap and its deposit allow; beyond that every hotspot's units for it are cut in the same proportion,
/// to within one credit, and the rest is "unpaid". The data pool pays min(value of the credits charged at the epoch's price, pool), shared pro rata to credits.
/// The operations fund takes its own share, all that the data pool leaves and all rounding remainders; the other pools take their shares.
/// </para>
/// Guarantees (each a property test): rewards sum to the emission exactly; equal units earn equal amounts; the number and order of shards and the order of pieces do not
/// matter; a customer is never charged beyond deposit or cap, and exactly what devices are credited with; nothing is paid without an order; a signed piece is paid once
/// ever, whatever gateways say of its time; of an epoch's copies of a piece, that through the meter which an order names counts for its customer; two sold copies of a
/// packet through one device lie more than the retransmission window apart.
/// </summary>
public sealed class Usage2026Pack : IRulePack
{
    /// <summary>The service that orders name.</summary>
    public const string Service = "lorawan-data";

    /// <summary>Credits for one started unit of payload.</summary>
    public const ulong CreditsPerUnit = 1;

    private readonly Usage2026Parameters _parameters;

    /// <summary>A pack with a network's parameters.</summary>
    /// <exception cref="ArgumentException">The parameters contradict themselves.</exception>
    public Usage2026Pack(Usage2026Parameters parameters)
    {
        parameters.Validate();
        _parameters = parameters;
    }

    /// <inheritdoc/>
    public string Id => Usage2026Names.Id;

    /// <inheritdoc/>
    public Bytes32 SourceHash => Usage2026Source.Hash;

    /// <inheritdoc/>
    public ReplayOutcome JudgeReplays(IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs)
    {
        // The time of receipt is a gateway's word, and any gateway can list another's pieces again: copies with an impossible time come last, so that they never stand
        // for a piece that an honest gateway lists too.
        var length = inputs.EndsAt - inputs.StartsAt;
        return ReplayRule.Judge(pieces, inputs.Carry, inputs.Epoch, (left, right) =>
        {
            var byPossibility = IsImpossible(left).CompareTo(IsImpossible(right));
            return byPossibility != 0 ? byPossibility : EvidencePiece.CompareByReceipt(left, right);
        });

        bool IsImpossible(EvidencePiece piece) => piece.ReceivedTime < inputs.StartsAt - length || piece.ReceivedTime >= inputs.EndsAt + length;
    }

    /// <inheritdoc/>
    public void FindAccounts(EvidencePiece piece, EpochInputs inputs, List<int> accounts)
    {
        var registry = inputs.Registry.Devices;
        var form = PieceForm.Of(piece, inputs);
        var signer = Math.Max(registry.RankOf(piece.Device), ReportPlace.Signer);
        for (var i = 0; i < form.Count; i++)
        {
            var rank = form.IsOfOthers ? registry.RankOf(form.DeviceAt(i)) : signer;
            accounts.Add(rank >= 0 ? rank : signer);
        }
    }

    /// <inheritdoc/>
    public PartialOutcome Verdicts(EvidenceShard shard, EpochInputs inputs) => new ShardVerdicts(_parameters, inputs, shard).Judge();

    /// <inheritdoc/>
    public IReadOnlyList<ReportVerdict> Explain(DeviceId device, IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs) =>
        new ShardVerdicts(_parameters, inputs, EvidenceDivision.Of(this, pieces, inputs, shards: 1)[0]).Explain(device);

    /// <inheritdoc/>
    public EpochOutcome Settle(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs)
    {
        var ordered = partials.Where(partial => partial.Devices.Count > 0).OrderBy(partial => partial.Devices[0].Device).ToList();
        var tallies = new List<DeviceTally>(ordered.Sum(partial => partial.Devices.Count));
        foreach (var partial in ordered) tallies.AddRange(partial.Devices);
        var bill = Billing.Charge(tallies, inputs);
        var payout = Payout.Distribute(_parameters, tallies, bill, inputs);
        var clones = partials.SelectMany(partial => partial.Clones).OrderBy(fault => fault.Device).ThenBy(fault => fault.Boot).ThenBy(fault => fault.Sequence).ToList();
        return new EpochOutcome
        {
            Mint = inputs.Emission,
            Devices = payout.Devices,
            Pools = payout.Pools,
            Rewards = payout.Rewards,
            Charges = bill.Charges,
            Clones = clones,
            Carry = CarryForward(partials, StillCarried(ordered, tallies, inputs), payout, bill, inputs),
        };
    }

    private CarryOver CarryForward(IReadOnlyList<PartialOutcome> partials, IReadOnlyList<ReadOnlyMemory<byte>> sales, Payout payout, Billing bill, EpochInputs inputs) => new()
    {
        Rewards = Array.ConvertAll(payout.Rewards, line => new AccountTotal(line.Account, line.Cumulative.BaseUnits)),
        Charges = bill.Charges.Select(line => new AccountTotal(line.Customer, line.Cumulative)).ToList(),
        Orders = inputs.Orders.Orders.ToList(),
        Seen = ReplayRule.Remember(inputs.Carry, partials.SelectMany(partial => partial.Seen), inputs.Epoch),
        Pack = sales,
    };

    // Devices without evidence in this epoch appear in no shard: their carried sales stay as long as a copy that the next epoch counts can be near to them.
    private List<ReadOnlyMemory<byte>> StillCarried(IReadOnlyList<PartialOutcome> partials, IReadOnlyList<DeviceTally> judged, EpochInputs inputs)
    {
        var silent = new CarriedLines();
        var sales = new RecentSales();
        var next = 0;
        DeviceId? previous = null;
        foreach (var line in inputs.Carry.Pack)
        {
            var device = CarriedSales.DeviceOf(line.Span);
            if (previous is { } before && before.CompareTo(device) >= 0) throw new FormatException($"Lines of sold copies are sorted by device: {device} follows {before}.");
            previous = device;
            while (next < judged.Count && judged[next].Device.CompareTo(device) < 0) next++;
            if (next < judged.Count && judged[next].Device == device) continue;
            sales.Begin(line.Span);
            silent.Add(device, sales.Kept(inputs.StartsAt, _parameters.RetransmissionWindow));
        }
        return CarriedLines.Merge(partials.SelectMany(partial => partial.Pack), silent.Lines);
    }
}
