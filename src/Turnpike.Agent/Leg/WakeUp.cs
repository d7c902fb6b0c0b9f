namespace Turnpike.Agent.Leg;

/// <summary>Wakes one waiter; any number of calls before it looks count as one.</summary>
internal sealed class WakeUp
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0) _semaphore.Release();
    }

    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (await _semaphore.WaitAsync(longest, cancellation)) Interlocked.Exchange(ref _isSet, 0);
    }
}
