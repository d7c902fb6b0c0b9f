using System.Buffers;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Networks.Wireless.Protocol.Leg;

/// <summary>Messages of the private leg to bytes and back. One message has one form; reading never throws on input.</summary>
public static class LegCodec
{
    /// <summary>Frames in one message.</summary>
    public const int MaxFrames = 64;

    /// <summary>Most bytes of a message in either direction.</summary>
    public const int MaxBytes = 32 * 1024;

    private const int MaxTextLength = 255;
    private const int SignatureBytes = 64;
    private const long MaxUnixMilliseconds = 253_402_300_799_999;

    private enum MessageKind : byte
    {
        Challenge = 1,
        Proof = 2,
        Welcome = 3,
        Refusal = 4,
        Frames = 5,
        Ack = 6,
        Again = 7,
        Downlink = 8,
        Result = 9,
        Ping = 10,
        Pong = 11,
    }

    /// <summary>Writes a message.</summary>
    public static byte[] Encode(LegMessage message)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        Write(writer, message);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">Too many frames, or none.</exception>
    public static void Write(IBufferWriter<byte> writer, LegMessage message)
    {
        switch (message)
        {
            case LegChallenge challenge: writer.Kind(MessageKind.Challenge).Bytes32(challenge.Nonce).UInt64((ulong)challenge.NodeTime); break;
            case LegProof proof: writer.Kind(MessageKind.Proof).Bytes32(proof.Device.Value).Bytes32(proof.Spool).Raw(proof.Signature.Span).Text(proof.Url, MaxTextLength).Text(proof.Software, MaxTextLength); break;
            case LegWelcome welcome: writer.Kind(MessageKind.Welcome).UInt64((ulong)welcome.NodeTime).UInt64(welcome.Taken).UInt32((uint)welcome.Window).UInt32((uint)welcome.FramesPerSecond).UInt32((uint)welcome.Burst); break;
            case LegRefusal refusal: writer.Kind(MessageKind.Refusal).UInt16(refusal.Code).UInt32((uint)refusal.RetryAfterSeconds).Text(refusal.Text, MaxTextLength); break;
            case LegFrames frames: WriteFrames(writer, frames); break;
            case LegAck ack: writer.Kind(MessageKind.Ack).UInt64(ack.UpTo); break;
            case LegAgain again: writer.Kind(MessageKind.Again).UInt32(again.Generation).UInt64(again.From).UInt32((uint)again.PauseMilliseconds).UInt16(again.Code); break;
            case LegDownlink downlink: WriteDownlink(writer, downlink); break;
            case LegResult result: writer.Kind(MessageKind.Result).UInt32(result.Token).Byte(result.Window).Byte((byte)(result.Result ?? 0)); break;
            case LegPing ping: writer.Kind(MessageKind.Ping).UInt32(ping.Number).UInt64((ulong)ping.AgentTime); break;
            case LegPong pong: writer.Kind(MessageKind.Pong).UInt32(pong.Number).UInt64((ulong)pong.NodeTime); break;
            default: throw new ArgumentException($"{message.GetType().Name} is no message of the leg.", nameof(message));
        }
    }

    /// <summary>Reads a message; false for anything but what <see cref="Encode"/> writes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out LegMessage message)
    {
        message = null!;
        if (bytes.Length is 0 or > MaxBytes) return false;
        var reader = new LegReader(bytes);
        var read = (MessageKind)reader.Byte() switch
        {
            MessageKind.Challenge => new LegChallenge(reader.Bytes32(), Time(ref reader)),
            MessageKind.Proof => new LegProof(new DeviceId(reader.Bytes32()), reader.Bytes32(), reader.Take(SignatureBytes).ToArray(), reader.Text(LegStatement.MaxUrlLength), reader.Text(MaxTextLength)),
            MessageKind.Welcome => new LegWelcome(Time(ref reader), reader.UInt64(), Positive(ref reader), Positive(ref reader), Positive(ref reader)),
            MessageKind.Refusal => new LegRefusal(reader.UInt16(), NotNegative(ref reader), reader.Text(MaxTextLength)),
            MessageKind.Frames => ReadFrames(ref reader),
            MessageKind.Ack => new LegAck(reader.UInt64()),
            MessageKind.Again => new LegAgain(reader.UInt32(), reader.UInt64(), NotNegative(ref reader), reader.UInt16()),
            MessageKind.Downlink => ReadDownlink(ref reader),
            MessageKind.Result => ReadResult(ref reader),
            MessageKind.Ping => new LegPing(reader.UInt32(), Time(ref reader)),
            MessageKind.Pong => new LegPong(reader.UInt32(), Time(ref reader)),
            _ => (LegMessage?)null,
        };
        if (read is null || !reader.IsExact) return false;
        message = read;
        return true;
    }

