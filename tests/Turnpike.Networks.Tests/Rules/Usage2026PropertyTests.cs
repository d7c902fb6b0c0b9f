using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Evidence;
using Property = Turnpike.Core.Tests.Property;

namespace Turnpike.Networks.Tests.Rules;

/// <summary>The pack's guarantees, each over adverse histories of six epochs.</summary>
public sealed class Usage2026PropertyTests
{
    private const int Cases = 150;

    [Fact]
    public void Rewards_sum_to_the_emission_exactly_and_so_do_pools() => InEveryEpoch(settled =>
    {
        Assert.Equal(settled.Inputs.Emission, settled.Outcome.Mint);
        Assert.Equal(settled.Outcome.Mint, Amount.Sum([.. settled.Outcome.Rewards.Select(line => line.Amount)]));
        Assert.Equal(settled.Outcome.Mint, Amount.Sum([.. settled.Outcome.Pools.Select(line => line.Paid)]));
        var data = settled.Outcome.Pools[0];
        Assert.Equal(data.Available, data.Paid + data.PassedOn);
        Assert.Equal(data.Paid, Amount.Sum([.. settled.Outcome.Devices.Select(line => line.Amount)]));
        Assert.True(data.Dust <= data.PassedOn);
    });

    [Fact]
    public void Cumulative_amounts_are_sorted_and_grow_by_exactly_the_epochs_amount() => InEveryEpoch(settled =>
    {
        var (outcome, carry) = (settled.Outcome, settled.Inputs.Carry);
        Assert.Equal(outcome.Rewards.Select(line => line.Account).Order(), outcome.Rewards.Select(line => line.Account));
        Assert.Equal(outcome.Charges.Select(line => line.Customer).Order(), outcome.Charges.Select(line => line.Customer));
        Assert.All(outcome.Rewards, line => Assert.Equal(carry.Rewards.SingleOrDefault(total => total.Account == line.Account).Cumulative + line.Amount.BaseUnits, line.Cumulative.BaseUnits));
        Assert.All(outcome.Charges, line => Assert.Equal(carry.Charges.SingleOrDefault(total => total.Account == line.Customer).Cumulative + line.Charged, line.Cumulative));
        Assert.Empty(carry.Rewards.Select(total => total.Account).Except(outcome.Rewards.Select(line => line.Account)));
        Assert.Empty(carry.Charges.Select(total => total.Account).Except(outcome.Charges.Select(line => line.Customer)));
    });

    [Fact]
    public void Equal_units_earn_equal_amounts_and_more_units_no_less() => InEveryEpoch(settled =>
    {
        foreach (var left in settled.Outcome.Devices)
            foreach (var right in settled.Outcome.Devices.Where(right => left.Units >= right.Units))
            {
                Assert.True(left.Amount >= right.Amount);
                if (left.Units == right.Units) Assert.Equal(left.Amount, right.Amount);
            }
    });

    [Fact]
    public void Nobody_is_paid_more_than_his_units_are_worth() => InEveryEpoch(settled =>
    {
        if (settled.Inputs.Price.IsZero) Assert.All(settled.Outcome.Devices, line => Assert.True(line.Amount.IsZero));
        else Assert.All(settled.Outcome.Devices, line => Assert.True(line.Amount <= settled.Inputs.Price.AmountCeiling(new Credits(line.Units))));
    });

    [Fact]
    public void Customer_is_charged_within_deposit_and_cap_and_only_under_his_order() => InEveryEpoch(settled =>
    {
        foreach (var line in settled.Outcome.Charges.Where(line => line.Charged > 0))
        {
            Assert.True(settled.Inputs.Orders.TryGet(line.Customer, "lorawan-data", settled.Inputs.Epoch, out var order));
            Assert.True(line.Charged <= order.CapPerEpoch);
            Assert.True(line.Cumulative <= settled.Inputs.Registry.Deposits[line.Customer]);
        }
    });

