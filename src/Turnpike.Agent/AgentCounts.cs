using System.Collections.Concurrent;
using Turnpike.Core;

namespace Turnpike.Agent;

/// <summary>Something that went wrong, once.</summary>
/// <param name="At">When.</param>
/// <param name="Code">What.</param>
/// <param name="Detail">Particulars.</param>
public sealed record AgentEvent(DateTimeOffset At, VerdictCode Code, string Detail);

/// <summary>What went wrong since the start, by code, and the last of each kind. Thread-safe; bounded by the number of codes.</summary>
public sealed class AgentCounts(TimeProvider time)
{
    private const int MaxDetailLength = 200;

    private readonly ConcurrentDictionary<ushort, (long Count, AgentEvent Last)> _byCode = new();

    /// <summary>How often each code was counted, by its last event, newest first.</summary>
    public IReadOnlyList<(AgentEvent Last, long Count)> All => [.. _byCode.Values.OrderByDescending(entry => entry.Last.At).Select(entry => (entry.Last, entry.Count))];

    /// <summary>How often a code was counted.</summary>
    public long this[VerdictCode code] => _byCode.TryGetValue(code.Number, out var entry) ? entry.Count : 0;

    /// <summary>Counts.</summary>
    public void Note(VerdictCode code, string detail = "", long count = 1)
    {
        var last = new AgentEvent(time.GetUtcNow(), code, detail.Length <= MaxDetailLength ? detail : detail[..MaxDetailLength]);
        _byCode.AddOrUpdate(code.Number, static (_, state) => (state.count, state.last), static (_, entry, state) => (entry.Count + state.count, state.last), (count, last));
    }

    /// <summary>The last event of a code; null when there was none, or none since.</summary>
    public AgentEvent? Since(VerdictCode code, DateTimeOffset since) => _byCode.TryGetValue(code.Number, out var entry) && entry.Last.At >= since ? entry.Last : null;
}
