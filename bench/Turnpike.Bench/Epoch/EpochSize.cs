using System.Globalization;

namespace Turnpike.Bench.Epoch;

/// <summary>How large an epoch is measured, and where its files lie.</summary>
internal sealed record EpochSize(int Devices, int Records, int Routers, int Shards, string Folder)
{
    public const int RecordsABatch = 100;
    public const int Customers = 1_000;

    public int Batches => Records / RecordsABatch;

    public string EvidenceFolder => Path.Combine(Folder, "evidence");

    public string ArchiveFolder => Path.Combine(Folder, "epochs");

    public string SignedFolder => Path.Combine(Folder, "signed");

    public static EpochSize Parse(IReadOnlyDictionary<string, string> arguments)
    {
        int Number(string name, int otherwise) => arguments.TryGetValue(name, out var text) ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
        var devices = Number("--devices", 1_000_000);
        return new EpochSize(devices, Number("--records", 10_000_000), Number("--routers", 10_000), Number("--shards", Environment.ProcessorCount), arguments.GetValueOrDefault("--folder", Path.Combine(Path.GetTempPath(), "turnpike-epoch")));
    }

    public string[] ToArguments(string phase) =>
    [
        "epoch", "--phase", phase, "--devices", Devices.ToString(CultureInfo.InvariantCulture), "--records", Records.ToString(CultureInfo.InvariantCulture), "--routers", Routers.ToString(CultureInfo.InvariantCulture),
        "--shards", Shards.ToString(CultureInfo.InvariantCulture), "--folder", Folder,
    ];
}
