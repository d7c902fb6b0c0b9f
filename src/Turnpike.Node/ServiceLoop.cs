using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Epochs;

namespace Turnpike.Node;

/// <summary>
/// How a background service repeats its step. What the outside world does (an endpoint down, a disk full, a transaction refused, evidence not there yet) is a warning;
/// a revert means that another node was quicker, which is no news; anything else is an error with its stack. After each failure the pause doubles, up to ten seconds: a node in
/// trouble neither stops nor floods its log.
/// </summary>
internal static partial class ServiceLoop
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Repeats until cancelled.</summary>
    /// <param name="step">What is repeated.</param>
    /// <param name="pause">Between two steps while all goes well.</param>
    /// <param name="node">Whose clock it is, and who is told how the loop fares.</param>
    /// <param name="logger">For the loop's troubles.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="name">The loop, as alerts and metrics call it.</param>
    public static async Task RunAsync(Func<CancellationToken, Task> step, TimeSpan pause, NodeContext node, ILogger logger, CancellationToken cancellation, [CallerFilePath] string name = "")
    {
        var wait = pause;
        var loop = Path.GetFileNameWithoutExtension(name);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await step(cancellation);
                wait = pause;
                node.Watch.Succeeded(loop);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException overtaken) when (overtaken.Revert is not null)
            {
                Overtaken(logger, overtaken.Revert.Text);
            }
            catch (Exception trouble)
            {
                if (trouble is RpcException or IntentRefusedException or SignerUnavailableException or TimeoutException or IOException or HttpRequestException or EvidenceException or UnknownRulesException or S3Exception) Waits(logger, trouble.Message);
                else Unexpected(logger, trouble);
                node.Watch.Failed(loop, trouble.Message);
                wait = wait * 2 < LongestPause ? wait * 2 : LongestPause;
            }
            await Task.Delay(wait, node.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The contract refused, another node was quicker: {Reason}")]
    private static partial void Overtaken(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting: {Problem}")]
    private static partial void Waits(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "A step failed in a way that nobody foresaw; it is tried again.")]
    private static partial void Unexpected(ILogger logger, Exception fault);
}
