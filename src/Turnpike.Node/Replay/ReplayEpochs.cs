using Microsoft.Extensions.DependencyInjection;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Node.Gateway;
using Turnpike.Node.Oracle;

namespace Turnpike.Node.Replay;

/// <summary>
/// Takes one epoch after the other from its end to its activation, by the node's own steps. Time moves only between them:
/// to the epoch's end (the gateway seals, the oracle certifies over HTTP, the commit goes onto the chain), past the grace and two blocks deeper, so that the commits are
/// final (the oracle computes, signs and settles), and past the activation delay (the oracle activates; the contracts mint).
/// </summary>
internal sealed class ReplayEpochs : IAsyncDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LedgerLimit = TimeSpan.FromSeconds(30);

    private readonly NodeContext _node;
    private readonly ReplayChain _chain;
    private readonly EpochClock _clock;
    private readonly EpochSealer _sealer;
    private readonly OracleService _oracle;
    private readonly ManifestBook _book;
    private readonly TransactionSender _gatewaySender;
    private readonly TransactionSender _oracleSender;

    private ReplayEpochs(ReplayNetwork network, TransactionSender gatewaySender, TransactionSender oracleSender)
    {
        _node = network.Node;
        _chain = network.Chain;
        _clock = _node.History.Read(state => state.Clock);
        _sealer = network.Host.Services.GetRequiredService<EpochSealer>();
        _oracle = network.Host.Services.GetRequiredService<OracleService>();
        _book = ManifestBook.Open(network.Host.Services.GetRequiredService<EvidenceLog>(), _node.Folder.Evidence, _node.Deployment.NetworkId, network.Gateway.Address);
        (_gatewaySender, _oracleSender) = (gatewaySender, oracleSender);
    }

    public static async Task<ReplayEpochs> OpenAsync(ReplayNetwork network, CancellationToken cancellation)
    {
        var gateway = await network.Node.StartSenderAsync(network.Gateway, null, cancellation);
        var oracle = await network.Host.Services.GetRequiredService<AccountSender>().GetAsync(cancellation);
        return new ReplayEpochs(network, gateway, oracle);
    }

    /// <summary>Seals, settles and activates an epoch.</summary>
    /// <param name="epoch">The next one.</param>
    /// <param name="hasEvidence">Whether anything was received since the last commit; without, there is no manifest to commit.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="ReplayException">A step did not do what it should.</exception>
    public async Task CloseAsync(EpochNumber epoch, bool hasEvidence, CancellationToken cancellation)
    {
        var (grace, delay) = _node.History.Read(state => ((long)state.Grace.TotalSeconds, (long)state.ActivationDelay.TotalSeconds));
        await _chain.AdvanceToAsync(_clock.EndSecondsOf(epoch), blocks: 1, cancellation);
        if (hasEvidence) await StepAsync(() => _sealer.StepAsync(_book, _gatewaySender, cancellation), state => state.CommitsOf(epoch).Count > 0, $"The evidence of epoch {epoch} was not committed", cancellation);
        await _chain.AdvanceToAsync(_clock.EndSecondsOf(epoch) + grace, 1 + ReplayChain.FinalityBlocks, cancellation);
        await StepAsync(() => _oracle.StepAsync(_oracleSender, cancellation), state => state.Pending is not null, $"Epoch {epoch} was not settled", cancellation);
        await _chain.AdvanceToAsync(await SettledAtAsync(cancellation) + delay, blocks: 1, cancellation);
        await StepAsync(() => _oracle.StepAsync(_oracleSender, cancellation), state => state.LastClosedEpoch == epoch.Value, $"Epoch {epoch} was not activated", cancellation);
    }

    // The oracle's sender is the node's, which ends it.
    public ValueTask DisposeAsync() => _gatewaySender.DisposeAsync();

    private async Task<long> SettledAtAsync(CancellationToken cancellation)
    {
        var block = _node.History.Read(state => state.Pending!.SettledAt);
        var header = await _node.Chain.BlockAsync(BlockReference.At(block), cancellation) ?? throw new ReplayException($"The chain has no block {block}.");
        return (long)header.Timestamp;
    }

    private async Task StepAsync(Func<Task> step, Func<LedgerState, bool> isDone, string otherwise, CancellationToken cancellation)
    {
        for (var i = 0; i < Tries; i++)
        {
            await CatchUpAsync(cancellation);
            await step();
            await CatchUpAsync(cancellation);
            if (_node.History.Read(isDone)) return;
        }
        throw new ReplayException(otherwise + "; what the node logged says why.");
    }

    // The ledger follows the chain in the background; every step begins with all that the last one did.
    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        var head = await _node.Chain.BlockNumberAsync(cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LedgerLimit);
        try
        {
            while (_node.History.Block is not { } block || block.Number < head) await Task.Delay(LookAgain, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ReplayException($"The ledger stands at block {_node.History.Block?.Number} and does not reach block {head}.");
        }
    }
}
