using System.Buffers.Binary;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>
/// A network lets a device in: JoinNonce, NetID, DevAddr, DLSettings, RxDelay and perhaps a channel list (LoRaWAN 1.0.4, 6.2.3; 1.1, 6.2.3).
/// The network "decrypts" it so that devices need AES encryption only.
/// </summary>
public sealed record JoinAccept
{
    private const int WithoutList = 1 + 3 + 3 + DevAddr.Length + 1 + 1 + FrameHeader.MicLength;

    /// <summary>Bytes of a channel list.</summary>
    public const int ChannelListLength = 16;

    /// <summary>24 bits, counting up for each device.</summary>
    public required uint JoinNonce { get; init; }

    /// <summary>The network.</summary>
    public required NetId NetId { get; init; }

    /// <summary>The device's new address.</summary>
    public required DevAddr Address { get; init; }

    /// <summary>1.1: the server speaks 1.1 and derives the four 1.1 keys.</summary>
    public bool OptNeg { get; init; }

    /// <summary>0 to 7: how far RX1's data rate lies below the uplink's.</summary>
    public byte Rx1DataRateOffset { get; init; }

    /// <summary>0 to 15: data rate of RX2.</summary>
    public byte Rx2DataRate { get; init; }

    /// <summary>Seconds from uplink to RX1, 1 to 15; 0 means 1.</summary>
    public byte RxDelay { get; init; }

    /// <summary>Empty, or 16 bytes as the region prescribes.</summary>
    public ReadOnlyMemory<byte> ChannelList { get; init; }

    /// <summary>Writes the frame as it goes on the air.</summary>
    /// <param name="encryptionKey">AppKey in 1.0.x, NwkKey in 1.1 for an answer to a join request.</param>
    /// <param name="integrityKey">The same in 1.0.x and without OptNeg; else JSIntKey.</param>
    /// <param name="joinEui">With OptNeg the code covers the request too.</param>
    /// <param name="devNonce">The request's nonce.</param>
    public byte[] Write(AesKey encryptionKey, AesKey integrityKey, Eui64 joinEui, ushort devNonce)
    {
        if (ChannelList.Length is not (0 or ChannelListLength)) throw new InvalidOperationException($"A channel list has {ChannelListLength} bytes or none.");
        var frame = new byte[WithoutList + ChannelList.Length];
        frame[0] = FrameHeader.Of(FrameType.JoinAccept);
        WriteUInt24(frame.AsSpan(1), JoinNonce);
        WriteUInt24(frame.AsSpan(4), NetId.Value);
        Address.WriteLittleEndian(frame.AsSpan(7));
        frame[11] = (byte)((OptNeg ? 0x80 : 0) | (Rx1DataRateOffset & 7) << 4 | (Rx2DataRate & 15));
        frame[12] = RxDelay;
        ChannelList.Span.CopyTo(frame.AsSpan(13));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - FrameHeader.MicLength), MicOf(frame, OptNeg, integrityKey, joinEui, devNonce));
        encryptionKey.DecryptBlocks(frame.AsSpan(1), frame.AsSpan(1));
        return frame;
    }

    /// <summary>Reads a frame as a device does; false when it is no join-accept or its code is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, AesKey encryptionKey, Func<bool, AesKey> integrityKey, Eui64 joinEui, ushort devNonce, out JoinAccept accept)
    {
        accept = null!;
        if (!FrameHeader.TryRead(frame, out var type, out _) || type != FrameType.JoinAccept || (frame.Length != WithoutList && frame.Length != WithoutList + ChannelListLength)) return false;
        var plain = frame.ToArray();
        encryptionKey.EncryptBlocks(frame[1..], plain.AsSpan(1));
        var optNeg = (plain[11] & 0x80) != 0;
        if (MicOf(plain, optNeg, integrityKey(optNeg), joinEui, devNonce) != BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(plain.Length - FrameHeader.MicLength))) return false;
        accept = new JoinAccept
        {
            JoinNonce = ReadUInt24(plain.AsSpan(1)),
            NetId = new NetId(ReadUInt24(plain.AsSpan(4))),
            Address = DevAddr.ReadLittleEndian(plain.AsSpan(7)),
            OptNeg = optNeg,
            Rx1DataRateOffset = (byte)(plain[11] >> 4 & 7),
            Rx2DataRate = (byte)(plain[11] & 15),
            RxDelay = plain[12],
            ChannelList = plain.AsMemory(13..^FrameHeader.MicLength),
        };
        return true;
    }

    private static uint MicOf(ReadOnlySpan<byte> plain, bool optNeg, AesKey key, Eui64 joinEui, ushort devNonce)
    {
        Span<byte> mac = stackalloc byte[AesKey.Length];
        Span<byte> head = stackalloc byte[1 + Eui64.Length + 2];
        // JoinReqType 0xFF: an answer to a join request.
        head[0] = 0xFF;
        joinEui.WriteLittleEndian(head[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(head[9..], devNonce);
        AesCmac.Compute(key, optNeg ? head : default, plain[..^FrameHeader.MicLength], mac);
        return BinaryPrimitives.ReadUInt32BigEndian(mac);
    }

    private static void WriteUInt24(Span<byte> bytes, uint value) => (bytes[0], bytes[1], bytes[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));

    private static uint ReadUInt24(ReadOnlySpan<byte> bytes) => (uint)(bytes[0] | bytes[1] << 8 | bytes[2] << 16);
}