    [Fact]
    public void Devices_are_credited_exactly_what_customers_are_charged_and_the_rest_is_unpaid() => InEveryEpoch(settled =>
    {
        Assert.Equal(Sum(settled.Outcome.Charges, line => line.Charged), Sum(settled.Outcome.Devices, line => line.Units));
        Assert.Equal(Sum(settled.Outcome.Charges, line => line.Unpaid), Sum(settled.Outcome.Devices, line => line.Unpaid));
        foreach (var line in settled.Outcome.Devices)
            Assert.Equal(Sum(settled.Accepted.Where(verdict => verdict.Device == line.Device), verdict => verdict.Credits), line.Units + line.Unpaid);
        foreach (var line in settled.Outcome.Charges)
            Assert.Equal(Sum(settled.Accepted.Where(verdict => verdict.Customer == line.Customer), verdict => verdict.Credits), line.Charged + line.Unpaid);
    });

    [Fact]
    public void Only_reports_that_every_rule_allows_are_accepted() => InEveryEpoch(settled =>
    {
        var (inputs, minimumTrust) = (settled.Inputs, settled.Trust);
        foreach (var (piece, index, device, _, customer, credits) in settled.Accepted)
        {
            Assert.True(inputs.Registry.Devices[device].Active);
            Assert.True(inputs.Registry.Devices[piece.Device].Active);
            var meter = piece.Gateway;
            if (piece.Kind == UsageBatch.Kind)
            {
                Assert.True(UsageBatch.TryDecode(piece.Body, out var batch));
                Assert.Equal((device, customer), (batch[index].Device, batch[index].Organisation));
                Assert.Equal(WirelessDevices.Router, inputs.Registry.Devices[piece.Device].Kind);
                meter = UsageBatch.MeterOf(piece.Device);
            }
            else
            {
                Assert.Equal(device, piece.Device);
            }
            Assert.True(piece.Trust >= minimumTrust);
            Assert.True(inputs.Orders.TryGet(customer, "lorawan-data", inputs.Epoch, out var order));
            Assert.True(order.Price >= 1 && (order.Meter.IsZero || order.Meter == meter));
            Assert.True(credits >= 1);
        }
        Assert.All(settled.Verdicts.Where(verdict => verdict.Code != VerdictCode.Accepted), verdict => Assert.True(verdict.Credits == 0 && verdict.Customer.IsZero));
    });

    /// <summary>The bytes that are published and hashed, whatever the machines that computed them had between them.</summary>
    [Fact]
    public void Number_and_order_of_shards_and_order_of_pieces_change_no_byte() => Property.Holds(
        from history in History.Histories
        from seed in Gen.Choose(0, int.MaxValue)
        select (history, seed),
        x =>
        {
            var chain = x.history.Begin();
            var random = new Random(x.seed);
            for (var epoch = 0; epoch < History.Epochs; epoch++)
            {
                var pieces = x.history.PiecesOf(epoch);
                var settled = chain.Settle(pieces);
                var expected = Publish(settled.Inputs, settled.Outcome);
                foreach (var count in new[] { 1, 2, 16 })
                {
                    var mixed = pieces.ToArray();
                    random.Shuffle(mixed);
                    var shards = EvidenceDivision.Of(chain.Pack, mixed, settled.Inputs, count).ToArray();
                    random.Shuffle(shards);
                    Assert.Equal(expected, Publish(settled.Inputs, chain.SettleIn(shards, settled.Inputs)));
                }
            }
        },
        Cases / 3);

