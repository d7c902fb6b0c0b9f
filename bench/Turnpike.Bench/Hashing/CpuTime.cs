namespace Turnpike.Bench.Hashing;

/// <summary>Processor time of the whole process, which neighbours on a shared machine disturb less than the clock on the wall.</summary>
internal static class CpuTime
{
    /// <summary>What the process spends while the work runs.</summary>
    public static TimeSpan Of(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return Environment.CpuUsage.TotalTime - before;
    }
}
