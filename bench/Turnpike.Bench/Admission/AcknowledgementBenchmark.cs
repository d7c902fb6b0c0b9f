using System.Diagnostics;

namespace Turnpike.Bench.Admission;

/// <summary>
/// How long a device waits for its acknowledgement at half the rate that one core admits. The load is open: pieces are due at fixed times whatever became
/// of those before, and a time runs from when a piece was due, so that a stall counts for everyone it would have met.
/// </summary>
internal sealed class AcknowledgementBenchmark : IBenchmark
{
    public string Name => "acknowledgement";

    public string Summary => "Latency from due to durable at half of a core's rate, with the disk's own fsync beside it. --devices --rounds --folder";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var sizes = Sizes.Parse(arguments, devices: 100_000, rounds: 1);
        Console.WriteLine($"preparing {sizes.Devices:N0} devices");
        var fleet = Fleet.Create(sizes.Devices, sizes.Rounds + 2, readings: 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await using var door = new Door(fleet, sizes.Folder);
        await door.ReceiveAllAsync(fleet.Rounds(0, 1), cancellation);
        var full = new Consumption();
        await door.ReceiveAllAsync(fleet.Rounds(1, 1), cancellation);
        var rate = sizes.Devices / full.Processor.TotalSeconds / 2;

        var diskBefore = DiskReference.Measure(door.Folder, 16 * 1024, 300);
        var load = new Consumption();
        var (acknowledged, begun) = await LoadAsync(door, fleet.Rounds(2, sizes.Rounds), rate, cancellation);
        var busy = load.Processor / load.Clock;
        var diskAfter = DiskReference.Measure(door.Folder, 16 * 1024, 300);
        Console.WriteLine($"load      {rate,8:N0} pieces/s for {load.Clock.TotalSeconds:F1} s, {busy:F2} cores busy");
        Console.WriteLine($"acknowledged     {acknowledged} after due (bar: p99 25 ms)");
        Console.WriteLine($"admission began  {begun} after due: what the processor was late, with other work or with pieces before");
        Console.WriteLine($"fsync of 16 KiB  {diskBefore} before");
        Console.WriteLine($"fsync of 16 KiB  {diskAfter} after");
        return 0;
    }

    private static async Task<(Latencies Acknowledged, Latencies Begun)> LoadAsync(Door door, ReadOnlyMemory<byte[]> pieces, double piecesPerSecond, CancellationToken cancellation)
    {
        var acknowledged = new Task<long>[pieces.Length];
        var due = new long[pieces.Length];
        var begun = new long[pieces.Length];
        var start = Stopwatch.GetTimestamp();
        // A thread of its own, as the pool's are for the log: it sleeps until something is due and then admits all that is.
        var generator = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < pieces.Length; i++)
                {
                    due[i] = start + (long)(i / piecesPerSecond * Stopwatch.Frequency);
                    while (Stopwatch.GetTimestamp() < due[i])
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Thread.Sleep(1);
                    }
                    begun[i] = Stopwatch.GetTimestamp() - due[i];
                    acknowledged[i] = door.ReceiveAsync(pieces.Span[i], cancellation);
                }
            },
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await generator;
        var times = await Task.WhenAll(acknowledged);
        for (var i = 0; i < times.Length; i++) times[i] -= due[i];
        return (new Latencies(times), new Latencies(begun));
    }
}
