namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>A frame's first byte.</summary>
public static class FrameHeader
{
    /// <summary>Most bytes that a LoRa modem sends at once.</summary>
    public const int MaxFrameBytes = 255;

    /// <summary>Bytes of the integrity code that ends a frame.</summary>
    public const int MicLength = 4;

    /// <summary>The frame's type; false when it is empty, too long or of an unknown major version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameType type, out FrameProblem problem)
    {
        type = default;
        problem = frame.Length == 0 ? FrameProblem.TooShort : frame.Length > MaxFrameBytes ? FrameProblem.TooLong : (frame[0] & 0b11) != 0 ? FrameProblem.UnknownMajor : FrameProblem.None;
        if (problem != FrameProblem.None) return false;
        type = (FrameType)(frame[0] >> 5);
        return true;
    }

    internal static byte Of(FrameType type) => (byte)((int)type << 5);
}
