using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Networks.Wireless.Protocol.Leg;

/// <summary>
/// A message of the private leg between a hotspot's agent and a node: one binary WebSocket message each.
/// <para>
/// The node begins with <see cref="LegChallenge"/>; the agent answers <see cref="LegProof"/>; the node ends with <see cref="LegRefusal"/> or goes on with
/// <see cref="LegWelcome"/>, which says up to which sequence it took the agent's frames before. From then on the agent sends <see cref="LegFrames"/> in the order of their sequence, as
/// many unacknowledged ones as it was granted, and the node acknowledges cumulatively (<see cref="LegAck"/>). When the node cannot take a frame it says from which one on to send again
/// (<see cref="LegAgain"/>) and ignores frames until they come under the new generation: so order holds without waiting for each frame. Sequences rise and may have gaps.
/// A cut connection loses nothing: the agent keeps each frame until it is acknowledged, and the node knows by spool and sequence what it has in hand already.
/// </para>
/// </summary>
public abstract record LegMessage
{
    private protected LegMessage()
    {
    }
}

/// <summary>The node asks for a proof of the device's key.</summary>
/// <param name="Nonce">Random, for this connection only.</param>
/// <param name="NodeTime">Unix milliseconds.</param>
public sealed record LegChallenge(Bytes32 Nonce, long NodeTime) : LegMessage;

/// <summary>The agent proves its key.</summary>
/// <param name="Device">Who it is.</param>
/// <param name="Spool">Names the store that sequences belong to; another after it was lost.</param>
/// <param name="Signature">64 bytes over <see cref="LegStatement.Digest"/>.</param>
/// <param name="Url">The node's URL as the agent dialled it: scheme, host and port.</param>
/// <param name="Software">Name and version.</param>
public sealed record LegProof(DeviceId Device, Bytes32 Spool, ReadOnlyMemory<byte> Signature, string Url, string Software) : LegMessage;

/// <summary>The device is let in.</summary>
/// <param name="NodeTime">Unix milliseconds.</param>
/// <param name="Taken">The last sequence of this spool that needs no sending again; 0 when the node knows none.</param>
/// <param name="Window">Frames that may be unacknowledged.</param>
/// <param name="FramesPerSecond">Frames a second in the long run.</param>
/// <param name="Burst">Frames at once.</param>
public sealed record LegWelcome(long NodeTime, ulong Taken, int Window, int FramesPerSecond, int Burst) : LegMessage;

/// <summary>The node ends the connection.</summary>
/// <param name="Code">A number of <see cref="LegCodes"/>.</param>
/// <param name="RetryAfterSeconds">When to try again at the earliest.</param>
/// <param name="Text">For a person.</param>
public sealed record LegRefusal(ushort Code, int RetryAfterSeconds, string Text) : LegMessage;

/// <summary>A frame on its way.</summary>
/// <param name="Sequence">Its place in the agent's spool.</param>
/// <param name="HeardAt">Unix milliseconds by the agent's clock.</param>
/// <param name="Packet">What was heard.</param>
public readonly record struct SequencedFrame(ulong Sequence, long HeardAt, RxPacket Packet);

/// <summary>Frames heard.</summary>
/// <param name="Generation">Raised by each <see cref="LegAgain"/>; 0 on a new connection.</param>
/// <param name="Frames">1 to <see cref="LegCodec.MaxFrames"/>, sequences rising.</param>
public sealed record LegFrames(uint Generation, IReadOnlyList<SequencedFrame> Frames) : LegMessage;

/// <summary>Every frame up to here may be forgotten.</summary>
/// <param name="UpTo">Sequence.</param>
public sealed record LegAck(ulong UpTo) : LegMessage;

/// <summary>Frames from here on are to be sent again.</summary>
/// <param name="Generation">Under which they are awaited.</param>
/// <param name="From">First sequence.</param>
/// <param name="PauseMilliseconds">How long to wait first.</param>
/// <param name="Code">A number of <see cref="LegCodes"/>.</param>
public sealed record LegAgain(uint Generation, ulong From, int PauseMilliseconds, ushort Code) : LegMessage;

/// <summary>A frame to send, in RX1 or in RX2.</summary>
/// <param name="Token">Comes back in <see cref="LegResult"/>.</param>
/// <param name="Frame">1 to 255 bytes.</param>
/// <param name="Rx1">First window; null where there is none.</param>
/// <param name="Rx2">Second window.</param>
public sealed record LegDownlink(uint Token, ReadOnlyMemory<byte> Frame, TxWindow? Rx1, TxWindow Rx2) : LegMessage;

/// <summary>What became of a frame to send.</summary>
/// <param name="Token">Of the <see cref="LegDownlink"/>.</param>
/// <param name="Window">1 or 2: the last one tried; 0 when none was.</param>
/// <param name="Result">What the forwarder said; null when it did not say.</param>
public sealed record LegResult(uint Token, byte Window, TxResult? Result) : LegMessage;

/// <summary>The agent measures the line and the clocks.</summary>
/// <param name="Number">Comes back.</param>
/// <param name="AgentTime">Unix milliseconds.</param>
public sealed record LegPing(uint Number, long AgentTime) : LegMessage;

/// <summary>The node's answer to <see cref="LegPing"/>.</summary>
/// <param name="Number">Of the ping.</param>
/// <param name="NodeTime">Unix milliseconds.</param>
public sealed record LegPong(uint Number, long NodeTime) : LegMessage;
