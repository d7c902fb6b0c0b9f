using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Protocol.Gwmp;

/// <summary>Reads the elements of a forwarder's JSON within bounds; a number out of them is no number.</summary>
internal static class RxReader
{
    private const int MaxBase64Length = 4 * ((FrameHeader.MaxFrameBytes + 2) / 3);

    public static bool TryRead(JsonElement rx, out RxPacket packet)
    {
        packet = null!;
        if (rx.ValueKind != JsonValueKind.Object) return false;
        if (!TryFrame(rx, out var frame) || !TryNumber(rx, "tmst", 0, uint.MaxValue, out var timestamp) || !TryHertz(rx, out var frequency) || !TryRate(rx, out var rate) || !TryStrength(rx, out var rssi, out var snr)) return false;
        packet = new RxPacket
        {
            Frame = frame,
            Timestamp = (uint)timestamp,
            Frequency = frequency,
            DataRate = rate,
            Rssi = rssi,
            Snr = snr,
            Crc = TryNumber(rx, "stat", -1, 1, out var status) ? (CrcStatus)(int)status : CrcStatus.Ok,
            Channel = TryNumber(rx, "chan", 0, byte.MaxValue, out var channel) ? (byte)channel : (byte)0,
            GpsMilliseconds = TryNumber(rx, "tmms", 0, long.MaxValue, out var gps) ? (ulong)gps : null,
        };
        return true;
    }

    public static GatewayStat ReadStat(JsonElement stat)
    {
        var hasPlace = TryNumber(stat, "lati", -90, 90, out var latitude) & TryNumber(stat, "long", -180, 180, out var longitude) && (latitude != 0 || longitude != 0);
        return new GatewayStat(Count(stat, "rxnb"), Count(stat, "rxok"), Count(stat, "rxfw"), TryNumber(stat, "ackr", 0, 100, out var acknowledged) ? (int)(acknowledged * 10) : 0, Count(stat, "dwnb"), Count(stat, "txnb"),
            hasPlace ? (int)decimal.Round(latitude * 10_000_000) : null, hasPlace ? (int)decimal.Round(longitude * 10_000_000) : null);
    }

    private static uint Count(JsonElement stat, string name) => TryNumber(stat, name, 0, uint.MaxValue, out var count) ? (uint)count : 0;

    private static bool TryFrame(JsonElement rx, out byte[] frame)
    {
        frame = [];
        if (!rx.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.String || data.GetString() is not { Length: > 0 and <= MaxBase64Length + 2 } text) return false;
        text = text.TrimEnd('=');
        if (text.Length % 4 == 1) return false;
        text += new string('=', (4 - text.Length % 4) % 4);
        if (!Base64.IsValid(text)) return false;
        frame = Convert.FromBase64String(text);
        return frame.Length is >= 1 and <= FrameHeader.MaxFrameBytes;
    }

    private static bool TryHertz(JsonElement rx, out uint hertz)
    {
        hertz = 0;
        if (!TryNumber(rx, "freq", 100, 3000, out var megahertz)) return false;
        hertz = (uint)decimal.Round(megahertz * 1_000_000);
        return true;
    }

    private static bool TryRate(JsonElement rx, out DataRate rate)
    {
        rate = default;
        if (!rx.TryGetProperty("datr", out var text)) return false;
        return text.ValueKind switch
        {
            JsonValueKind.String => DataRate.TryParse(text.GetString(), out rate),
            JsonValueKind.Number => text.TryGetInt32(out var bits) && DataRate.TryParse(bits.ToString(CultureInfo.InvariantCulture), out rate),
            _ => false,
        };
    }

    private static bool TryStrength(JsonElement rx, out short rssi, out short snr)
    {
        (rssi, snr) = (0, 0);
        // Version 1 of the two-antenna gateways gives strength and ratio by antenna only.
        if (!rx.TryGetProperty("rssi", out _) && rx.TryGetProperty("rsig", out var antennas) && antennas.ValueKind == JsonValueKind.Array) return TryStrongest(antennas, out rssi, out snr);
        if (!TryNumber(rx, "rssi", -200, 100, out var strength)) return false;
        rssi = Tenths(strength);
        snr = TryNumber(rx, "lsnr", -100, 100, out var ratio) ? Tenths(ratio) : (short)0;
        return true;
    }

    private static bool TryStrongest(JsonElement antennas, out short rssi, out short snr)
    {
        (rssi, snr) = (short.MinValue, 0);
        foreach (var antenna in antennas.EnumerateArray())
        {
            if (antenna.ValueKind != JsonValueKind.Object || !TryNumber(antenna, "rssic", -200, 100, out var strength) || Tenths(strength) <= rssi) continue;
            rssi = Tenths(strength);
            snr = TryNumber(antenna, "lsnr", -100, 100, out var ratio) ? Tenths(ratio) : (short)0;
        }
        return rssi != short.MinValue;
    }

    private static short Tenths(decimal value) => (short)decimal.Round(value * 10);

    private static bool TryNumber(JsonElement element, string name, decimal least, decimal greatest, out decimal number)
    {
        number = 0;
        return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out number) && number >= least && number <= greatest;
    }
}
