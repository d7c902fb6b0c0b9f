using System.Diagnostics;

namespace Turnpike.Node.Epochs;

/// <summary>How long a stage of a computation took by the clock, and the processor time that it used.</summary>
public readonly record struct EpochStage(string Name, TimeSpan Took, TimeSpan Processor);

/// <summary>Measures one stage after the other. Not thread-safe.</summary>
internal sealed class StageClock
{
    private readonly List<EpochStage> _stages = [];
    private long _since = Stopwatch.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;

    public IReadOnlyList<EpochStage> Stages => _stages;

    public void End(string stage)
    {
        var used = Environment.CpuUsage.TotalTime;
        _stages.Add(new EpochStage(stage, Stopwatch.GetElapsedTime(_since), used - _used));
        (_since, _used) = (Stopwatch.GetTimestamp(), used);
    }
}
