using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>The device that delivered the packet is in the registry at the snapshot and not suspended.</summary>
internal sealed class RegisteredRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet)
    {
        if (packet.Device is not { } device) return VerdictCode.UnknownDevice;
        return device.Active ? VerdictCode.Accepted : VerdictCode.SuspendedDevice;
    }
}

/// <summary>The key that signed is trusted enough to be paid.</summary>
internal sealed class TrustRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet) =>
        packet.Piece.Trust >= packet.Parameters.MinimumTrust ? VerdictCode.Accepted : VerdictCode.TrustTooLow;
}

/// <summary>
/// Received in this epoch, in the one before it (its manifest waited) or in the one after (sealed late); and signed, by the device's clock, within half an epoch of
/// this epoch and the one before it. Sequences are remembered for two epochs; a piece handed in again later than that, whatever the gateway says of the time, was signed
/// too long ago: three epochs after an epoch in which it was fresh, it is stale.
/// </summary>
internal sealed class FreshRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet)
    {
        var (piece, inputs) = (packet.Piece, packet.Inputs);
        var length = inputs.EndsAt - inputs.StartsAt;
        var half = length / 2;
        if (piece.ReceivedTime < inputs.StartsAt - length || piece.DeviceTime < inputs.StartsAt - length - half) return VerdictCode.Stale;
        return piece.ReceivedTime < inputs.EndsAt + length && piece.DeviceTime < inputs.EndsAt + half ? VerdictCode.Accepted : VerdictCode.FromTheFuture;
    }
}

/// <summary>A sensor repeats an uplink until it is acknowledged; through one gateway it is sold once.</summary>
internal sealed class RetransmissionRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet) => packet.SoldMomentsAgo ? WirelessVerdicts.Retransmission : VerdictCode.Accepted;
}

/// <summary>The organisation signed an order that covers the epoch, accepts the tariff and whoever metered: the gateway that received a hotspot's own report, the router that signed a batch.</summary>
internal sealed class OrderRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet)
    {
        if (!packet.Inputs.Orders.TryGet(packet.Organisation, Usage2026Pack.Service, packet.Inputs.Epoch, out var order)) return VerdictCode.NoOrder;
        if (order.Price < Usage2026Pack.CreditsPerUnit) return WirelessVerdicts.PriceBelowTariff;
        return order.Meter.IsZero || order.Meter == packet.Meter ? VerdictCode.Accepted : WirelessVerdicts.OtherMeter;
    }
}
