using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>One gateway's copy of a frame.</summary>
/// <param name="Gateway">The gateway's device.</param>
/// <param name="Timestamp">Its concentrator's counter in microseconds.</param>
/// <param name="Rssi">Tenths of a dBm.</param>
/// <param name="Snr">Tenths of a dB.</param>
/// <param name="ReceivedAt">Unix milliseconds at the node.</param>
public readonly record struct Reception(DeviceId Gateway, uint Timestamp, short Rssi, short Snr, long ReceivedAt);

/// <summary>A frame with all copies that arrived within the merging time, best first: strongest signal to noise ratio, then strength, then first come.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Frequency">Hz.</param>
/// <param name="DataRate">How it was modulated.</param>
/// <param name="Receptions">At least one; one a gateway.</param>
public sealed record HeardFrame(ReadOnlyMemory<byte> Frame, uint Frequency, DataRate DataRate, IReadOnlyList<Reception> Receptions)
{
    /// <summary>The copy by which the answer goes.</summary>
    public Reception Best => Receptions[0];

    /// <summary>Whether an answer could still reach the device in time and somebody pays for it; else none is made, so that no queued downlink is used up.</summary>
    public bool IsAnswerable { get; init; } = true;
}
