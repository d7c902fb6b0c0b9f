using Turnpike.Core;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Networks.Wireless.Protocol;

namespace Turnpike.Node.Replay;

/// <summary>A hotspot of the trace.</summary>
/// <param name="Key">Its raw public key.</param>
/// <param name="Type">The key's type.</param>
public sealed record ReplayHotspot(ReadOnlyMemory<byte> Key, HeliumKeyType Type)
{
    /// <summary>Its device id: keccak256 of the raw key.</summary>
    public DeviceId Device { get; } = new(Keccak256.Hash(Key.Span));

    /// <summary>Its id as Helium writes it.</summary>
    public string Name => HeliumKey.Format(Key.Span);

    /// <summary>The account that its rewards go to: the last 20 bytes of keccak256(key). Nobody holds its key, so what a replay mints can never be claimed.</summary>
    public Address Owner => new(Device.Value.ToArray().AsSpan(Bytes32.Length - Address.Length));
}

/// <summary>A trace in memory, in the order of the replay: by the hotspots' own times, and receptions of one moment in the order of the file.</summary>
public sealed class ReplayTrace
{
    private const int MostReceptions = 2_000_000;

    private ReplayTrace(IReadOnlyList<ArchivedReception> receptions)
    {
        Receptions = receptions;
        Hotspots = receptions.DistinctBy(reception => new DeviceId(Keccak256.Hash(reception.HotspotKey.Span)))
            .Select(reception => new ReplayHotspot(reception.HotspotKey, reception.KeyType)).OrderBy(hotspot => hotspot.Device).ToList();
    }

    /// <summary>At least one.</summary>
    public IReadOnlyList<ArchivedReception> Receptions { get; }

    /// <summary>Every hotspot that received something, by device id.</summary>
    public IReadOnlyList<ReplayHotspot> Hotspots { get; }

    /// <summary>Time of the first reception, unix milliseconds.</summary>
    public long FirstAt => Receptions[0].ReportedAt;

    /// <summary>Time of the last reception, unix milliseconds.</summary>
    public long LastAt => Receptions[^1].ReportedAt;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ReplayException">It cannot be read, is no gzip file though its name says so, or holds nothing.</exception>
    /// <exception cref="TraceFormatException">A line is not a delivery; names file and line.</exception>
    public static ReplayTrace Load(string file)
    {
        if (Directory.Exists(file)) throw new ReplayException($"{file} is a folder; name a file such as helium-field-tester.ndjson.gz.");
        if (!File.Exists(file)) throw new ReplayException($"There is no file {file}.");
        try
        {
            var receptions = HeliumConsoleTrace.Read(file).Take(MostReceptions + 1).ToList();
            if (receptions.Count == 0) throw new ReplayException($"{file} holds no reception.");
            if (receptions.Count > MostReceptions) throw new ReplayException($"{file} holds more than the {MostReceptions} receptions that a replay keeps in memory; split it.");
            return new ReplayTrace(receptions.OrderBy(reception => reception.ReportedAt).ToList());
        }
        catch (InvalidDataException fault)
        {
            throw new ReplayException($"{file} is not a gzip file, or a damaged one: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ReplayException($"{file} cannot be read: {fault.Message}", fault);
        }
    }
}
