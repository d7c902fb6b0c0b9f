using System.Buffers.Binary;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>What an uplink's second integrity half covers in 1.1, beside the frame: the counter of the downlink that it acknowledges, and how it was sent.</summary>
/// <param name="ConfirmedCounter">The counter of the confirmed downlink when the frame's ACK bit is set, modulo 2^16; else 0.</param>
/// <param name="DataRate">Index of the uplink's data rate.</param>
/// <param name="Channel">Index of the uplink's channel.</param>
public readonly record struct UplinkContext(ushort ConfirmedCounter, byte DataRate, byte Channel);

/// <summary>
/// Integrity and encryption of data frames, LoRaWAN 1.0.x and 1.1 (1.1: 4.3.3, 4.4, 4.3.1.6). Counters are the whole 32 bits; the air carries 16.
/// </summary>
public static class FrameSecurity
{
    private const byte Up = 0;
    private const byte Down = 1;

    /// <summary>The code of a frame in 1.0.x: AES-CMAC of NwkSKey over B0 and the frame.</summary>
    /// <param name="nwkSKey">Network session key.</param>
    /// <param name="isDown">Direction.</param>
    /// <param name="address">Device address.</param>
    /// <param name="counter">32-bit counter.</param>
    /// <param name="frame">The frame without its code.</param>
    public static uint Mic10(AesKey nwkSKey, bool isDown, DevAddr address, uint counter, ReadOnlySpan<byte> frame) => Mic(nwkSKey, 0, isDown ? Down : Up, address, counter, frame);

    /// <summary>The code of a downlink in 1.1; <paramref name="confirmedCounter"/> is the uplink's it acknowledges, or 0.</summary>
    public static uint MicDown11(AesKey sNwkSIntKey, DevAddr address, uint counter, ushort confirmedCounter, ReadOnlySpan<byte> frame) =>
        Mic(sNwkSIntKey, confirmedCounter, Down, address, counter, frame);

    /// <summary>The code of an uplink in 1.1: two bytes under the serving network's key, two under the forwarding network's.</summary>
    public static uint MicUp11(AesKey sNwkSIntKey, AesKey fNwkSIntKey, UplinkContext context, DevAddr address, uint counter, ReadOnlySpan<byte> frame)
    {
        var serving = Mic(sNwkSIntKey, (uint)context.ConfirmedCounter | (uint)context.DataRate << 16 | (uint)context.Channel << 24, Up, address, counter, frame);
        var forwarding = Mic(fNwkSIntKey, 0, Up, address, counter, frame);
        return (serving & 0xFFFF0000) | forwarding >> 16;
    }

    /// <summary>The forwarding network's half of an uplink's code in 1.1, which needs no knowledge of channel and data rate: lower 16 bits.</summary>
    public static ushort ForwardingHalf(AesKey fNwkSIntKey, DevAddr address, uint counter, ReadOnlySpan<byte> frame) => (ushort)(Mic(fNwkSIntKey, 0, Up, address, counter, frame) >> 16);

    /// <summary>Encrypts or decrypts a payload: the same operation (LoRaWAN 1.0.4, 4.3.3). In place when both spans are one.</summary>
    /// <param name="key">AppSKey; under port 0 NwkSKey (NwkSEncKey in 1.1).</param>
    /// <param name="isDown">Direction.</param>
    /// <param name="address">Device address.</param>
    /// <param name="counter">32-bit counter.</param>
    /// <param name="source">Payload.</param>
    /// <param name="destination">As long as the payload.</param>
    public static void CryptPayload(AesKey key, bool isDown, DevAddr address, uint counter, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var blocks = (source.Length + AesKey.Length - 1) / AesKey.Length;
        Span<byte> stream = stackalloc byte[AesKey.Length * ((FrameHeader.MaxFrameBytes + AesKey.Length - 1) / AesKey.Length)];
        if (blocks * AesKey.Length > stream.Length) throw new ArgumentException($"A payload has at most {FrameHeader.MaxFrameBytes} bytes.", nameof(source));
        stream = stream[..(blocks * AesKey.Length)];
        if (blocks == 0) return;
        for (var i = 0; i < blocks; i++)
        {
            var block = stream.Slice(i * AesKey.Length, AesKey.Length);
            WriteBlock(block, 0x01, 0, isDown ? Down : Up, address, counter);
            block[15] = (byte)(i + 1);
        }
        key.EncryptBlocks(stream, stream);
        for (var i = 0; i < source.Length; i++) destination[i] = (byte)(source[i] ^ stream[i]);
    }

    /// <summary>Encrypts or decrypts the options of a 1.1 frame (4.3.1.6 with the erratum on FOpts encryption).</summary>
    /// <param name="nwkSEncKey">Network session encryption key.</param>
    /// <param name="isDown">Direction.</param>
    /// <param name="usesApplicationCounter">Down with a port above 0: the counter is AFCntDown.</param>
    /// <param name="address">Device address.</param>
    /// <param name="counter">32-bit counter.</param>
    /// <param name="options">0 to 15 bytes.</param>
    /// <param name="destination">As long as the options.</param>
    public static void CryptOptions(AesKey nwkSEncKey, bool isDown, bool usesApplicationCounter, DevAddr address, uint counter, ReadOnlySpan<byte> options, Span<byte> destination)
    {
        Span<byte> block = stackalloc byte[AesKey.Length];
        WriteBlock(block, 0x01, isDown && usesApplicationCounter ? 0x02000000u : 0x01000000u, isDown ? Down : Up, address, counter);
        block[15] = 0x01;
        nwkSEncKey.EncryptBlocks(block, block);
        for (var i = 0; i < options.Length; i++) destination[i] = (byte)(options[i] ^ block[i]);
    }

    private static uint Mic(AesKey key, uint context, byte direction, DevAddr address, uint counter, ReadOnlySpan<byte> frame)
    {
        Span<byte> block = stackalloc byte[AesKey.Length];
        Span<byte> mac = stackalloc byte[AesKey.Length];
        WriteBlock(block, 0x49, context, direction, address, counter);
        block[15] = (byte)frame.Length;
        AesCmac.Compute(key, block, frame, mac);
        return BinaryPrimitives.ReadUInt32BigEndian(mac);
    }

    private static void WriteBlock(Span<byte> block, byte head, uint context, byte direction, DevAddr address, uint counter)
    {
        block[0] = head;
        BinaryPrimitives.WriteUInt32LittleEndian(block[1..], context);
        block[5] = direction;
        address.WriteLittleEndian(block[6..]);
        BinaryPrimitives.WriteUInt32LittleEndian(block[10..], counter);
        block[14] = 0;
        block[15] = 0;
    }
}
