using System.Buffers.Binary;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>A device asks to join: MHDR, JoinEUI, DevEUI, DevNonce, MIC; 23 bytes, not encrypted (LoRaWAN 1.0.4, 6.2.2).</summary>
public sealed record JoinRequest(Eui64 JoinEui, Eui64 DevEui, ushort DevNonce, uint Mic)
{
    /// <summary>Bytes.</summary>
    public const int Length = 23;

    /// <summary>Reads a join request; never throws on input.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out JoinRequest request, out FrameProblem problem)
    {
        request = null!;
        if (!FrameHeader.TryRead(frame, out var type, out problem)) return false;
        problem = type != FrameType.JoinRequest ? FrameProblem.OtherType : frame.Length < Length ? FrameProblem.TooShort : frame.Length > Length ? FrameProblem.TooLong : FrameProblem.None;
        if (problem != FrameProblem.None) return false;
        request = new JoinRequest(
            Eui64.ReadLittleEndian(frame[1..]),
            Eui64.ReadLittleEndian(frame[9..]),
            BinaryPrimitives.ReadUInt16LittleEndian(frame[17..]),
            BinaryPrimitives.ReadUInt32BigEndian(frame[^FrameHeader.MicLength..]));
        return true;
    }

    /// <summary>Writes a request with its code, as a device does.</summary>
    /// <param name="joinEui">Whose join server.</param>
    /// <param name="devEui">Which device.</param>
    /// <param name="devNonce">Never used before with this JoinEUI.</param>
    /// <param name="rootKey">AppKey in 1.0.x, NwkKey in 1.1.</param>
    public static byte[] Write(Eui64 joinEui, Eui64 devEui, ushort devNonce, AesKey rootKey)
    {
        var frame = new byte[Length];
        frame[0] = FrameHeader.Of(FrameType.JoinRequest);
        joinEui.WriteLittleEndian(frame.AsSpan(1));
        devEui.WriteLittleEndian(frame.AsSpan(9));
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(17), devNonce);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(Length - FrameHeader.MicLength), ExpectedMic(frame, rootKey));
        return frame;
    }

    /// <summary>The code that the frame should have under a root key: AppKey in 1.0.x, NwkKey in 1.1.</summary>
    public static uint ExpectedMic(ReadOnlySpan<byte> frame, AesKey rootKey)
    {
        Span<byte> mac = stackalloc byte[AesKey.Length];
        AesCmac.Compute(rootKey, default, frame[..^FrameHeader.MicLength], mac);
        return BinaryPrimitives.ReadUInt32BigEndian(mac);
    }
}
