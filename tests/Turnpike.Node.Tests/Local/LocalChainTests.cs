using Turnpike.Evm.Rpc;
using Turnpike.Node.Local;

namespace Turnpike.Node.Tests.Local;

public sealed class LocalChainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Whoever has the port would answer in place of the chain that was meant, and take it along when it stops.
    [Fact]
    public async Task Port_that_another_chain_has_is_refused()
    {
        await using var first = await StartAsync(new LocalChainOptions());

        var refused = await Assert.ThrowsAsync<LocalChainException>(() => StartAsync(new LocalChainOptions { Port = first.Rpc.Port }));
        Assert.StartsWith("anvil stopped with exit code 1: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chains_without_a_port_get_one_each()
    {
        var chains = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => StartAsync(new LocalChainOptions { GenesisTime = 1_900_000_000 + i })));
        using var http = new HttpClient();

        foreach (var (chain, i) in chains.Select((chain, i) => (chain, i)))
        {
            var genesis = await new EthereumClient(new JsonRpcClient(http, chain.Rpc)).BlockAsync(BlockReference.At(0), Stop);
            Assert.Equal(1_900_000_000ul + (ulong)i, genesis!.Timestamp);
        }
        foreach (var chain in chains) await chain.DisposeAsync();
        Assert.Equal(4, chains.Select(chain => chain.Rpc.Port).Distinct().Count());
    }

    private static async Task<LocalChain> StartAsync(LocalChainOptions options)
    {
        try
        {
            LocalChain.FindAnvil();
        }
        catch (LocalChainException absent)
        {
            Assert.Skip(absent.Message);
        }
        return await LocalChain.StartAsync(options, Stop);
    }
}
