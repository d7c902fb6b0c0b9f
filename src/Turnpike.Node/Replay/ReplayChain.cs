using System.Text.Json.Nodes;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node.Replay;

/// <summary>Moves chain and clock together along the trace.</summary>
internal sealed class ReplayChain(EthereumClient client, ReplayClock clock)
{
    /// <summary>The development chain's finalized block follows two blocks behind its head.</summary>
    public const int FinalityBlocks = 2;

    /// <summary>Mines blocks, the first with exactly this timestamp, and sets the clock there.</summary>
    public async Task AdvanceToAsync(long unixSeconds, int blocks, CancellationToken cancellation)
    {
        var order = new JsonObject { ["timestamp"] = unixSeconds, ["blocks"] = blocks };
        await client.Rpc.CallAsync(new RpcCall("evm_mine", [order]) { IsIdempotent = false }, cancellation);
        clock.AdvanceTo(unixSeconds * 1000);
    }
}
