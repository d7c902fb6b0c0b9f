using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

// One reason each not to pay for a packet, in the order in which they are asked; the first refusal stands. What a rule looks at is in its signature: those about a piece are asked once
// for all its reports, those about a customer's order once for all that a meter says of him.

/// <summary>The device that delivered the packet is in the registry at the snapshot and not suspended.</summary>
internal static class RegisteredRule
{
    public static VerdictCode Judge(RegisteredDevice? delivering)
    {
        if (delivering is not { } device) return VerdictCode.UnknownDevice;
        return device.Active ? VerdictCode.Accepted : VerdictCode.SuspendedDevice;
    }
}

/// <summary>The key that signed is trusted enough to be paid.</summary>
internal static class TrustRule
{
    public static VerdictCode Judge(EvidencePiece piece, Usage2026Parameters parameters) => piece.Trust >= parameters.MinimumTrust ? VerdictCode.Accepted : VerdictCode.TrustTooLow;
}

/// <summary>
/// Received in this epoch, in the one before it (its manifest waited) or in the one after (sealed late); and signed, by the device's clock, within half an epoch of
/// this epoch and the one before it. Sequences are remembered for two epochs; a piece handed in again later than that, whatever the gateway says of the time, was signed
/// too long ago: three epochs after an epoch in which it was fresh, it is stale. Epochs declared empty make nobody's evidence older: it rolled forward to this one.
/// </summary>
internal static class FreshRule
{
    public static VerdictCode Judge(EvidencePiece piece, EpochInputs inputs)
    {
        var length = inputs.EndsAt - inputs.StartsAt;
        var half = length / 2;
        if (piece.ReceivedTime < inputs.OpenSince - length || piece.DeviceTime < inputs.OpenSince - length - half) return VerdictCode.Stale;
        return piece.ReceivedTime < inputs.EndsAt + length && piece.DeviceTime < inputs.EndsAt + half ? VerdictCode.Accepted : VerdictCode.FromTheFuture;
    }
}

/// <summary>A sensor repeats an uplink until it is acknowledged; through one hotspot it is sold once within the window.</summary>
internal static class RetransmissionRule
{
    public static VerdictCode Judge(RecentSales sales, PacketKey packet, long receivedAt, Usage2026Parameters parameters) =>
        sales.IsNear(packet, receivedAt, parameters.RetransmissionWindow) ? WirelessVerdicts.Retransmission : VerdictCode.Accepted;
}

/// <summary>The organisation signed an order that covers the epoch, accepts the tariff and whoever metered: the gateway that received a hotspot's own report, the router that signed a batch.</summary>
internal static class OrderRule
{
    public static VerdictCode Judge(Address organisation, Address meter, EpochInputs inputs)
    {
        if (!inputs.Orders.TryGet(organisation, Usage2026Pack.Service, inputs.Epoch, out var order)) return VerdictCode.NoOrder;
        if (order.Price < Usage2026Pack.CreditsPerUnit) return WirelessVerdicts.PriceBelowTariff;
        return order.Meter.IsZero || order.Meter == meter ? VerdictCode.Accepted : WirelessVerdicts.OtherMeter;
    }
}
