using System.Diagnostics;

namespace Turnpike.Bench.Admission;

/// <summary>Quantiles of measured times; every measurement is kept, so none is an estimate.</summary>
internal sealed class Latencies
{
    private readonly long[] _ticks;

    public Latencies(long[] ticks)
    {
        _ticks = ticks;
        Array.Sort(_ticks);
    }

    /// <summary>The least time that at least this share of the measurements does not exceed, in milliseconds.</summary>
    public double Milliseconds(double share) => _ticks[Math.Max(0, (int)Math.Ceiling(share * _ticks.Length) - 1)] * 1000.0 / Stopwatch.Frequency;

    public override string ToString() =>
        FormattableString.Invariant($"p50 {Milliseconds(0.5):F2} ms, p99 {Milliseconds(0.99):F2} ms, p99.9 {Milliseconds(0.999):F2} ms, worst {Milliseconds(1):F2} ms");
}
