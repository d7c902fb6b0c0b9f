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

    // 2000 to 2100 in unix milliseconds. A number outside is more likely in another unit than a time.
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
        var hotspots = new Dictionary<string, Hotspot>(StringComparer.Ordinal);
        for (long number = 1; TryReadLine(reader, line); number++)
        {
            if (line.Length > MaxLineChars) throw new TraceFormatException(file, number, $"the line is longer than {MaxLineChars} characters.");
            var text = line.ToString();
            if (string.IsNullOrWhiteSpace(text)) continue;
            foreach (var reception in ReadDelivery(file, number, text, hotspots)) yield return reception;
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

    private static List<ArchivedReception> ReadDelivery(string file, long number, string line, Dictionary<string, Hotspot> hotspots)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var delivery = document.RootElement;
            var copies = Property(delivery, "hotspots");
            if (copies.ValueKind != JsonValueKind.Array) throw new FormatException("'hotspots' is no array.");
            return copies.EnumerateArray().Select(hotspot => ReadReception(delivery, hotspot, hotspots)).ToList();
        }
        catch (JsonException problem)
        {
            throw new TraceFormatException(file, number, $"this is no JSON object, from byte {problem.BytePositionInLine + 1} on.", problem);
        }
        catch (FormatException problem)
        {
            throw new TraceFormatException(file, number, problem.Message, problem);
        }
    }

    private static ArchivedReception ReadReception(JsonElement delivery, JsonElement hotspot, Dictionary<string, Hotspot> hotspots)
    {
        var (key, type) = ReadHotspot(Text(hotspot, "id"), hotspots);
        return new ArchivedReception
        {
            HotspotKey = key,
            KeyType = type,
            ReportedAt = Integer(hotspot, "reported_at", Earliest, Latest),
            DevEui = HexText(delivery, "dev_eui", DevEuiBytes),
            DevAddr = HexText(delivery, "devaddr", DevAddrBytes),
            FrameCounter = (uint)Integer(delivery, "fcnt", 0, uint.MaxValue),
            PayloadBytes = (byte)Integer(delivery, "payload_size", 0, byte.MaxValue),
            Rssi = Tenths(hotspot, "rssi"),
            Snr = Tenths(hotspot, "snr"),
            DataRate = DataRate(hotspot, "spreading"),
        };
    }

    // A hotspot is named on many lines; its key is decoded, and kept, once.
    private static Hotspot ReadHotspot(string id, Dictionary<string, Hotspot> known)
    {
        if (known.TryGetValue(id, out var hotspot)) return hotspot;
        if (!HeliumKey.TryParse(id, out var key, out var type)) throw new FormatException("a hotspot's 'id' is not its public key in base58check.");
        return known[id] = new Hotspot(key, type);
    }

    private sealed record Hotspot(byte[] Key, HeliumKeyType Type);

    private static JsonElement Property(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : throw new FormatException($"'{name}' is missing.");

    private static string Text(JsonElement parent, string name)
    {
        var value = Property(parent, name);
        if (value.ValueKind != JsonValueKind.String) throw new FormatException($"'{name}' is no text.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException problem)
        {
            // A lone surrogate in an escape: valid JSON, no text.
            throw new FormatException($"'{name}' is no text.", problem);
        }
    }

    private static string HexText(JsonElement parent, string name, int bytes)
    {
        var text = Text(parent, name);
        return text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit) ? text : throw new FormatException($"'{name}' is not {2 * bytes} hexadecimal digits.");
    }

    private static long Integer(JsonElement parent, string name, long minimum, long maximum) =>
        Property(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number >= minimum && number <= maximum
            ? number
            : throw new FormatException($"'{name}' is no whole number from {minimum} to {maximum}.");

    private static string DataRate(JsonElement parent, string name)
    {
        var text = Text(parent, name);
        return text.Length is >= 1 and <= MaxDataRateChars && text.All(char.IsAsciiLetterOrDigit) ? text : throw new FormatException($"'{name}' is no data rate such as SF12BW125.");
    }

    private static short Tenths(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var level)
            && Fixed.TryScale(level, decimals: 1, out var tenths) && tenths is >= short.MinValue and <= short.MaxValue
                ? (short)tenths
                : throw new FormatException($"'{name}' is no level in dB.");
}
