using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>
/// Pays for delivered LoRaWAN data and nothing else, as Helium IoT does since HIP-149 (2026).
/// <para>
/// Each copy of a packet that a registered gateway delivers to an organisation with an order costs the organisation ceil(max(bytes, 24) / 24) credits.
/// An organisation is charged no more than its order's cap and its deposit allow; beyond that every gateway's units for it are cut in the same proportion,
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
    public PartialOutcome Verdicts(IReadOnlyList<EvidencePiece> shard, EpochInputs inputs)
    {
        var (replays, clones, seen) = JudgeReplays(shard, inputs);
        var verdicts = new ShardVerdicts(_parameters, inputs, DevicesOf(shard), replays);
        var tallies = new Dictionary<DeviceId, TallyBuilder>();
        foreach (var replay in replays)
        {
            if (!tallies.TryGetValue(replay.Piece.Device, out var tally)) tallies[replay.Piece.Device] = tally = new TallyBuilder(replay.Piece.Device);
            foreach (var verdict in verdicts.Judge(replay)) tally.Add(verdict);
        }
        return new PartialOutcome
        {
            Devices = tallies.Values.OrderBy(tally => tally.Device).Select(tally => tally.Build()).ToList(),
            Clones = clones,
            Seen = seen,
            Pack = verdicts.CarriedSales,
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<ReportVerdict> Explain(IReadOnlyList<EvidencePiece> shard, EpochInputs inputs)
    {
        var (replays, _, _) = JudgeReplays(shard, inputs);
        var verdicts = new ShardVerdicts(_parameters, inputs, DevicesOf(shard), replays);
        return replays.SelectMany(verdicts.Judge).ToList();
    }

    /// <inheritdoc/>
    public EpochOutcome Settle(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs)
    {
        var tallies = partials.SelectMany(partial => partial.Devices).OrderBy(tally => tally.Device).ToList();
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
            Carry = CarryForward(partials, payout, bill, inputs),
        };
    }

    private CarryOver CarryForward(IReadOnlyList<PartialOutcome> partials, Payout payout, Billing bill, EpochInputs inputs) => new()
    {
        Rewards = payout.Rewards.Select(line => new AccountTotal(line.Account, line.Cumulative.BaseUnits)).ToList(),
        Charges = bill.Charges.Select(line => new AccountTotal(line.Customer, line.Cumulative)).ToList(),
        Orders = inputs.Orders.Orders.ToList(),
        Seen = ReplayRule.Remember(inputs.Carry, partials.SelectMany(partial => partial.Seen), inputs.Epoch),
        Pack = StillCarried(partials, inputs).Order(StringComparer.Ordinal).ToList(),
    };

    // Devices without evidence in this epoch appear in no shard: their carried sales stay as long as a copy that the next epoch counts can be near to them.
    private IEnumerable<string> StillCarried(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs)
    {
        var judged = partials.SelectMany(partial => partial.Devices).Select(tally => tally.Device).ToHashSet();
        var silent = RecentSales.Except(inputs.Carry, judged).ToLines(inputs.StartsAt, _parameters.RetransmissionWindow);
        return partials.SelectMany(partial => partial.Pack).Concat(silent);
    }

    // The time of receipt is a gateway's word, and any gateway can list another's pieces again: copies with an impossible time come last, so that they never stand
    // for a piece that an honest gateway lists too.
    private static (IReadOnlyList<ReplayVerdict> Verdicts, IReadOnlyList<CloneFault> Clones, IReadOnlyList<SeenSequence> Seen) JudgeReplays(IReadOnlyList<EvidencePiece> shard, EpochInputs inputs)
    {
        var length = inputs.EndsAt - inputs.StartsAt;
        return ReplayRule.Judge(shard, inputs.Carry, inputs.Epoch, (left, right) =>
        {
            var byPossibility = IsImpossible(left).CompareTo(IsImpossible(right));
            return byPossibility != 0 ? byPossibility : EvidencePiece.CompareByReceipt(left, right);
        });

        bool IsImpossible(EvidencePiece piece) => piece.ReceivedTime < inputs.StartsAt - length || piece.ReceivedTime >= inputs.EndsAt + length;
    }

    private static HashSet<DeviceId> DevicesOf(IReadOnlyList<EvidencePiece> shard) => shard.Select(piece => piece.Device).ToHashSet();
}
