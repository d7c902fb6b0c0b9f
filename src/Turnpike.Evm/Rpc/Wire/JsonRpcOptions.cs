using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>How one endpoint is spoken to.</summary>
public sealed class JsonRpcOptions
{
    /// <summary>Longest time for one HTTP exchange, body included. Default 30 s; too short makes wide log queries fail as time-outs.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest decompressed answer in bytes. Default 64 MiB; log queries that exceed it are split.</summary>
    public int MaxResponseBytes { get; init; } = 64 << 20;

    /// <summary>Most calls in one HTTP request. Default 100, which the large providers accept; a batch that is refused whole is halved.</summary>
    public int MaxBatchCalls { get; init; } = 100;

    /// <summary>Attempts for an idempotent call, the first included. Default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Pause before the second attempt; it doubles for each further one. Default 250 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause, also when the endpoint asks for more. Default 10 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The contracts' own errors, named in reverts; others stay hexadecimal. Default none.</summary>
    public IReadOnlyList<AbiError> CustomErrors { get; init; } = [];

    // No jitter: the same faults at the same times give the same requests, so a failure can be replayed in a test.
    internal TimeSpan DelayAfter(int failures, TimeSpan? askedFor)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(failures - 1, 30));
        if (askedFor > delay) delay = askedFor.Value;
        return delay < MaxDelay ? delay : MaxDelay;
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxResponseBytes, 1024, nameof(MaxResponseBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchCalls, 1, nameof(MaxBatchCalls));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1, nameof(MaxAttempts));
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstDelay, TimeSpan.Zero, nameof(FirstDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, FirstDelay, nameof(MaxDelay));
    }
}