    [Fact]
    public void Explanation_agrees_with_the_outcome_report_by_report_and_device_by_device() => InEveryEpoch(settled =>
    {
        foreach (var line in settled.Outcome.Devices)
        {
            var alone = settled.Pack.Explain(line.Device, settled.Pieces.Reverse().ToList(), settled.Inputs);
            Assert.Equal(settled.Verdicts.Where(verdict => verdict.Device == line.Device).Select(Facts), alone.Select(Facts));
            Assert.Equal(alone.GroupBy(verdict => verdict.Code).OrderBy(group => group.Key).Select(group => new VerdictCount(group.Key, (ulong)group.Sum(verdict => (long)verdict.Reports))), line.Verdicts);
        }
        Assert.Equal(settled.Verdicts.Select(verdict => verdict.Device).Distinct().Order(), settled.Outcome.Devices.Select(line => line.Device));
        Assert.Equal(settled.Pieces.Sum(ReportsOf), settled.Verdicts.Count(verdict => verdict.Code != WirelessVerdicts.NotARouter) + settled.Verdicts.Where(verdict => verdict.Code == WirelessVerdicts.NotARouter).Sum(verdict => ReportsOf(verdict.Piece)));
    });

    /// <summary>Whatever gateways say of the time, and however often and late the signed bytes are handed in.</summary>
    [Fact]
    public void Report_is_paid_once_in_all_epochs() => InEveryHistory((_, epochs) =>
    {
        var paid = new HashSet<(Bytes32, int)>();
        foreach (var verdict in epochs.SelectMany(settled => settled.Accepted)) Assert.True(paid.Add((verdict.Piece.Identity, verdict.Index)), $"{verdict.Piece.Identity} twice");
    });

    [Fact]
    public void Clones_of_one_epoch_are_not_paid_and_of_the_next_two_neither() => InEveryHistory((_, epochs) =>
    {
        for (var late = 0; late < epochs.Count; late++)
            for (var early = Math.Max(0, late - 2); early <= late; early++)
                foreach (var paid in epochs[late].Accepted.Select(verdict => verdict.Piece))
                    Assert.DoesNotContain(epochs[early].Pieces, other => KeyOf(other) == KeyOf(paid) && other.Identity != paid.Identity);
    });

    [Fact]
    public void Fault_is_published_for_every_clone_and_names_two_signed_things() => InEveryHistory((_, epochs) =>
    {
        var signed = epochs.SelectMany(settled => settled.Pieces).ToLookup(KeyOf, piece => piece.Identity);
        foreach (var settled in epochs)
        {
            var faults = settled.Outcome.Clones.ToDictionary(fault => (fault.Device, fault.Boot, fault.Sequence));
            Assert.All(settled.Verdicts.Where(verdict => verdict.Code == VerdictCode.Clone), verdict => Assert.Contains(KeyOf(verdict.Piece), faults.Keys));
            Assert.All(faults, fault => Assert.True(fault.Value.First != fault.Value.Second && signed[fault.Key].Contains(fault.Value.First) && signed[fault.Key].Contains(fault.Value.Second)));
        }
    });

    [Fact]
    public void Sold_copies_of_a_packet_through_a_device_lie_more_than_the_window_apart() => InEveryHistory((history, epochs) =>
    {
        foreach (var copies in epochs.SelectMany(settled => settled.Accepted).GroupBy(PacketOf))
        {
            var times = copies.Select(verdict => verdict.Piece.ReceivedTime).Order().ToList();
            for (var i = 1; i < times.Count; i++) Assert.True(times[i] - times[i - 1] > history.Window, $"{times[i - 1]} and {times[i]}");
        }
    });

    [Fact]
    public void Retransmission_is_refused_only_beside_a_sold_copy() => InEveryHistory((history, epochs) =>
    {
        var sold = epochs.SelectMany(settled => settled.Accepted).ToLookup(PacketOf, verdict => verdict.Piece.ReceivedTime);
        foreach (var refused in epochs.SelectMany(settled => settled.Verdicts).Where(verdict => verdict.Code == WirelessVerdicts.Retransmission))
            Assert.Contains(sold[PacketOf(refused)], time => Math.Abs(time - refused.Piece.ReceivedTime) <= history.Window);
    });

