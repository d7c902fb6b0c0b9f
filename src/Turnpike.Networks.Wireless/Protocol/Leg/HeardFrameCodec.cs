using System.Buffers;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Protocol.Leg;

/// <summary>
/// A heard frame as bytes, on the leg and in the agent's spool: 8 heard at · 4 tmst · 4 Hz · 1 spreading factor (0 is FSK) · 4 bandwidth or bit rate · 2 rssi · 2 snr · 1 CRC + 1 ·
/// 1 channel · 8 GPS milliseconds + 1 (0 is none) · 1 length · the frame. Integers big-endian.
/// </summary>
public static class HeardFrameCodec
{
    /// <summary>Most bytes of one.</summary>
    public const int MaxBytes = 36 + FrameHeader.MaxFrameBytes;

    private const long MaxUnixMilliseconds = 253_402_300_799_999;
    private const uint LeastHertz = 100_000_000, GreatestHertz = 3_000_000_000;
    private const int LeastRssi = -2000, LeastSnr = -1000, GreatestTenths = 1000;

    /// <summary>Writes one.</summary>
    public static void Write(IBufferWriter<byte> writer, long heardAt, RxPacket packet)
    {
        writer.UInt64((ulong)heardAt).UInt32(packet.Timestamp).UInt32(packet.Frequency);
        WriteRate(writer, packet.DataRate);
        writer.UInt16((ushort)packet.Rssi).UInt16((ushort)packet.Snr).Byte((byte)(packet.Crc + 1)).Byte(packet.Channel).UInt64(packet.GpsMilliseconds is { } gps and < long.MaxValue ? gps + 1 : 0)
            .Byte((byte)packet.Frame.Length).Raw(packet.Frame.Span);
    }

    /// <summary>Reads exactly one; false for anything that no agent writes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long heardAt, out RxPacket packet)
    {
        var reader = new LegReader(bytes);
        return TryRead(ref reader, out heardAt, out packet) && reader.IsExact;
    }

    internal static bool TryRead(ref LegReader reader, out long heardAt, out RxPacket packet)
    {
        packet = null!;
        heardAt = reader.Int64(0, MaxUnixMilliseconds);
        var (timestamp, frequency) = (reader.UInt32(), reader.UInt32());
        if (!TryReadRate(ref reader, out var rate)) return false;
        var (rssi, snr, crc, channel, gps) = (reader.Int16(), reader.Int16(), reader.Byte(), reader.Byte(), reader.Int64(0, long.MaxValue));
        var frame = reader.Take(reader.Byte());
        if (!reader.IsWhole || frame.Length == 0 || frequency is < LeastHertz or > GreatestHertz || crc > 2 || rssi is < LeastRssi or > GreatestTenths || snr is < LeastSnr or > GreatestTenths) return false;
        packet = new RxPacket
        {
            Frame = frame.ToArray(),
            Timestamp = timestamp,
            Frequency = frequency,
            DataRate = rate,
            Rssi = rssi,
            Snr = snr,
            Crc = (CrcStatus)(crc - 1),
            Channel = channel,
            GpsMilliseconds = gps == 0 ? null : (ulong)gps - 1,
        };
        return true;
    }

    internal static void WriteRate(IBufferWriter<byte> writer, DataRate rate) => writer.Byte((byte)rate.SpreadingFactor).UInt32((uint)(rate.IsLoRa ? rate.Bandwidth : rate.BitRate));

    internal static bool TryReadRate(ref LegReader reader, out DataRate rate)
    {
        var (factor, number) = (reader.Byte(), reader.UInt32());
        rate = factor == 0 ? DataRate.Fsk((int)Math.Min(number, int.MaxValue)) : new DataRate(factor, (int)Math.Min(number, int.MaxValue), 0);
        // What a forwarder could have said, and nothing else.
        return reader.IsWhole && DataRate.TryParse(rate.ToString(), out var known) && known == rate;
    }
}
