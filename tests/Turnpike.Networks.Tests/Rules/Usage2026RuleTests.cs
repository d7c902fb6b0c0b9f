using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Networks.Tests.Rules;

/// <summary>One rule of the pack each, by example.</summary>
public sealed class Usage2026RuleTests
{
    private const long Hour = 3_600_000;
    private const long Window = 300_000;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(23, 1)]
    [InlineData(24, 1)]
    [InlineData(25, 2)]
    [InlineData(47, 2)]
    [InlineData(48, 2)]
    [InlineData(49, 3)]
    [InlineData(72, 3)]
    [InlineData(73, 4)]
    [InlineData(222, 10)]
    [InlineData(240, 10)]
    [InlineData(241, 11)]
    [InlineData(242, 11)]
    [InlineData(255, 11)]
    public void Packet_costs_as_on_Helium_a_credit_for_each_started_24_bytes(byte bytes, ulong credits)
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, reports: World.Report(bytes: bytes)));
        Assert.Equal(credits, settled.Accepted.Single().Credits);
        Assert.Equal(credits, settled.Line(1).Units);
        Assert.Equal(credits, settled.Charged());
    }

    [Theory]
    [InlineData(1, 255, 255)]
    [InlineData(255, 255, 1)]
    [InlineData(uint.MaxValue, 255, 1)]
    public void Bytes_of_a_credit_may_be_any_number(uint bytesPerCredit, byte bytes, ulong credits)
    {
        var epoch = new Chain(World.Parameters(bytesPerCredit: bytesPerCredit));
        Assert.Equal(credits, epoch.Settle(World.Piece(epoch.StartsAt, reports: World.Report(bytes: bytes))).Line(1).Units);
    }

    [Fact]
    public void Device_not_registered_or_suspended_is_refused()
    {
        var epoch = new Chain(World.Parameters());
        epoch.Devices[World.Device(2)] = epoch.Devices[World.Device(2)] with { Active = false };
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, device: 99), World.Piece(epoch.StartsAt + 1, device: 2));
        Assert.Equal([VerdictCode.UnknownDevice, VerdictCode.SuspendedDevice], settled.Verdicts.Select(verdict => verdict.Code));
        Assert.True(settled.Line(99).Beneficiary.IsZero);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Trust_below_the_minimum_is_refused(byte trust, bool accepted)
    {
        var epoch = new Chain(World.Parameters(minimumTrust: 2));
        Assert.Equal(accepted ? VerdictCode.Accepted : VerdictCode.TrustTooLow, epoch.Settle(World.Piece(epoch.StartsAt, trust: trust)).Only);
    }

    [Theory]
    [InlineData(-Hour, 200)]
    [InlineData(-Hour - 1, 203)]
    [InlineData(2 * Hour - 1, 200)]
    [InlineData(2 * Hour, 210)]
    public void Piece_counts_if_received_in_the_epoch_or_the_one_beside_it(long offset, int code) => Assert.Equal(code, CodeOf(offset, Math.Clamp(offset, 0, Hour)));

    [Theory]
    [InlineData(-3 * Hour / 2, 200)]
    [InlineData((-3 * Hour / 2) - 1, 203)]
    [InlineData((3 * Hour / 2) - 1, 200)]
    [InlineData(3 * Hour / 2, 210)]
    public void Piece_counts_if_its_devices_clock_is_less_than_half_an_epoch_off(long offset, int code) => Assert.Equal(code, CodeOf(Hour / 2, offset));

    [Fact]
    public void Piece_that_rolled_over_empty_epochs_counts_as_if_they_had_not_been()
    {
        var epoch = new Chain(World.Parameters());
        var received = epoch.StartsAt + Hour / 2;
        for (var empty = 0; empty < 3; empty++) epoch.DeclareEmpty();
        Assert.Equal(VerdictCode.Accepted, epoch.Settle(World.Piece(received)).Only);
        Assert.Equal(VerdictCode.Stale, epoch.Settle(World.Piece(received, sequence: 2)).Only);
    }

    [Fact]
    public void Piece_with_times_at_the_end_of_time_is_refused_without_overflow()
    {
        var epoch = new Chain(World.Parameters());
        Assert.Equal(VerdictCode.FromTheFuture, epoch.Settle(World.Piece(long.MaxValue)).Only);
        Assert.Equal(VerdictCode.Stale, epoch.Settle(World.Piece(0, sequence: 2)).Only);
    }

    [Fact]
    public void Customer_without_an_order_for_the_service_and_epoch_is_not_charged()
    {
        var epoch = new Chain(World.Parameters());
        epoch.NewOrders.Clear();
        epoch.NewOrders.AddRange([World.Order(1, from: 2), World.Order(2, until: 0), World.Order(3, service: "other")]);
        var settled = epoch.Settle([.. Enumerable.Range(1, 4).Select(customer => World.Piece(epoch.StartsAt, sequence: (ulong)customer, reports: World.Report(customer, customer: customer)))]);
        Assert.All(settled.Verdicts, verdict => Assert.Equal(VerdictCode.NoOrder, verdict.Code));
        Assert.Empty(settled.Outcome.Charges);
        Assert.Equal(VerdictCode.Accepted, epoch.Settle(World.Piece(epoch.StartsAt, sequence: 9)).Only);
    }

    [Fact]
    public void Order_below_the_tariff_or_for_another_meter_pays_nothing()
    {
        var epoch = new Chain(World.Parameters());
        epoch.NewOrders.Clear();
        epoch.NewOrders.AddRange([World.Order(1, price: 0), World.Order(2, meter: World.Gateway(2)), World.Order(3, meter: World.Gateway(1))]);
        var settled = epoch.Settle([.. Enumerable.Range(1, 3).Select(customer => World.Piece(epoch.StartsAt + customer, sequence: (ulong)customer, reports: World.Report(customer, customer: customer)))]);
        Assert.Equal([WirelessVerdicts.PriceBelowTariff, WirelessVerdicts.OtherMeter, VerdictCode.Accepted], settled.Verdicts.Select(verdict => verdict.Code));
    }

    [Fact]
    public void Body_that_cannot_be_read_is_one_malformed_report_and_another_kind_one_unknown()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, body: [0x80]), World.Piece(epoch.StartsAt + 1, sequence: 2, kind: 0x0999));
        Assert.Equal([VerdictCode.Malformed, VerdictCode.UnknownKind], settled.Verdicts.Select(verdict => verdict.Code));
        Assert.Equal([(VerdictCode.Malformed, 1UL), (VerdictCode.UnknownKind, 1UL)], settled.Line(1).Verdicts.Select(count => (count.Code, count.Reports)));
    }

    [Fact]
    public void Refused_copy_does_not_shield_a_later_one_as_a_retransmission()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, reports: [World.Report(customer: 9)]), World.Piece(epoch.StartsAt + 1, sequence: 2));
        Assert.Equal([VerdictCode.NoOrder, VerdictCode.Accepted], settled.Verdicts.Select(verdict => verdict.Code));
    }

    [Theory]
    [InlineData(Window, false)]
    [InlineData(Window + 1, true)]
    public void Copy_within_the_window_is_a_retransmission(long later, bool sold)
    {
        var epoch = new Chain(World.Parameters(Window));
        var settled = epoch.Settle(World.Piece(epoch.StartsAt), World.Piece(epoch.StartsAt + later, sequence: 2), World.Piece(epoch.StartsAt + 1, device: 2));
        Assert.Equal(sold ? 2UL : 1UL, settled.Line(1).Units);
        Assert.Equal(1UL, settled.Line(2).Units);
    }

    [Theory]
    [InlineData(Window, false)]
    [InlineData(Window + 1, true)]
    public void Window_reaches_across_the_epochs_border(long later, bool sold)
    {
        var epoch = new Chain(World.Parameters(Window));
        var first = epoch.EndsAt - 1;
        Assert.Equal(1UL, epoch.Settle(World.Piece(first)).Line(1).Units);
        Assert.Equal(sold ? VerdictCode.Accepted : WirelessVerdicts.Retransmission, epoch.Settle(World.Piece(first + later, sequence: 2)).Only);
    }

    /// <summary>Epochs of a second, a window of five minutes, a device silent in between.</summary>
    [Theory]
    [InlineData(Window, false)]
    [InlineData(Window + 1, true)]
    public void Window_reaches_over_many_short_epochs_in_which_the_device_is_silent(long later, bool sold)
    {
        var epoch = new Chain(World.Parameters(Window), epochLength: 1_000);
        var first = epoch.StartsAt + 500;
        epoch.Settle(World.Piece(first));
        while (epoch.EndsAt <= first + later) epoch.Settle(World.Piece(epoch.StartsAt, device: 2, sequence: epoch.Epoch.Value, reports: World.Report((int)epoch.Epoch.Value)));
        Assert.Equal(sold ? VerdictCode.Accepted : WirelessVerdicts.Retransmission, epoch.Settle(World.Piece(first + later, sequence: 2)).Only);
    }

    /// <summary>A gateway whose manifest missed the cutoff commits it an epoch later: by then the first copy's window is long over, by the clock.</summary>
    [Fact]
    public void Copy_received_within_the_window_but_committed_an_epoch_later_is_a_retransmission()
    {
        var epoch = new Chain(World.Parameters(Window));
        var first = epoch.StartsAt + 1_000;
        epoch.Settle(World.Piece(first));
        Assert.Equal(WirelessVerdicts.Retransmission, epoch.Settle(World.Piece(first + 60_000, sequence: 2, gateway: 2)).Only);
    }

    [Fact]
    public void Copy_received_long_before_the_sold_one_but_committed_later_is_sold_and_shields_neither_less()
    {
        var epoch = new Chain(World.Parameters(Window));
        var (early, late) = (epoch.StartsAt + 1_000, epoch.EndsAt - 1_000);
        epoch.Settle(World.Piece(late, sequence: 2));
        var settled = epoch.Settle(World.Piece(early, sequence: 1, gateway: 2), World.Piece(late + 2_000, sequence: 3));
        Assert.Equal([VerdictCode.Accepted, WirelessVerdicts.Retransmission], settled.Verdicts.Select(verdict => verdict.Code));
    }

    [Fact]
    public void Same_piece_through_two_gateways_in_one_millisecond_gets_one_verdict_whatever_the_order()
    {
        foreach (var reversed in new[] { false, true })
        {
            var epoch = new Chain(World.Parameters());
            var copies = Enumerable.Range(1, 4).Select(gateway => World.Piece(epoch.StartsAt, gateway: gateway)).ToList();
            if (reversed) copies.Reverse();
            var first = copies.Min(piece => piece.Gateway);
            Assert.Equal(first, epoch.Settle(copies).Verdicts[0].Piece.Gateway);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void Copy_through_the_meter_that_the_order_names_is_paid_whichever_gateway_was_first(long later)
    {
        for (var meter = 1; meter <= 4; meter++)
        {
            var epoch = new Chain(World.Parameters());
            epoch.NewOrders.Clear();
            epoch.NewOrders.Add(World.Order(1, meter: World.Gateway(meter)));
            var copies = Enumerable.Range(1, 4).Select(gateway => World.Piece(epoch.StartsAt + 1_000, gateway: gateway)).ToList();
            copies[meter - 1] = copies[meter - 1] with { ReceivedTime = copies[meter - 1].ReceivedTime + later };
            var settled = epoch.Settle(copies);
            Assert.Equal(World.Gateway(meter), settled.Accepted.Single().Piece.Gateway);
            Assert.Equal((1UL, 3), ((ulong)settled.Charged(), settled.Verdicts.Count(verdict => verdict.Code == VerdictCode.Duplicate)));
        }
    }

    [Fact]
    public void Each_report_of_a_piece_is_judged_by_the_meter_of_its_own_customer()
    {
        var epoch = new Chain(World.Parameters());
        epoch.NewOrders.Clear();
        epoch.NewOrders.AddRange([World.Order(1, meter: World.Gateway(1)), World.Order(2, meter: World.Gateway(2)), World.Order(3, meter: World.Gateway(3))]);
        var reports = Enumerable.Range(1, 3).Select(customer => World.Report(customer, customer: customer)).ToArray();
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, gateway: 1, reports: reports), World.Piece(epoch.StartsAt, gateway: 2, reports: reports));
        Assert.Equal((1UL, 1UL, 0UL), ((ulong)settled.Charged(1), (ulong)settled.Charged(2), (ulong)settled.Charged(3)));
    }

    [Fact]
    public void Epoch_without_a_price_mints_all_the_same()
    {
        var epoch = new Chain(World.Parameters()) { Price = default };
        var settled = epoch.Settle(World.Piece(epoch.StartsAt));
        Assert.Equal(settled.Outcome.Mint, Amount.Sum([.. settled.Outcome.Rewards.Select(line => line.Amount)]));
        Assert.True(settled.Line(1).Amount.IsZero);
    }

    [Fact]
    public void Credits_worth_more_than_any_amount_pay_the_whole_pool()
    {
        var epoch = new Chain(World.Parameters()) { Price = new Price(1) };
        epoch.Deposits[World.Customer(1)] = UInt128.MaxValue;
        epoch.NewOrders.Clear();
        epoch.NewOrders.Add(World.Order(1, cap: ulong.MaxValue));
        var tally = new DeviceTally { Device = World.Device(1), Verdicts = [new VerdictCount(VerdictCode.Accepted, 1)], Sales = [new Sale(World.Customer(1), 1UL << 60)] };
        var outcome = epoch.Pack.Settle([new PartialOutcome { Devices = [tally], Clones = [], Seen = [], Pack = [] }], epoch.Inputs());
        Assert.Equal(outcome.Pools[0].Available, outcome.Devices.Single().Amount);
    }

    [Fact]
    public void Devices_with_equal_units_earn_equally_and_the_rest_goes_to_operations()
    {
        var epoch = new Chain(World.Parameters()) { Price = new Price(1), Emission = new Amount(1_000_001) };
        var settled = epoch.Settle([.. Enumerable.Range(1, 3).Select(device => World.Piece(epoch.StartsAt, device))]);
        Assert.Equal([new Amount(266_666), new Amount(266_666), new Amount(266_666)], settled.Outcome.Devices.Select(line => line.Amount));
        var data = settled.Outcome.Pools[0];
        Assert.Equal((new Amount(800_000), new Amount(799_998), new Amount(2), new Amount(2)), (data.Available, data.Paid, data.Dust, data.PassedOn));
        Assert.Equal(new Amount(1_000_001 - 799_998 - 66_666), settled.Outcome.Rewards.Single(line => line.Account == World.Operations).Amount);
    }

    [Fact]
    public void Customer_beyond_his_cap_is_charged_proportionally_and_the_rest_is_unpaid()
    {
        var epoch = new Chain(World.Parameters());
        epoch.NewOrders.Clear();
        epoch.NewOrders.Add(World.Order(1, cap: 10));
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, 1, reports: World.Report(bytes: 240)), World.Piece(epoch.StartsAt, 2, reports: World.Report(bytes: 120)));
        Assert.InRange((ulong)settled.Line(1).Units, 6UL, 7UL);
        Assert.InRange((ulong)settled.Line(2).Units, 3UL, 4UL);
        Assert.Equal((10UL, 5UL), ((ulong)settled.Charged(), (ulong)settled.Outcome.Charges.Single().Unpaid));
    }

    [Fact]
    public void Copy_listed_by_a_hostile_gateway_with_an_impossible_time_takes_nothing_from_the_honest_one()
    {
        var epoch = new Chain(World.Parameters());
        var honest = World.Piece(epoch.StartsAt + 5, 1);
        var settled = epoch.Settle(honest, honest with { ReceivedTime = 0 });
        Assert.Equal(1UL, (ulong)settled.Charged());
    }

    [Fact]
    public void Cap_below_the_number_of_devices_buys_no_free_service()
    {
        var epoch = new Chain(World.Parameters());
        epoch.NewOrders.Clear();
        epoch.NewOrders.Add(World.Order(1, cap: 2));
        var settled = epoch.Settle(World.Piece(epoch.StartsAt, 1), World.Piece(epoch.StartsAt, 2), World.Piece(epoch.StartsAt, 3));
        Assert.Equal((2UL, 1UL), ((ulong)settled.Charged(), (ulong)settled.Outcome.Charges.Single().Unpaid));
    }

    [Fact]
    public void Parameters_that_contradict_themselves_make_no_pack()
    {
        var good = World.Parameters();
        Assert.Throws<ArgumentException>(() => new Usage2026Pack(good with { DataSharePpm = good.DataSharePpm + 1 }));
        Assert.Throws<ArgumentException>(() => new Usage2026Pack(good with { BytesPerCredit = 0 }));
        Assert.Throws<ArgumentException>(() => new Usage2026Pack(good with { RetransmissionWindow = -1 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(49)]
    [InlineData(51)]
    public void Carried_line_of_another_length_stops_the_epoch_rather_than_pay_twice(int length)
    {
        var epoch = new Chain(World.Parameters());
        var inputs = epoch.Inputs();
        var shard = EvidenceDivision.Of(epoch.Pack, [World.Piece(epoch.StartsAt)], inputs, 1).Single();
        Assert.Throws<FormatException>(() => epoch.Pack.Verdicts(shard, inputs with { Carry = CarryOver.Empty with { Pack = [new byte[length]] } }));
    }

    [Fact]
    public void Carried_lines_out_of_order_stop_the_epoch()
    {
        var epoch = new Chain(World.Parameters());
        epoch.Settle(World.Piece(epoch.StartsAt), World.Piece(epoch.StartsAt, device: 2));
        var inputs = epoch.Inputs();
        Assert.Equal(2, inputs.Carry.Pack.Count);
        Assert.Throws<FormatException>(() => epoch.Pack.Settle([], inputs with { Carry = inputs.Carry with { Pack = [inputs.Carry.Pack[1], inputs.Carry.Pack[0]] } }));
    }

    [Fact]
    public void Batch_of_a_router_pays_the_hotspots_it_names()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Batch(epoch.StartsAt, records: [(1, 1, 1), (2, 2, 1), (3, 1, 2)]));
        Assert.Equal((2UL, 1UL), ((ulong)settled.Line(1).Units, (ulong)settled.Line(2).Units));
        Assert.Equal((2UL, 1UL), ((ulong)settled.Charged(1), (ulong)settled.Charged(2)));
        Assert.DoesNotContain(settled.Outcome.Devices, line => line.Device == World.Device(5));
    }

    [Fact]
    public void Batch_record_of_a_stranger_counts_with_the_router_and_a_suspended_hotspots_with_itself()
    {
        var epoch = new Chain(World.Parameters());
        epoch.Devices[World.Device(2)] = epoch.Devices[World.Device(2)] with { Active = false };
        var settled = epoch.Settle(World.Batch(epoch.StartsAt, records: [(1, 99, 1), (2, 2, 1)]));
        Assert.Equal(VerdictCode.UnknownDevice, Assert.Single(settled.Line(5).Verdicts).Code);
        Assert.Equal(VerdictCode.SuspendedDevice, Assert.Single(settled.Line(2).Verdicts).Code);
        Assert.DoesNotContain(settled.Outcome.Devices, line => line.Device == World.Device(99));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(99, true)]
    [InlineData(5, false)]
    public void Batch_that_no_active_router_signed_is_one_refused_report_of_its_signer(int signer, bool active)
    {
        var epoch = new Chain(World.Parameters());
        if (!active) epoch.Devices[World.Device(signer)] = epoch.Devices[World.Device(signer)] with { Active = false };
        var settled = epoch.Settle(World.Batch(epoch.StartsAt, signer, records: [(1, 1, 1), (2, 2, 1)]));
        Assert.Equal((World.Device(signer), WirelessVerdicts.NotARouter), (Assert.Single(settled.Outcome.Devices).Device, settled.Only));
    }

    [Fact]
    public void Order_that_names_a_meter_accepts_no_others_word()
    {
        var epoch = new Chain(World.Parameters());
        epoch.NewOrders.Clear();
        epoch.NewOrders.AddRange([World.Order(1, meter: UsageBatch.MeterOf(World.Device(5))), World.Order(2, meter: World.Gateway(1))]);
        var settled = epoch.Settle(
            World.Batch(epoch.StartsAt, 5, records: [(1, 1, 1), (2, 1, 2)]),
            World.Batch(epoch.StartsAt + 1, 6, records: [(3, 1, 1)]),
            World.Piece(epoch.StartsAt + 2, reports: [World.Report(4, customer: 1), World.Report(5, customer: 2)]));
        Assert.Equal(
            [VerdictCode.Accepted, WirelessVerdicts.OtherMeter, WirelessVerdicts.OtherMeter, WirelessVerdicts.OtherMeter, VerdictCode.Accepted],
            settled.Verdicts.Select(verdict => verdict.Code));
    }

    [Fact]
    public void Packet_that_both_hotspot_and_router_report_is_sold_once()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Piece(epoch.StartsAt), World.Batch(epoch.StartsAt + 1, records: [(1, 1, 1), (1, 2, 1)]));
        Assert.Equal((1UL, 1UL), ((ulong)settled.Line(1).Units, (ulong)settled.Line(2).Units));
        Assert.Equal(WirelessVerdicts.Retransmission, settled.Verdicts[1].Code);
    }

    [Fact]
    public void Cloned_batch_pays_nobody_and_says_so_to_every_hotspot_it_names()
    {
        var epoch = new Chain(World.Parameters());
        var settled = epoch.Settle(World.Batch(epoch.StartsAt, records: [(1, 1, 1), (2, 2, 1)]), World.Batch(epoch.StartsAt, records: [(3, 3, 1)]));
        Assert.All(settled.Verdicts, verdict => Assert.Equal(VerdictCode.Clone, verdict.Code));
        Assert.Equal([1, 2, 3], new[] { 1, 2, 3 }.Where(device => settled.Line(device).Verdicts.Single().Code == VerdictCode.Clone));
        Assert.Equal(World.Device(5), Assert.Single(settled.Outcome.Clones).Device);
    }

    private static int CodeOf(long receivedOffset, long signedOffset)
    {
        var epoch = new Chain(World.Parameters());
        epoch.Settle();
        epoch.NewOrders.Add(World.Order(1, nonce: 2));
        return epoch.Settle(World.Piece(epoch.StartsAt + receivedOffset, signedAt: epoch.StartsAt + signedOffset)).Only.Number;
    }
}