    [Fact]
    public void Carry_over_keeps_two_epochs_of_sequences_each_once() => InEveryEpoch(settled =>
    {
        var seen = settled.Outcome.Carry.Seen;
        Assert.Equal(seen.OrderBy(line => line.Device).ThenBy(line => line.Boot).ThenBy(line => line.Sequence), seen);
        Assert.Equal(seen.Count, seen.DistinctBy(line => (line.Device, line.Boot, line.Sequence)).Count());
        Assert.All(seen, line => Assert.InRange(line.Epoch, Math.Max(1, settled.Inputs.Epoch.Value - 1), settled.Inputs.Epoch.Value));
    });

    /// <summary>Guards the properties above: a generator that never reaches a verdict proves nothing about it.</summary>
    [Fact]
    public void Histories_meet_every_verdict_of_the_pack()
    {
        var met = new HashSet<VerdictCode>();
        InEveryEpoch(settled =>
        {
            met.UnionWith(settled.Verdicts.Select(verdict => verdict.Code));
            if (settled.Outcome.Devices.Any(line => line.Unpaid > 0)) met.Add(VerdictCode.Unpaid);
        });
        Assert.Equal(
            [
                VerdictCode.Accepted, VerdictCode.Duplicate, VerdictCode.Clone, VerdictCode.Stale, VerdictCode.UnknownDevice, VerdictCode.SuspendedDevice, VerdictCode.TrustTooLow, VerdictCode.Unpaid,
                VerdictCode.Malformed, VerdictCode.UnknownKind, VerdictCode.FromTheFuture, VerdictCode.NoOrder,
                WirelessVerdicts.Retransmission, WirelessVerdicts.PriceBelowTariff, WirelessVerdicts.OtherMeter, WirelessVerdicts.NotARouter,
                .. WirelessVerdicts.Module.Codes.Where(code => code.Number >= 305),
            ],
            met.Order());
    }

    private static void InEveryEpoch(Action<Settled> law) => InEveryHistory((_, epochs) => epochs.ForEach(law));

    private static void InEveryHistory(Action<History, List<Settled>> law) => Property.Holds(History.Histories, history => law(history, history.Run()), Cases);

    private static string Publish(EpochInputs inputs, EpochOutcome outcome)
    {
        ShardSet[] documents = [OutcomeDocument.Write(World.Facts(inputs), outcome, [], "usage-2026"), CarryDocument.Write(outcome.Carry)];
        return string.Concat(documents.SelectMany(document => document.Shards).Select(shard => shard.Name + "\n" + System.Text.Encoding.ASCII.GetString(shard.Bytes.Span)));
    }

    private static object Facts(ReportVerdict verdict) => (verdict.Piece.Identity, verdict.Piece.ReceivedTime, verdict.Piece.Gateway, verdict.Index, verdict.Device, verdict.Code, verdict.Customer, verdict.Credits, verdict.Reports);

    private static (DeviceId, ulong, ulong) KeyOf(EvidencePiece piece) => (piece.Device, piece.Boot, piece.Sequence);

    private static (DeviceId, Bytes32, Address) PacketOf(ReportVerdict verdict)
    {
        if (UsageBatch.TryDecode(verdict.Piece.Body, out var batch)) return (verdict.Device, batch[verdict.Index].PayloadHash, batch[verdict.Index].Organisation);
        Assert.True(PacketReport.TryDecode(verdict.Piece.Body, out var reports));
        return (verdict.Device, reports[verdict.Index].PayloadHash, reports[verdict.Index].Organisation);
    }

    private static int ReportsOf(EvidencePiece piece) => piece.Kind switch
    {
        RefusalTally.Kind => RefusalTally.TryDecode(piece.Body, out var tally) ? tally.Count : 1,
        UsageBatch.Kind => UsageBatch.TryDecode(piece.Body, out var batch) ? batch.Count : 1,
        PacketReport.Kind => PacketReport.TryDecode(piece.Body, out var reports) ? reports.Count : 1,
        _ => 1,
    };

    private static UInt128 Sum<T>(IEnumerable<T> items, Func<T, UInt128> value) => items.Aggregate(UInt128.Zero, (sum, item) => sum + value(item));
}
