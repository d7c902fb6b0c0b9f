namespace Turnpike.Core.Merkle;

/// <summary>Splits a range over threads. The parts write to places of their own, so the result does not depend on how many there are.</summary>
internal static class Chunks
{
    private const int ChunkSize = 4096;

    /// <summary>Runs the body over 0 to <paramref name="count"/> in chunks, at most <paramref name="workers"/> at once (-1: one a processor).</summary>
    public static void ForEach(int count, int workers, Action<int, int> body)
    {
        if (workers == 1 || count <= ChunkSize)
        {
            if (count > 0) body(0, count);
            return;
        }
        Parallel.For(0, (count + ChunkSize - 1) / ChunkSize, new ParallelOptions { MaxDegreeOfParallelism = workers },
            chunk => body(chunk * ChunkSize, Math.Min(count, (chunk + 1) * ChunkSize)));
    }
}
