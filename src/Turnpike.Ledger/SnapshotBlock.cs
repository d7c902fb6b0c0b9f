using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>Finds the block at which an epoch's state is taken: the last one whose timestamp is before the epoch's end.</summary>
public static class SnapshotBlock
{
    /// <summary>Binary search over block timestamps, which never fall along a chain.</summary>
    /// <param name="client">The chain.</param>
    /// <param name="beforeUnixSeconds">The epoch's end.</param>
    /// <param name="first">The deployment's first block: nothing happened before it, so it stands for every block that is older.</param>
    /// <param name="last">A finalized block.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>The block; null while the last block is itself before the end, because a later one may be too, and while the first is not finalized.</returns>
    public static async Task<BlockHeader?> FindAsync(EthereumClient client, long beforeUnixSeconds, ulong first, BlockHeader last, CancellationToken cancellation)
    {
        if (last.Number < first || (long)last.Timestamp < beforeUnixSeconds) return null;
        var (low, high) = (first, last.Number);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            var block = await client.BlockAsync(BlockReference.At(middle), cancellation) ?? throw new InvalidOperationException($"The chain has no block {middle}, though it has block {last.Number}.");
            if ((long)block.Timestamp < beforeUnixSeconds) low = middle;
            else high = middle;
        }
        return await client.BlockAsync(BlockReference.At(low), cancellation);
    }
}
