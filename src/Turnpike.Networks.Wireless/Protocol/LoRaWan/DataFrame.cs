using System.Buffers.Binary;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>
/// A data frame as it is on the air, payload and (in 1.1) options still encrypted:
/// MHDR, DevAddr, FCtrl, FCnt (16 bits), FOpts (0 to 15), then FPort and FRMPayload or neither, MIC (LoRaWAN 1.0.4, 4.3).
/// </summary>
public sealed record DataFrame
{
    /// <summary>Most bytes of options.</summary>
    public const int MaxOptionsBytes = 15;

    private const int Shortest = 1 + DevAddr.Length + 1 + 2 + FrameHeader.MicLength;

    /// <summary>One of the four data types.</summary>
    public required FrameType Type { get; init; }

    /// <summary>To or from whom.</summary>
    public required DevAddr Address { get; init; }

    /// <summary>Adaptive data rate: the device follows the network's commands, or the network will give some.</summary>
    public bool Adr { get; init; }

    /// <summary>Up: the device wants to hear that its data rate is still good. Bit 6 of FCtrl; reserved downwards.</summary>
    public bool AdrAckRequest { get; init; }

    /// <summary>The last confirmed frame arrived.</summary>
    public bool Ack { get; init; }

    /// <summary>Down: more is waiting. Up: the device is in class B. Bit 4 of FCtrl.</summary>
    public bool Pending { get; init; }

    /// <summary>The counter's lower 16 bits.</summary>
    public required ushort FrameCounter { get; init; }

    /// <summary>MAC commands, encrypted in 1.1.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>0 for MAC commands; null for a frame without payload.</summary>
    public byte? Port { get; init; }

    /// <summary>Encrypted.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Integrity code.</summary>
    public uint Mic { get; init; }

    /// <summary>Whether it goes to a device.</summary>
    public bool IsDown => Type is FrameType.UnconfirmedDown or FrameType.ConfirmedDown;

    /// <summary>Whether it is to be acknowledged.</summary>
    public bool IsConfirmed => Type is FrameType.ConfirmedUp or FrameType.ConfirmedDown;

    /// <summary>Reads a data frame; never throws on input.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out DataFrame data, out FrameProblem problem)
    {
        data = null!;
        if (!FrameHeader.TryRead(frame.Span, out var type, out problem)) return false;
        problem = Check(frame.Span, type, out var optionsEnd);
        if (problem != FrameProblem.None) return false;
        var bytes = frame.Span;
        var control = bytes[5];
        var hasPort = optionsEnd < frame.Length - FrameHeader.MicLength;
        data = new DataFrame
        {
            Type = type,
            Address = DevAddr.ReadLittleEndian(bytes[1..]),
            Adr = (control & 0x80) != 0,
            AdrAckRequest = (control & 0x40) != 0,
            Ack = (control & 0x20) != 0,
            Pending = (control & 0x10) != 0,
            FrameCounter = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            Options = frame[8..optionsEnd],
            Port = hasPort ? bytes[optionsEnd] : null,
            Payload = hasPort ? frame[(optionsEnd + 1)..^FrameHeader.MicLength] : default,
            Mic = BinaryPrimitives.ReadUInt32BigEndian(bytes[^FrameHeader.MicLength..]),
        };
        return true;
    }

    /// <summary>Writes all but the integrity code.</summary>
    /// <exception cref="InvalidOperationException">Options longer than 15 bytes, options beside port 0, payload without port, or more than 255 bytes.</exception>
    public byte[] WriteWithoutMic()
    {
        if (Options.Length > MaxOptionsBytes) throw new InvalidOperationException($"Options have at most {MaxOptionsBytes} bytes, not {Options.Length}.");
        if (Port == 0 && Options.Length > 0) throw new InvalidOperationException("MAC commands are in FOpts or under port 0, not both.");
        if (Port is null && Payload.Length > 0) throw new InvalidOperationException("A payload needs a port.");
        var bytes = new byte[Shortest - FrameHeader.MicLength + Options.Length + (Port is null ? 0 : 1 + Payload.Length)];
        if (bytes.Length + FrameHeader.MicLength > FrameHeader.MaxFrameBytes) throw new InvalidOperationException($"A frame has at most {FrameHeader.MaxFrameBytes} bytes.");
        bytes[0] = FrameHeader.Of(Type);
        Address.WriteLittleEndian(bytes.AsSpan(1));
        bytes[5] = (byte)((Adr ? 0x80 : 0) | (AdrAckRequest ? 0x40 : 0) | (Ack ? 0x20 : 0) | (Pending ? 0x10 : 0) | Options.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), FrameCounter);
        Options.Span.CopyTo(bytes.AsSpan(8));
        if (Port is not { } port) return bytes;
        bytes[8 + Options.Length] = port;
        Payload.Span.CopyTo(bytes.AsSpan(9 + Options.Length));
        return bytes;
    }

    private static FrameProblem Check(ReadOnlySpan<byte> frame, FrameType type, out int optionsEnd)
    {
        optionsEnd = 0;
        if (type is < FrameType.UnconfirmedUp or > FrameType.ConfirmedDown) return FrameProblem.OtherType;
        if (frame.Length < Shortest) return FrameProblem.TooShort;
        optionsEnd = 8 + (frame[5] & 0x0F);
        if (optionsEnd > frame.Length - FrameHeader.MicLength) return FrameProblem.OptionsTooLong;
        var hasPort = optionsEnd < frame.Length - FrameHeader.MicLength;
        return hasPort && frame[optionsEnd] == 0 && optionsEnd > 8 ? FrameProblem.OptionsWithPortZero : FrameProblem.None;
    }
}
