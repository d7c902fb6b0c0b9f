using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>The device is in the registry at the snapshot and not suspended.</summary>
internal sealed class RegisteredRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet)
    {
        if (!packet.Inputs.Registry.Devices.TryGetValue(packet.Piece.Device, out var device)) return VerdictCode.UnknownDevice;
        return device.Active ? VerdictCode.Accepted : VerdictCode.SuspendedDevice;
    }
}

/// <summary>The key is trusted enough to be paid.</summary>
internal sealed class TrustRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet) =>
        packet.Piece.Trust >= packet.Parameters.MinimumTrust ? VerdictCode.Accepted : VerdictCode.TrustTooLow;
}

/// <summary>Received in this epoch or the one before it; sequences are remembered for no longer.</summary>
internal sealed class FreshRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet)
    {
        var inputs = packet.Inputs;
        var epochLength = inputs.EndsAt - inputs.StartsAt;
        return packet.Piece.ReceivedTime >= inputs.StartsAt - epochLength ? VerdictCode.Accepted : VerdictCode.Stale;
    }
}

/// <summary>A sensor repeats an uplink until it is acknowledged; through one gateway it is sold once.</summary>
internal sealed class RetransmissionRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet) =>
        packet.LastSold is { } sold && packet.Piece.ReceivedTime - sold <= packet.Parameters.RetransmissionWindow ? WirelessVerdicts.Retransmission : VerdictCode.Accepted;
}

/// <summary>The organisation signed an order that covers the epoch, accepts the tariff and this gateway's meter.</summary>
internal sealed class OrderRule : IPacketRule
{
    public VerdictCode Judge(in PacketCase packet)
    {
        if (!packet.Inputs.Orders.TryGet(packet.Packet.Organisation, Usage2026Pack.Service, packet.Inputs.Epoch, out var order)) return VerdictCode.NoOrder;
        if (order.Price < Usage2026Pack.CreditsPerUnit) return WirelessVerdicts.PriceBelowTariff;
        return order.Meter.IsZero || order.Meter == packet.Piece.Gateway ? VerdictCode.Accepted : WirelessVerdicts.OtherMeter;
    }
}
