using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>When and how to send.</summary>
/// <param name="Timestamp">The gateway's concentrator counter, microseconds.</param>
/// <param name="Frequency">Hz.</param>
/// <param name="DataRate">How to modulate.</param>
/// <param name="Power">dBm.</param>
public readonly record struct TxWindow(uint Timestamp, uint Frequency, DataRate DataRate, int Power);

/// <summary>A frame for a device, by one gateway: in RX1, or in RX2 if that is too late.</summary>
/// <param name="Gateway">The gateway that heard the device best.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Rx1">First window; null where the region has none for the uplink.</param>
/// <param name="Rx2">Second window.</param>
public sealed record Downlink(DeviceId Gateway, byte[] Frame, TxWindow? Rx1, TxWindow Rx2)
{
    private const uint Second = 1_000_000;

    /// <summary>The windows after an uplink. The counter wraps, and so does the sum.</summary>
    public static Downlink After(HeardFrame heard, byte[] frame, byte rx1Seconds, byte rx1Offset, byte rx2DataRate, uint rx2Frequency, RegionPlan plan)
    {
        TxWindow? rx1 = plan.TryFindDataRate(heard.DataRate, out var up) && plan.TryRx1(heard.Frequency, up, rx1Offset, out var frequency, out var down)
            ? new TxWindow(unchecked(heard.Best.Timestamp + rx1Seconds * Second), frequency, plan.DataRates[down]!.Value, plan.PowerAt(frequency))
            : null;
        var rx2 = new TxWindow(unchecked(heard.Best.Timestamp + (rx1Seconds + 1u) * Second), rx2Frequency, plan.DataRates[rx2DataRate]!.Value, plan.PowerAt(rx2Frequency));
        return new Downlink(heard.Best.Gateway, frame, rx1, rx2);
    }
}
