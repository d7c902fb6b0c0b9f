namespace Turnpike.Core.Merkle;

/// <summary>
/// Sorts by the first 64 bits of a key in one counting pass over the top 16 and a small sort in each bucket; only keys that share all 64 bits are compared
/// in full. Hashes and honest addresses spread evenly, so a million take a fraction of a comparison sort; keys chosen to crowd one bucket cost that sort and no more.
/// </summary>
internal static class PrefixOrder
{
    private const int BucketBits = 16;
    private const int FewKeys = 1024;

    /// <summary>The indexes of the keys in ascending order; equal keys keep their order.</summary>
    /// <param name="prefixes">The keys' first eight bytes; changed.</param>
    /// <param name="compare">The full order of two keys by index.</param>
    /// <param name="workers">Most threads; -1 for as many as there are processors.</param>
    public static int[] Of(ulong[] prefixes, Comparison<int> compare, int workers)
    {
        var order = new int[prefixes.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        if (prefixes.Length <= FewKeys)
        {
            SortRange(prefixes, order, 0, order.Length, compare);
            return order;
        }
        var starts = new int[(1 << BucketBits) + 1];
        foreach (var prefix in prefixes) starts[(int)(prefix >> (64 - BucketBits)) + 1]++;
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        var next = starts.AsSpan(0, 1 << BucketBits).ToArray();
        var sorted = new ulong[prefixes.Length];
        for (var i = 0; i < prefixes.Length; i++)
        {
            var at = next[(int)(prefixes[i] >> (64 - BucketBits))]++;
            sorted[at] = prefixes[i];
            order[at] = i;
        }
        Chunks.ForEach(1 << BucketBits, workers, (from, to) =>
        {
            for (var bucket = from; bucket < to; bucket++) SortRange(sorted, order, starts[bucket], starts[bucket + 1], compare);
        });
        return order;
    }

    private static void SortRange(ulong[] prefixes, int[] order, int from, int to, Comparison<int> compare)
    {
        if (to - from < 2) return;
        Array.Sort(prefixes, order, from, to - from);
        for (var start = from; start < to;)
        {
            var end = start + 1;
            while (end < to && prefixes[end] == prefixes[start]) end++;
            if (end - start > 1)
                order.AsSpan(start, end - start).Sort((left, right) => compare(left, right) is var sign && sign != 0 ? sign : left.CompareTo(right));
            start = end;
        }
    }
}
