using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;
using Any = Turnpike.Core.Tests.Any;

namespace Turnpike.Networks.Tests.Rules;

/// <summary>Something a device signed once; gateways may hand it in any number of times.</summary>
internal sealed record Statement(int Device, ulong Boot, ulong Sequence, byte Trust, int SignedQuarter, int Form, PacketReport[] Reports, int[] Paid)
{
    public bool IsBatch => Paid.Length > 0;

    public bool IsTally => IsBatch && Form is >= 2 and <= 6;

    public EvidencePiece Deliver(Delivery delivery, long epochLength) => World.Piece(
        World.Start(epochLength, 0) + (delivery.ReceivedEighth * epochLength / 8) + delivery.Jitter, Device, Sequence, Boot, delivery.Gateway, Trust, World.Start(epochLength, SignedQuarter),
        kind: Form == 1 ? (ushort)0x0999 : IsTally ? RefusalTally.Kind : IsBatch ? UsageBatch.Kind : World.Kind, body: Form == 0 ? [0x80] : IsTally ? Tally() : IsBatch ? Batch() : null, reports: Reports);

    private byte[] Batch() => UsageBatch.Encode("EU868", Reports.Select((report, i) => new UsageRecord(World.Device(Paid[i]), report.PayloadHash, report.PayloadBytes, report.Organisation, "SF7", 0, 0)).ToList());

    private byte[] Tally() => RefusalTally.Encode(1, 2, Reports.Select((report, i) => new RefusedPackets(World.Device(Paid[i]), (ushort)(305 + report.PayloadBytes % 12), report.PayloadBytes + 1u)).DistinctBy(refused => (refused.Device, refused.Code)).ToList());
}

/// <summary>A statement's arrival in an epoch's evidence, perhaps late; the gateway says when it was received, in eighths of an epoch since the first, and may lie.</summary>
internal readonly record struct Delivery(int Statement, int Epoch, int ReceivedEighth, int Jitter, int Gateway);

/// <summary>Some epochs of an adverse network: few devices, packets and sequences, so that clones, copies, replays, retransmissions and empty deposits are frequent.</summary>
internal sealed record History(long Window, long EpochLength, byte MinimumTrust, uint SharePpm, UInt128 Price, UInt128 Emission, ServiceOrder[] Orders, int[] Deposits, Statement[] Statements, Delivery[] Deliveries)
{
    public const int Epochs = 6;

    private const int MostStatements = 30;

    public static Gen<History> Histories { get; } =
        from window in Gen.Elements(0L, 3L, 1_000L, 300_000L, 7_200_000L)
        from epochLength in Gen.Elements(1_000L, 60_000L, 3_600_000L)
        from minimumTrust in Gen.Choose(0, 2)
        from share in Gen.Elements(0U, 1U, 333_333U, 800_000U, 1_000_000U)
        from price in Any.Bits(60)
        from emission in Any.Bits(100)
        from orders in Order.ArrayOf(6)
        from deposits in Gen.Frequency((1, Gen.Choose(0, 30)), (2, Gen.Constant(1_000_000))).ArrayOf(3)
        from count in Gen.Choose(1, MostStatements)
        from statements in Statement.ArrayOf(count)
        from deliveries in Gen.CollectToArray(statements.SelectMany((statement, i) => Enumerable.Repeat(DeliveryOf(i, statement), 2)))
        select new History(window, epochLength, (byte)minimumTrust, share, price, emission, orders, deposits, statements, deliveries);

    private static Gen<PacketReport> Report { get; } =
        from packet in Gen.Choose(1, 3)
        from bytes in Gen.Choose(0, 255)
        from customer in Gen.Choose(1, 4)
        select World.Report(packet, (byte)bytes, customer);

    private static Gen<Statement> Statement { get; } =
        from router in Gen.Frequency((3, Gen.Constant(false)), (2, Gen.Constant(true)))
        from device in router ? Gen.Frequency((6, Gen.Choose(5, 6)), (1, Gen.Constant(1))) : Gen.Choose(1, 4).Select(device => device == 4 ? 9 : device)
        from boot in Gen.Choose(0, 1)
        from sequence in Gen.Choose(1, 25)
        from trust in Gen.Choose(1, 3)
        from signed in Gen.Choose(0, (4 * Epochs) - 1)
        from form in Gen.Choose(0, 30)
        from reports in Gen.Choose(1, router ? 5 : 3).SelectMany(count => Report.ArrayOf(count))
        from paid in Gen.Elements(1, 2, 3, 5, 9).ArrayOf(router ? reports.Length : 0)
        select new Statement(device, (ulong)boot, (ulong)sequence, (byte)trust, signed, form, reports, paid);

    private static Gen<Delivery> DeliveryOf(int number, Statement statement) =>
        from delay in Gen.Frequency((6, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Choose(2, 5)))
        let epoch = (statement.SignedQuarter / 4) + delay
        from received in Gen.Frequency((4, Gen.Choose(0, 2).Select(late => (2 * statement.SignedQuarter) + late)), (1, Gen.Choose(-12, 20).Select(lie => (8 * epoch) + lie)))
        from jitter in Gen.Choose(0, 3)
        from gateway in Gen.Choose(1, 2)
        select new Delivery(number, epoch, received, jitter, gateway);

    private static Gen<ServiceOrder> Order { get; } =
        from customer in Gen.Choose(1, 3)
        from price in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Constant(1)))
        from cap in Gen.Frequency((1, Gen.Choose(0, 20)), (2, Gen.Constant(1_000_000)))
        from first in Gen.Choose(1, 2)
        from last in Gen.Choose(3, 9)
        from meter in Gen.Frequency((3, Gen.Constant(Address.Zero)), (1, Gen.Choose(1, 2).Select(World.Gateway)), (1, Gen.Constant(UsageBatch.MeterOf(World.Device(5)))))
        from nonce in Gen.Choose(1, 3)
        select World.Order(customer, (ulong)price, (ulong)cap, (ulong)first, (ulong)last, (ulong)nonce, meter);

    /// <summary>A chain in the state before the first epoch.</summary>
    public Chain Begin()
    {
        var chain = new Chain(World.Parameters(Window, MinimumTrust, dataSharePpm: SharePpm), EpochLength) { Price = new Price(Price), Emission = new Amount(Emission) };
        chain.NewOrders.Clear();
        chain.NewOrders.AddRange(Orders);
        for (var i = 0; i < Deposits.Length; i++) chain.Deposits[World.Customer(i + 1)] = (UInt128)Deposits[i];
        chain.Devices[World.Device(3)] = chain.Devices[World.Device(3)] with { Active = Window != 3 };
        chain.Devices[World.Device(6)] = chain.Devices[World.Device(6)] with { Active = Window != 1_000 };
        return chain;
    }

    public List<EvidencePiece> PiecesOf(int epoch) => Deliveries.Where(delivery => delivery.Epoch == epoch).Select(delivery => Statements[delivery.Statement].Deliver(delivery, EpochLength)).ToList();

    /// <summary>All epochs settled, one after the other.</summary>
    public List<Settled> Run()
    {
        var chain = Begin();
        return Enumerable.Range(0, Epochs).Select(epoch => chain.Settle(PiecesOf(epoch))).ToList();
    }
}
