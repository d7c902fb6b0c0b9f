using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>
/// Compares what a ledger was built from with what each of several endpoints says of the same final blocks: an endpoint that leaves out a log, invents or alters one is found before anything is signed.
/// Each block is compared once. Plugged into <see cref="EndpointsOptions.Confirm"/>.
/// </summary>
public sealed class LedgerAgreement(LedgerHistory history)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private ulong? _confirmed;

    /// <summary>Compares up to a final block, or as far as the ledger has come; gives the height reached.</summary>
    /// <exception cref="RpcDisagreementException">The ledger and an endpoint differ.</exception>
    public async Task<ulong> ConfirmAsync(BlockHeader final, IReadOnlyList<EthereumClient> endpoints, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var from = _confirmed ??= history.Deployment.FirstBlock;
            var to = Math.Min(final.Number, history.Block?.Number ?? 0);
            if (to <= from) return Math.Min(from, final.Number);
            var ours = history.Applied.Between(from, to);
            foreach (var endpoint in endpoints) Compare(ours, await ReadAsync(endpoint, from + 1, to, cancellationToken), endpoint.Rpc.Name);
            _confirmed = to;
            return to;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<List<BlockLogs>> ReadAsync(EthereumClient endpoint, ulong from, ulong to, CancellationToken cancellationToken)
    {
        var (blocks, current) = (new List<BlockLogs>(), new List<LogEntry>());
        await foreach (var log in new LogReader(endpoint).ReadAsync(new LogFilter { Addresses = history.Deployment.Contracts }, from, to, cancellationToken))
        {
            if (current.Count > 0 && current[0].BlockNumber != log.BlockNumber) Close();
            current.Add(log);
        }
        if (current.Count > 0) Close();
        return blocks;

        void Close()
        {
            blocks.Add(BlockLogs.Of(new BlockPoint(current[0].BlockNumber, current[0].BlockHash), current));
            current.Clear();
        }
    }

    private static void Compare(IReadOnlyList<BlockLogs> ours, List<BlockLogs> theirs, string endpoint)
    {
        for (var i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
        {
            var (one, other) = (i < ours.Count ? ours[i] : (BlockLogs?)null, i < theirs.Count ? theirs[i] : (BlockLogs?)null);
            if (one == other) continue;
            throw new RpcDisagreementException(("what this node read", Describe(one)), (endpoint, Describe(other)));
        }
    }

    private static string Describe(BlockLogs? logs) => logs is { } block ? $"{block.Count} logs of the network in block {block.Block}, digest {block.Digest}" : "no further logs of the network";
}
