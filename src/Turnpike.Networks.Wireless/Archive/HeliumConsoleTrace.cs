using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol;

namespace Turnpike.Networks.Wireless.Archive;

/// <summary>A line of the trace is not what the Helium Console integration writes.</summary>
public sealed class TraceFormatException(string file, long line, string problem, Exception? inner = null)
    : Exception($"{file}, line {line}: {problem}", inner);

/// <summary>
/// Reads deliveries as Helium Console's HTTP integration wrote them: one JSON object a line (gzip if the name ends in .gz), one delivery with
/// one to many hotspots each. Every hotspot of a delivery is one reception.
/// </summary>
public static class HeliumConsoleTrace
{
    private const int MaxLineChars = 1 << 20;
    private const int DevEuiBytes = 8;
    private const int DevAddrBytes = 4;

    // What a packet report takes.
    private const int MaxDataRateChars = 16;

    // Unix milliseconds. A number outside is more likely in another unit than a time.
    private const long Earliest = 946_684_800_000;
    private const long Latest = 4_102_444_800_000;

    /// <summary>All receptions in the file's order.</summary>
    /// <exception cref="TraceFormatException">A line is not a delivery; names the line and what is wrong.</exception>
    public static IEnumerable<ArchivedReception> Read(string file)
    {
        using Stream raw = File.OpenRead(file);
        using var stream = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = new StringBuilder();
        for (long number = 1; TryReadLine(reader, line); number++)
        {
            if (line.Length > MaxLineChars) throw new TraceFormatException(file, number, $"the line is longer than {MaxLineChars} characters.");
            var text = line.ToString();
            if (string.IsNullOrWhiteSpace(text)) continue;
            foreach (var reception in ReadDelivery(file, number, text)) yield return reception;
        }
    }

    // Unlike TextReader.ReadLine it stops one character past the limit, so that a file without line ends is not taken into memory.
    private static bool TryReadLine(StreamReader reader, StringBuilder line)
    {
        line.Clear();
        var next = reader.Read();
        if (next < 0) return false;
        for (; next is >= 0 and not '\n' && line.Length <= MaxLineChars; next = reader.Read()) line.Append((char)next);
        return true;
    }

    private static List<ArchivedReception> ReadDelivery(string file, long number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var delivery = document.RootElement;
            return delivery.GetProperty("hotspots").EnumerateArray().Select(hotspot => ReadReception(delivery, hotspot)).ToList();
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new TraceFormatException(file, number, problem.Message, problem);
        }
    }

    private static ArchivedReception ReadReception(JsonElement delivery, JsonElement hotspot)
    {
        var id = Text(hotspot, "id");
        if (!HeliumKey.TryParse(id, out var key, out var type)) throw new FormatException($"'{id}' is not a hotspot's public key in base58check.");
        return new ArchivedReception
        {
            HotspotKey = key,
            KeyType = type,
            ReportedAt = Time(hotspot, "reported_at"),
            DevEui = HexText(delivery, "dev_eui", DevEuiBytes),
            DevAddr = HexText(delivery, "devaddr", DevAddrBytes),
            FrameCounter = delivery.GetProperty("fcnt").GetUInt32(),
            PayloadBytes = delivery.GetProperty("payload_size").GetByte(),
            Rssi = Tenths(hotspot.GetProperty("rssi")),
            Snr = Tenths(hotspot.GetProperty("snr")),
            DataRate = DataRate(hotspot, "spreading"),
        };
    }

    private static string Text(JsonElement parent, string name) =>
        parent.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");

    private static string HexText(JsonElement parent, string name, int bytes)
    {
        var text = Text(parent, name);
        return text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit) ? text : throw new FormatException($"'{name}' is not {2 * bytes} hexadecimal digits.");
    }

    private static long Time(JsonElement parent, string name) =>
        parent.GetProperty(name).GetInt64() is >= Earliest and < Latest and var time ? time : throw new FormatException($"'{name}' is no time in unix milliseconds between 2000 and 2100.");

    private static string DataRate(JsonElement parent, string name)
    {
        var text = Text(parent, name);
        return text.Length is >= 1 and <= MaxDataRateChars && text.All(char.IsAsciiLetterOrDigit) ? text : throw new FormatException($"'{name}' is no data rate such as SF12BW125.");
    }

    private static short Tenths(JsonElement number) =>
        Fixed.TryScale(number.GetDouble(), decimals: 1, out var tenths) && tenths is >= short.MinValue and <= short.MaxValue
            ? (short)tenths
            : throw new FormatException($"{number} is no level in dB.");
}