    private static void WriteFrames(IBufferWriter<byte> writer, LegFrames message)
    {
        if (message.Frames.Count is 0 or > MaxFrames) throw new ArgumentException($"1 to {MaxFrames} frames fit a message, not {message.Frames.Count}.", nameof(message));
        writer.Kind(MessageKind.Frames).UInt32(message.Generation).Byte((byte)message.Frames.Count);
        foreach (var frame in message.Frames)
        {
            writer.UInt64(frame.Sequence);
            HeardFrameCodec.Write(writer, frame.HeardAt, frame.Packet);
        }
    }

    private static LegFrames? ReadFrames(ref LegReader reader)
    {
        var (generation, count) = (reader.UInt32(), reader.Byte());
        if (count is 0 or > MaxFrames) return null;
        var frames = new SequencedFrame[count];
        var before = 0UL;
        for (var i = 0; i < count; i++)
        {
            var sequence = reader.UInt64();
            if (sequence <= before || !HeardFrameCodec.TryRead(ref reader, out var heardAt, out var packet)) return null;
            frames[i] = new SequencedFrame(before = sequence, heardAt, packet);
        }
        return new LegFrames(generation, frames);
    }

    private static void WriteDownlink(IBufferWriter<byte> writer, LegDownlink downlink)
    {
        writer.Kind(MessageKind.Downlink).UInt32(downlink.Token).Byte((byte)downlink.Frame.Length).Raw(downlink.Frame.Span).Byte(downlink.Rx1 is null ? (byte)0 : (byte)1);
        if (downlink.Rx1 is { } rx1) WriteWindow(writer, rx1);
        WriteWindow(writer, downlink.Rx2);
    }

    private static void WriteWindow(IBufferWriter<byte> writer, TxWindow window)
    {
        writer.UInt32(window.Timestamp).UInt32(window.Frequency);
        HeardFrameCodec.WriteRate(writer, window.DataRate);
        writer.Byte((byte)(sbyte)window.Power);
    }

    private static LegDownlink? ReadDownlink(ref LegReader reader)
    {
        var token = reader.UInt32();
        var frame = reader.Take(reader.Byte()).ToArray();
        TxWindow? first = null;
        switch (reader.Byte())
        {
            case 0: break;
            case 1 when TryReadWindow(ref reader, out var rx1): first = rx1; break;
            default: return null;
        }
        return TryReadWindow(ref reader, out var rx2) && frame.Length > 0 ? new LegDownlink(token, frame, first, rx2) : null;
    }

    private static bool TryReadWindow(ref LegReader reader, out TxWindow window)
    {
        window = default;
        var (timestamp, frequency) = (reader.UInt32(), reader.UInt32());
        if (!HeardFrameCodec.TryReadRate(ref reader, out var rate)) return false;
        window = new TxWindow(timestamp, frequency, rate, (sbyte)reader.Byte());
        return reader.IsWhole;
    }

    private static LegResult? ReadResult(ref LegReader reader)
    {
        var (token, window, result) = (reader.UInt32(), reader.Byte(), (TxResult)reader.Byte());
        return window > 2 || result != 0 && !Enum.IsDefined(result) ? null : new LegResult(token, window, result == 0 ? null : result);
    }

    private static long Time(ref LegReader reader) => reader.Int64(0, MaxUnixMilliseconds);

    private static int Positive(ref LegReader reader) => reader.UInt32() is > 0 and <= int.MaxValue and var number ? (int)number : Fail(ref reader);

    private static int NotNegative(ref LegReader reader) => reader.UInt32() is <= int.MaxValue and var number ? (int)number : Fail(ref reader);

    private static int Fail(ref LegReader reader)
    {
        reader.Refuse();
        return 0;
    }

    private static IBufferWriter<byte> Kind(this IBufferWriter<byte> writer, MessageKind kind) => writer.Byte((byte)kind);
}
