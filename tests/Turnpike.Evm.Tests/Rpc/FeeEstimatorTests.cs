using System.Numerics;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class FeeEstimatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Suggestion_is_twice_the_next_base_fee_plus_the_median_tip_of_blocks_that_used_gas()
    {
        var history = History([(0.5, 5_000), (0, 0), (0.9, 3_000), (0.1, 9_000)], last: 40_000);
        Assert.Equal(new GasFees(85_000, 5_000, false), FeeEstimator.Suggest(history, new FeeOptions { MinTip = 1, MaxTip = 100_000, MaxFeePerGas = 1_000_000 }, 1_000_000));
        Assert.Equal(new GasFees(84_000, 4_000, false), FeeEstimator.Suggest(history, new FeeOptions { MinTip = 1, MaxTip = 4_000, MaxFeePerGas = 1_000_000 }, 1_000_000));
        Assert.Equal(new GasFees(86_000, 6_000, false), FeeEstimator.Suggest(history, new FeeOptions { MinTip = 6_000, MaxTip = 7_000, MaxFeePerGas = 1_000_000 }, 1_000_000));
        Assert.Equal(new GasFees(50_000, 5_000, false), FeeEstimator.Suggest(history, new FeeOptions { MinTip = 1, MaxTip = 50_000, MaxFeePerGas = 50_000 }, 50_000));
        Assert.Equal(IntentRefusal.FeeAboveCap, Assert.Throws<IntentRefusedException>(() => FeeEstimator.Suggest(history, new FeeOptions { MinTip = 1, MaxTip = 40_000, MaxFeePerGas = 40_000 }, 40_000)).Refusal);
    }

    [Fact]
    public void Raised_fees_replace_in_every_pool_and_stay_within_cap_and_each_other()
    {
        var fees = from fee in Gen.Choose(0, 2_000_000) from tip in Gen.Choose(0, fee) select new GasFees(fee, tip, false);
        var all = from old in fees from market in fees from cap in Gen.Choose(0, 3_000_000) select (old, market, cap);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(all.ToArbitrary(), c =>
        {
            var least = BigInteger.Max((c.old.MaxFeePerGas * 1125 + 999) / 1000, c.old.MaxFeePerGas + 1);
            if (c.old.Raised(c.market, c.cap) is not { } raised) return least > c.cap;
            return raised.MaxFeePerGas >= least && raised.MaxFeePerGas <= c.cap && raised.MaxPriorityFeePerGas <= raised.MaxFeePerGas
                && raised.MaxPriorityFeePerGas * 1000 >= c.old.MaxPriorityFeePerGas * 1125 && raised.MaxPriorityFeePerGas > c.old.MaxPriorityFeePerGas
                && raised.MaxFeePerGas >= BigInteger.Min(c.market.MaxFeePerGas, c.cap);
        }));
    }

    [Fact]
    public async Task Real_chain_with_a_base_fee_gets_a_suggestion_it_mines()
    {
        await using var anvil = await Anvil.StartAsync("--base-fee", "7000000000");
        var fees = await new FeeEstimator(anvil.Client).SuggestAsync(Stop);
        Assert.False(fees.IsLegacy);
        Assert.InRange(fees.MaxFeePerGas, 7_000_000_000, 100_000_000_000);
    }

    [Theory]
    [InlineData("unsupported")]
    [InlineData("none")]
    [InlineData("zero")]
    public async Task Chain_without_base_fee_gets_the_nodes_gas_price(string how)
    {
        await using var proxy = new Proxy
        {
            Rule = request => new Proxy.Answer(Proxy.Method(request) == "eth_gasPrice" ? Proxy.Result(request, "0x12a05f200") : how switch
            {
                "unsupported" => Proxy.Error(request, -32601, "the method does not exist"),
                "none" => Proxy.Result(request, new JsonObject { ["oldestBlock"] = "0x1", ["gasUsedRatio"] = new JsonArray(0.1) }),
                _ => Proxy.Result(request, new JsonObject { ["oldestBlock"] = "0x1", ["gasUsedRatio"] = new JsonArray(0.1), ["baseFeePerGas"] = new JsonArray("0x0", "0x0") }),
            }),
        };
        using var http = new HttpClient();
        Assert.Equal(new GasFees(5_000_000_000, 5_000_000_000, true), await new FeeEstimator(EthereumClientTests.Over(http, proxy)).SuggestAsync(Stop));
    }

    private static FeeHistory History((double Ratio, BigInteger Tip)[] blocks, BigInteger last) => new()
    {
        OldestBlock = 1,
        BaseFeePerGas = [.. Enumerable.Repeat(new BigInteger(1), blocks.Length), last],
        GasUsedRatio = [.. blocks.Select(block => block.Ratio)],
        Reward = [.. blocks.Select(block => (IReadOnlyList<BigInteger>)[block.Tip])],
    };
}
