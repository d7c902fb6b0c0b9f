using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Turnpike.Blueprints;

namespace Turnpike.Simulation;

/// <summary>What many runs of an economy gave.</summary>
/// <param name="Economy">The economy.</param>
/// <param name="Weeks">Length of a run.</param>
/// <param name="Seeds">Runs.</param>
/// <param name="Bands">A sketch a series and record: metrics first, then attackers.</param>
/// <param name="Hash">Over the files, the length, the seeds and the hash of every run: equal on every machine.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Updates">Operator-weeks in all.</param>
public sealed record MonteCarloResult(Economy Economy, int Weeks, int Seeds, QuantileSketch[][] Bands, string Hash, TimeSpan Elapsed, long Updates)
{
    /// <summary>Records of a run.</summary>
    public int Samples => Bands[0].Length;

    /// <summary>The week of a record.</summary>
    public int WeekOf(int sample) => Math.Min((sample + 1) * Metrics.Stride, Weeks);
}

/// <summary>
/// Many seeds on all cores. Each worker keeps one run and one set of sketches and adds seed after seed to them, so memory depends on the cores and not on the number
/// of runs; sketches and hashes are merged by addition, so neither threads nor their order show in the result.
/// </summary>
public static class MonteCarlo
{
    /// <summary>Runs seeds 1 to <paramref name="seeds"/>.</summary>
    /// <param name="economy">The economy.</param>
    /// <param name="blueprint">Its blueprint, where its rules are a pack.</param>
    /// <param name="weeks">Length of a run.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="workers">Threads; all cores where absent.</param>
    /// <param name="progress">Told how many runs are done; from any thread.</param>
    /// <param name="cancellation">Stops within a week of each run.</param>
    public static MonteCarloResult Run(Economy economy, Blueprint? blueprint, int weeks, int seeds, int? workers = null, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seeds);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (next, done, updates) = (0, 0, 0L);
        var gate = new Lock();
        QuantileSketch[][]? bands = null;
        var sum = new ulong[4];
        var crew = Enumerable.Range(0, Math.Min(workers ?? Environment.ProcessorCount, seeds)).Select(_ => Task.Factory.StartNew(Work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            Task.WaitAll(crew, cancellation);
        }
        catch (AggregateException faults)
        {
            // Workers run the same code: what one met, the others would have.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(faults.Flatten().InnerExceptions[0]);
        }
        return new MonteCarloResult(economy, weeks, seeds, bands!, HashOf(economy, weeks, seeds, sum), clock.Elapsed, updates);

        void Work()
        {
            var run = new SimulationRun(economy, blueprint, weeks);
            var mine = run.Series.Select(_ => Enumerable.Range(0, run.Samples).Select(_ => new QuantileSketch()).ToArray()).ToArray();
            var mySum = new ulong[4];
            for (int seed; (seed = Interlocked.Increment(ref next)) <= seeds;)
            {
                var hash = run.Execute((ulong)seed, cancellation);
                for (var i = 0; i < mine.Length; i++)
                    for (var sample = 0; sample < run.Samples; sample++) mine[i][sample].Add(run.Series[i][sample]);
                AddHash(mySum, (ulong)seed, hash);
                Interlocked.Add(ref updates, run.Updates);
                progress?.Invoke(Interlocked.Increment(ref done));
            }
            lock (gate)
            {
                if (bands is null) bands = mine;
                else
                    for (var i = 0; i < mine.Length; i++)
                        for (var sample = 0; sample < mine[i].Length; sample++) bands[i][sample].Merge(mine[i][sample]);
                for (var lane = 0; lane < 4; lane++) sum[lane] = unchecked(sum[lane] + mySum[lane]);
            }
        }
    }

    // Each run's hash is bound to its seed, then added: order does not matter, and no run can be swapped for another.
    private static void AddHash(ulong[] sum, ulong seed, byte[] hash)
    {
        Span<byte> bound = stackalloc byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(bound, seed);
        hash.CopyTo(bound[8..]);
        var mixed = SHA256.HashData(bound);
        for (var lane = 0; lane < 4; lane++) sum[lane] = unchecked(sum[lane] + BinaryPrimitives.ReadUInt64LittleEndian(mixed.AsSpan(8 * lane)));
    }

    private static string HashOf(Economy economy, int weeks, int seeds, ulong[] sum)
    {
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"turnpike-simulation 1\n{economy.SourceHash}\n{weeks} {seeds}\n{sum[0]:x16}{sum[1]:x16}{sum[2]:x16}{sum[3]:x16}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }
}
