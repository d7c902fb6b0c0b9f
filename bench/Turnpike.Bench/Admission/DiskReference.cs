using System.Diagnostics;

namespace Turnpike.Bench.Admission;

/// <summary>The disk's own time for what a group commit does: append a block to a file and fsync it, one after the other and nothing else.</summary>
internal static class DiskReference
{
    public static Latencies Measure(string folder, int blockBytes, int times)
    {
        var path = Path.Combine(folder, "fsync-reference");
        var block = new byte[blockBytes];
        new Random(1).NextBytes(block);
        var ticks = new long[times];
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            for (var i = 0; i < times; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * blockBytes);
                RandomAccess.FlushToDisk(file);
                ticks[i] = Stopwatch.GetTimestamp() - start;
            }
        }
        File.Delete(path);
        return new Latencies(ticks);
    }
}
