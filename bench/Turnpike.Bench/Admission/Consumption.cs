using System.Diagnostics;

namespace Turnpike.Bench.Admission;

/// <summary>Processor time of all threads, user and system, and time by the clock, since the start.</summary>
internal sealed class Consumption
{
    private readonly TimeSpan _processor = Now;
    private readonly long _clock = Stopwatch.GetTimestamp();

    public TimeSpan Processor => Now - _processor;

    public TimeSpan Clock => Stopwatch.GetElapsedTime(_clock);

    /// <summary>The most memory the process ever had resident, in MiB.</summary>
    public static long PeakMebibytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / (1024 * 1024);
        }
    }

    private static TimeSpan Now => Environment.CpuUsage.TotalTime;
}
