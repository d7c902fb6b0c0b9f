using System.Net.WebSockets;

namespace Turnpike.Agent.Leg;

/// <summary>
/// Keeps the line to the node: connect, prove, carry frames, and when it ends try again after a pause that doubles up to a minute; sooner than the node asked for after a refusal it never tries.
/// Everything that ends a line has a number, which the status shows with what to do.
/// </summary>
internal sealed class LegClient(LegContext context)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var backoff = new Backoff(context.Options.FirstPause, context.Options.LongestPause, Random.Shared);
        while (!cancellation.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                await LiveAsync(backoff, cancellation);
            }
            catch (LegEndedException end)
            {
                context.Status.Ended(end.Code, end.Detail, end.IsRefusal);
                pause = end.RetryAfter;
            }
            catch (Exception fault) when (fault is WebSocketException or IOException or OperationCanceledException)
            {
                if (cancellation.IsCancellationRequested) return;
                context.Status.Ended(AgentCodes.NodeUnreachable, fault is OperationCanceledException ? "the node did not answer in time" : fault.GetBaseException().Message, isRefusal: false);
            }
            var next = backoff.Next();
            await Task.Delay(pause > next ? pause : next, context.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LiveAsync(Backoff backoff, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(context.Options.ConnectLimit);
        using var socket = await LegSocket.ConnectAsync(context.Node, context.Trust, limit.Token);
        var session = new LegSession(socket, context);
        await session.EnterAsync(limit.Token);
        backoff.Reset();
        try
        {
            await session.RunAsync(cancellation);
        }
        finally
        {
            await socket.CloseAsync();
        }
    }
}
