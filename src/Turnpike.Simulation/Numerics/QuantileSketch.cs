namespace Turnpike.Simulation;

/// <summary>
/// Quantiles of a stream with a relative error of half a percent and a fixed most of memory, after DDSketch (Masson, Rim, Lee, VLDB 2019): counts in buckets whose
/// bounds grow by one percent. Merging adds counts, so the result does not depend on how values were spread over threads or in which order they were merged.
/// Not safe for several threads.
/// </summary>
public sealed class QuantileSketch
{
    private const double Growth = 1.01;
    private const int MostBuckets = 4_096;

    // Values closer to zero are zero.
    private const double Smallest = 1e-9;

    private static readonly double InverseLogGrowth = 1 / PortableMath.Log(Growth);

    private readonly Store _positive = new();
    private readonly Store _negative = new();
    private long _zeros;

    /// <summary>Values taken; not-a-number is not one.</summary>
    public long Count => _positive.Total + _negative.Total + _zeros;

    /// <summary>The smallest value, exactly.</summary>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest value, exactly.</summary>
    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>Share of the values that are above zero.</summary>
    public double ShareAboveZero => Count == 0 ? double.NaN : (double)_positive.Total / Count;

    /// <summary>Takes a value.</summary>
    public void Add(double value)
    {
        if (double.IsNaN(value)) return;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        if (value >= Smallest) _positive.Add(IndexOf(value), 1);
        else if (value <= -Smallest) _negative.Add(IndexOf(-value), 1);
        else _zeros++;
    }

    /// <summary>Takes all values of another sketch.</summary>
    public void Merge(QuantileSketch other)
    {
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
        _zeros += other._zeros;
        _positive.Merge(other._positive);
        _negative.Merge(other._negative);
    }

    /// <summary>The value below or at which a share of all values lies; not a number while there is none.</summary>
    public double Quantile(double share)
    {
        if (Count == 0) return double.NaN;
        var rank = (long)Math.Floor(share * (Count - 1));
        double value;
        if (rank < _negative.Total) value = -ValueOf(_negative.IndexAt(_negative.Total - 1 - rank));
        else if (rank < _negative.Total + _zeros) value = 0;
        else value = ValueOf(_positive.IndexAt(rank - _negative.Total - _zeros));
        return Math.Clamp(value, Minimum, Maximum);
    }

    private static int IndexOf(double value) => (int)Math.Ceiling(PortableMath.Log(Math.Min(value, 1e300)) * InverseLogGrowth);

    private static double ValueOf(int index) => 2 * PortableMath.Exp(index / InverseLogGrowth) / (1 + Growth);

    private sealed class Store
    {
        private long[] _counts = [];
        private int _first;

        public long Total { get; private set; }

        public void Add(int index, long count)
        {
            if (count == 0) return;
            Include(index);
            // Below the window: the smallest bucket that is kept stands for all beneath it.
            _counts[Math.Max(index - _first, 0)] += count;
            Total += count;
        }

        public void Merge(Store other)
        {
            for (var i = other._counts.Length - 1; i >= 0; i--) Add(other._first + i, other._counts[i]);
        }

        public int IndexAt(long rank)
        {
            for (var i = 0; i < _counts.Length; i++)
                if ((rank -= _counts[i]) < 0) return _first + i;
            return _first + _counts.Length - 1;
        }

        private void Include(int index)
        {
            if (_counts.Length == 0) (_counts, _first) = (new long[64], index - 32);
            var last = Math.Max(_first + _counts.Length - 1, index);
            var first = Math.Max(Math.Min(_first, index), last - MostBuckets + 1);
            if (first == _first && last == _first + _counts.Length - 1) return;
            var grown = new long[last - first + 1];
            for (var i = 0; i < _counts.Length; i++) grown[Math.Max(_first + i - first, 0)] += _counts[i];
            (_counts, _first) = (grown, first);
        }
    }
}
