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

    /// <summary>All receptions in the file's order.</summary>
    /// <exception cref="TraceFormatException">A line is not a delivery; names the line and what is wrong.</exception>
    public static IEnumerable<ArchivedReception> Read(string file)
    {
        using Stream raw = File.OpenRead(file);
        using var stream = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        for (long number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (line.Length > MaxLineChars) throw new TraceFormatException(file, number, $"the line is longer than {MaxLineChars} characters.");
            foreach (var reception in ReadDelivery(file, number, line)) yield return reception;
        }
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
            ReportedAt = hotspot.GetProperty("reported_at").GetInt64(),
            DevEui = Text(delivery, "dev_eui"),
            DevAddr = Text(delivery, "devaddr"),
            FrameCounter = delivery.GetProperty("fcnt").GetUInt32(),
            PayloadBytes = delivery.GetProperty("payload_size").GetByte(),
            Rssi = Tenths(hotspot.GetProperty("rssi")),
            Snr = Tenths(hotspot.GetProperty("snr")),
            DataRate = Text(hotspot, "spreading"),
        };
    }

    private static string Text(JsonElement parent, string name) =>
        parent.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");

    private static short Tenths(JsonElement number) =>
        Fixed.TryScale(number.GetDouble(), decimals: 1, out var tenths) && tenths is >= short.MinValue and <= short.MaxValue
            ? (short)tenths
            : throw new FormatException($"{number} is no level in dB.");
}
