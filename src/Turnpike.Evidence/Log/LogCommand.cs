namespace Turnpike.Evidence;

/// <summary>What waits in the log's queue.</summary>
internal abstract class LogCommand
{
    public abstract void Fail(Exception exception);
}

/// <summary>A record to write.</summary>
internal sealed class PendingAppend(RecordType type, long receivedAt, ReadOnlyMemory<byte> body) : LogCommand
{
    private readonly TaskCompletionSource<AppendOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordType Type => type;

    public long ReceivedAt => receivedAt;

    public ReadOnlyMemory<byte> Body => body;

    public int FrameLength => RecordFrame.HeaderLength + body.Length;

    public Task<AppendOutcome> Done => _done.Task;

    public void Complete(AppendOutcome outcome) => _done.TrySetResult(outcome);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>A wish to seal the segment once everything queued before is written.</summary>
internal sealed class PendingSeal : LogCommand
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}
