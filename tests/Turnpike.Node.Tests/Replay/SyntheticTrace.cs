using System.Globalization;
using System.IO.Compression;
using System.Text;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol;

namespace Turnpike.Node.Tests.Replay;

/// <summary>Deliveries in the form of Helium Console, made by a test.</summary>
internal sealed class SyntheticTrace
{
    private readonly StringBuilder _lines = new();

    /// <summary>The id of an invented hotspot.</summary>
    public static string Hotspot(int number, HeliumKeyType type = HeliumKeyType.P256) => HeliumKey.Format([(byte)type, .. Keccak256.Hash([(byte)number]).ToArray()]);

    /// <summary>One delivery through one hotspot.</summary>
    public SyntheticTrace Add(string hotspot, long reportedAt, uint frame, int payloadBytes = 12)
    {
        _lines.Append(CultureInfo.InvariantCulture,
            $$"""{"dev_eui":"0018B20000020CBC","devaddr":"D2010048","fcnt":{{frame}},"payload_size":{{payloadBytes}},"hotspots":[{"id":"{{hotspot}}","reported_at":{{reportedAt}},"rssi":-109,"snr":-20.2,"spreading":"SF12BW125"}]}""").Append('\n');
        return this;
    }

    /// <summary>Any line.</summary>
    public SyntheticTrace AddLine(string line)
    {
        _lines.Append(line).Append('\n');
        return this;
    }

    /// <summary>Writes the file, compressed if its name says so.</summary>
    public string WriteTo(string path)
    {
        using Stream file = File.Create(path);
        using var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(_lines.ToString()));
        return path;
    }
}
