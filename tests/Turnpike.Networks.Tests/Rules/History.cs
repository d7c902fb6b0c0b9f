using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;
using Any = Turnpike.Core.Tests.Any;

namespace Turnpike.Networks.Tests.Rules;

/// <summary>Something a device signed once; gateways may hand it in any number of times.</summary>
internal sealed record Statement(int Device, ulong Boot, ulong Sequence, byte Trust, int SignedQuarter, int Form, PacketReport[] Reports)
{
    public EvidencePiece Deliver(Delivery delivery, long epochStart, long epochLength) => World.Piece(
        epochStart + delivery.ReceivedEighth * epochLength / 8 + delivery.Jitter, Device, Sequence, Boot, delivery.Gateway, Trust, World.Start(epochLength, SignedQuarter),
        kind: (ushort)(Form == 1 ? 0x0999 : World.Kind), body: Form == 0 ? [0x80] : null, reports: Reports);
}

/// <summary>A statement's arrival in an epoch's evidence; the gateway says when it was received, and may lie.</summary>
internal readonly record struct Delivery(int Statement, int ReceivedEighth, int Jitter, int Gateway);

/// <summary>Some epochs of an adverse network: few devices, packets and sequences, so that clones, copies, replays, retransmissions and empty deposits are frequent.</summary>
internal sealed record History(long Window, long EpochLength, byte MinimumTrust, uint SharePpm, UInt128 Price, UInt128 Emission, ServiceOrder[] Orders, int[] Deposits, Statement[] Statements, Delivery[][] Epochs)
{
    public static Gen<History> Histories { get; } =
        from window in Gen.Elements(0L, 3L, 1_000L, 300_000L, 7_200_000L)
        from epochLength in Gen.Elements(1_000L, 60_000L, 3_600_000L)
        from minimumTrust in Gen.Choose(0, 2)
        from share in Gen.Elements(0U, 1U, 333_333U, 800_000U, 1_000_000U)
        from price in Any.Bits(60)
        from emission in Any.Bits(100)
        from orders in Order.ArrayOf(6)
        from deposits in Gen.Frequency((1, Gen.Choose(0, 30)), (2, Gen.Constant(1_000_000))).ArrayOf(3)
        from statements in Statement.ArrayOf(12)
        from epochs in Gen.Choose(0, 14).SelectMany(count => Delivery.ArrayOf(count)).ArrayOf(6)
        select new History(window, epochLength, (byte)minimumTrust, share, price, emission, orders, deposits, statements, epochs);

    private static Gen<PacketReport> Report { get; } =
        from packet in Gen.Choose(1, 3)
        from bytes in Gen.Choose(0, 255)
        from customer in Gen.Choose(1, 4)
        select World.Report(packet, (byte)bytes, customer);

    private static Gen<Statement> Statement { get; } =
        from device in Gen.Choose(1, 4).Select(device => device == 4 ? 9 : device)
        from boot in Gen.Choose(0, 1)
        from sequence in Gen.Choose(1, 5)
        from trust in Gen.Choose(1, 3)
        from signed in Gen.Choose(-6, 26)
        from form in Gen.Choose(0, 14)
        from reports in Gen.Choose(1, 3).SelectMany(count => Report.ArrayOf(count))
        select new Statement(device, (ulong)boot, (ulong)sequence, (byte)trust, signed, form, reports);

    private static Gen<Delivery> Delivery { get; } =
        from statement in Gen.Choose(0, 11)
        from received in Gen.Frequency((3, Gen.Choose(0, 8)), (2, Gen.Choose(-8, 1)), (1, Gen.Choose(-12, 20)))
        from jitter in Gen.Choose(0, 3)
        from gateway in Gen.Choose(1, 2)
        select new Delivery(statement, received, jitter, gateway);

    private static Gen<ServiceOrder> Order { get; } =
        from customer in Gen.Choose(1, 3)
        from price in Gen.Frequency((1, Gen.Constant(0)), (6, Gen.Constant(1)))
        from cap in Gen.Frequency((1, Gen.Choose(0, 20)), (2, Gen.Constant(1_000_000)))
        from first in Gen.Choose(1, 3)
        from last in Gen.Choose(2, 9)
        from meter in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 2)))
        from nonce in Gen.Choose(1, 3)
        select World.Order(customer, (ulong)price, (ulong)cap, (ulong)first, (ulong)last, (ulong)nonce, meter == 0 ? Address.Zero : World.Gateway(meter));

    /// <summary>A chain in the state before the first epoch.</summary>
    public Chain Begin()
    {
        var chain = new Chain(World.Parameters(Window, MinimumTrust, dataSharePpm: SharePpm), EpochLength) { Price = new Price(Price), Emission = new Amount(Emission) };
        chain.NewOrders.Clear();
        chain.NewOrders.AddRange(Orders);
        for (var i = 0; i < Deposits.Length; i++) chain.Deposits[World.Customer(i + 1)] = (UInt128)Deposits[i];
        chain.Devices[World.Device(3)] = chain.Devices[World.Device(3)] with { Active = Window != 3 };
        return chain;
    }

    public List<EvidencePiece> PiecesOf(int epoch, Chain chain) => Epochs[epoch].Select(delivery => Statements[delivery.Statement].Deliver(delivery, chain.StartsAt, EpochLength)).ToList();

    /// <summary>All epochs settled, one after the other.</summary>
    public List<Settled> Run()
    {
        var chain = Begin();
        return Enumerable.Range(0, Epochs.Length).Select(epoch => chain.Settle(PiecesOf(epoch, chain))).ToList();
    }
}
