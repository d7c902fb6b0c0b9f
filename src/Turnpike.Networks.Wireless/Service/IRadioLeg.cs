using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>A frame that a hotspot's agent handed over the private leg.</summary>
/// <param name="Gateway">The hotspot's device; the leg proved its key.</param>
/// <param name="Packet">What it heard.</param>
/// <param name="HeardAt">Unix milliseconds by the agent's clock; much earlier than <paramref name="ReceivedAt"/> when the agent kept it through a lost connection.</param>
/// <param name="ReceivedAt">Unix milliseconds at the node.</param>
public sealed record LegFrame(DeviceId Gateway, RxPacket Packet, long HeardAt, long ReceivedAt);

/// <summary>Takes frames off the private leg. Called in each hotspot's own order, without waiting for one to complete before the next is handed over.</summary>
public interface IFrameSink
{
    /// <summary>Completes when the agent may forget the frame: what it says is durable, or it is decided that nobody wants it. False when too much is in hand: the agent keeps it and sends it again.</summary>
    ValueTask<bool> TakeAsync(LegFrame frame, CancellationToken cancellation);
}

/// <summary>The way back to hotspots.</summary>
public interface IRadioLeg
{
    /// <summary>Whether a hotspot's agent is connected now.</summary>
    bool IsConnected(DeviceId gateway);

    /// <summary>Sends a frame; completes with what the hotspot's forwarder says of it. Null when the hotspot is not connected or does not say in time.</summary>
    Task<TxResult?> SendAsync(Downlink downlink, CancellationToken cancellation);
}
