using System.Diagnostics;

namespace Turnpike.Bench.Epoch;

/// <summary>
/// Rows "epoch" and "audit" of docs/performance.md: evidence on disk to signed root, and the audit of it. Generation, computation and audit are processes of their own, so
/// that each one's memory is its own. A tenth of the size is measured first, to show that the time grows in proportion.
/// </summary>
internal sealed class EpochBenchmark : IBenchmark
{
    private static readonly string[] Known = ["--phase", "--devices", "--records", "--routers", "--shards", "--folder"];

    public string Name => "epoch";

    public string Summary => "evidence of an epoch on disk to signed root, and its audit: --devices N --records N --routers N --shards N --folder DIR";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        if (arguments.Length % 2 != 0 || arguments.Where((_, i) => i % 2 == 0).FirstOrDefault(name => !Known.Contains(name)) is not null)
        {
            Console.Error.WriteLine(Summary);
            return 2;
        }
        var named = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var size = EpochSize.Parse(named);
        switch (named.GetValueOrDefault("--phase"))
        {
            case "generate":
                await EpochGeneration.RunAsync(size, cancellation);
                return 0;
            case "compute":
                await EpochRun.ComputeAsync(size, cancellation);
                return 0;
            case "audit":
                await EpochRun.AuditAsync(size, cancellation);
                return 0;
            default:
                foreach (var each in new[] { size with { Devices = size.Devices / 10, Records = size.Records / 10, Routers = Math.Max(1, size.Routers / 10), Folder = size.Folder + "-tenth" }, size })
                    if (!await MeasureAsync(each, cancellation)) return 1;
                return 0;
        }
    }

    private static async Task<bool> MeasureAsync(EpochSize size, CancellationToken cancellation)
    {
        Console.WriteLine($"{size.Devices:N0} devices, {size.Records:N0} usage records in {size.Batches:N0} batches of {size.Routers:N0} routers, {size.Shards} shards, {Environment.ProcessorCount} cores");
        foreach (var phase in new[] { "generate", "compute", "audit" })
        {
            Console.WriteLine(phase);
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, size.ToArguments(phase))) ?? throw new InvalidOperationException("The child process did not start.");
            await child.WaitForExitAsync(cancellation);
            if (child.ExitCode != 0) return false;
        }
        Directory.Delete(size.Folder, recursive: true);
        return true;
    }
}
