using System.Numerics;
using Turnpike.Core;
using Turnpike.Economics;
using Turnpike.Ledger.Contracts;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>Differential fuzzing: the contracts Emissions and Credits against the C# of Turnpike.Economics, on a real EVM, over random schedules, burns, prices and purchases.</summary>
public sealed class EconomyContractTests
{
    private const int Schedules = 12;
    private const int EpochsEach = 24;
    private const int Quotes = 200;

    private static readonly Address Settlement = Address.Parse("0x00000000000000000000000000000000000a11ce");
    private static readonly Address Burns = Address.Parse("0x0000000000000000000000000000000000000b04");
    private static readonly Address Token = Address.Parse("0x0000000000000000000000000000000000070c37");

    [Fact]
    public async Task Emissions_mints_what_the_library_computes_over_random_schedules()
    {
        await using var chain = await DevelopmentChain.StartAsync();
        await chain.FundAsync(Settlement);
        // burnedIn(epoch) answers storage slot `epoch`; the token takes every call.
        await chain.DoAsync("anvil_setCode", Burns.ToString(), "0x6004355460005260206000f3");
        await chain.DoAsync("anvil_setCode", Token.ToString(), "0x00");
        var random = new Random(20_260_805);
        var (capped, uncapped) = (0, 0);
        for (var i = 0; i < Schedules; i++)
        {
            var (schedule, rule) = (RandomSchedule(random), new NetEmission(new Amount(Magnitude(random, 90)), (uint)(i % 3 == 0 ? 1 : random.Next(2, 400))));
            var emissions = await DeployAsync(chain, new Emissions.Deployment(Token, Settlement, Burns,
                [.. schedule.Steps.Select(step => step.FromEpoch.Value)], [.. schedule.Steps.Select(step => (BigInteger)step.PerEpoch.BaseUnits)], rule.CapPerEpoch.BaseUnits, rule.SmoothingEpochs));
            var smoothed = Amount.Zero;
            for (var epoch = 1UL; epoch <= EpochsEach; epoch++)
            {
                var burn = new Amount(random.Next(5) == 0 ? 0 : Magnitude(random, 94));
                await chain.DoAsync("anvil_setStorageAt", Burns.ToString(), Word(epoch), Word(burn.BaseUnits));
                (smoothed, var reemitted) = rule.Advance(smoothed, burn);
                var allowed = schedule.At(new EpochNumber(epoch)) + reemitted;
                if (reemitted == rule.CapPerEpoch) capped++;
                else uncapped++;

                Assert.Equal(schedule.At(new EpochNumber(epoch)).BaseUnits, (UInt128)await chain.AskAsync(emissions, new Emissions.ScheduledCall(epoch)));
                Assert.Equal(allowed.BaseUnits, (UInt128)await chain.AskAsync(emissions, new Emissions.AllowanceCall(epoch)));
                await chain.SendAsync(Settlement, emissions, new Emissions.MintCall(epoch, allowed.BaseUnits, Settlement));
                Assert.Equal(smoothed.BaseUnits, (UInt128)await chain.AskAsync(emissions, new Emissions.SmoothedBurnCall()));
            }
        }
        Assert.True(capped > 20 && uncapped > 20, $"{capped} epochs at the cap and {uncapped} below it are no test.");
    }

    [Fact]
    public async Task Credits_quotes_and_refuses_what_the_library_does_over_random_prices()
    {
        await using var network = await TestNetwork.DeployAsync(TestNetwork.HeliumLocal());
        var (at, chain) = (network.Deployment, network.Chain);
        var bounds = new CreditPrice((long)network.Blueprint.Credits.MaxPriceAge.TotalSeconds, Ratio.BasisPoints(network.Blueprint.Credits.MaxConfidenceBps));
        var random = new Random(149);
        var seen = new Dictionary<PriceUse, int>();
        for (var i = 0; i < Quotes; i++)
        {
            var head = await chain.HeadAsync();
            var ema = random.NextInt64(1, 1L << random.Next(1, 62));
            var confidence = random.Next(3) == 0 ? random.NextInt64(0, ema + 1) : random.NextInt64(0, ema / 20 + 2);
            var observed = (long)head.Timestamp - random.Next(0, 2 * (int)bounds.MaxAgeSeconds);
            await SetPriceAsync(chain, at.PriceFeed, ema, confidence, observed);
            var burned = new Amount(Magnitude(random, 100));

            var use = bounds.Judge(new PriceQuote(new Price((ulong)ema), new Price((ulong)confidence), observed), (long)head.Timestamp, out var price);
            seen[use] = seen.GetValueOrDefault(use) + 1;
            if (use == PriceUse.Usable)
            {
                var quote = await chain.AskAsync(at.Credits, new CreditsContract.QuoteCall(burned.BaseUnits));
                Assert.Equal((price.UsdE8, CreditPrice.Buy(burned, price).Count), ((UInt128)quote.Price, (UInt128)quote.Credits));
                continue;
            }
            var refusal = await Record.ExceptionAsync(() => chain.AskAsync(at.Credits, new CreditsContract.QuoteCall(burned.BaseUnits)));
            Assert.Contains(use == PriceUse.Stale ? "StalePrice" : "WidePrice", Assert.IsAssignableFrom<Exception>(refusal).Message, StringComparison.Ordinal);
        }
        Assert.True(seen.GetValueOrDefault(PriceUse.Usable) > 30 && seen.GetValueOrDefault(PriceUse.Stale) > 30 && seen.GetValueOrDefault(PriceUse.Wide) > 10, string.Join(", ", seen));
    }

    // The feed keeps one packed slot behind the two of EIP712: price, ema, confidence (64 bits each), round, timestamp (32 bits each), the first in the lowest bits.
    private static async Task SetPriceAsync(DevelopmentChain chain, Address feed, long ema, long confidence, long observed)
    {
        const ulong Slot = 2;
        var packed = ((BigInteger)observed << 224) + ((BigInteger)7 << 192) + ((BigInteger)confidence << 128) + ((BigInteger)ema << 64) + ema;
        await chain.DoAsync("anvil_setStorageAt", feed.ToString(), Word(Slot), "0x" + packed.ToString("x", null).PadLeft(65, '0')[^64..]);
        var latest = await chain.AskAsync(feed, new PriceFeed.LatestCall());
        Assert.Equal((ema, confidence, observed), ((long)latest.Ema, (long)latest.Confidence, (long)latest.Timestamp));
    }

    private static EmissionSchedule RandomSchedule(Random random)
    {
        var from = 0UL;
        return new EmissionSchedule(Enumerable.Range(0, random.Next(1, 9)).Select(_ => new EmissionStep(new EpochNumber(from += (ulong)random.Next(1, 8)), new Amount(Magnitude(random, 100)))).ToList());
    }

    private static async Task<Address> DeployAsync(DevelopmentChain chain, Emissions.Deployment deployment)
    {
        var hash = Bytes32.Parse((await chain.DoAsync("eth_sendTransaction", DevelopmentChain.TransactionOf(Settlement, null, deployment.Encode()))).GetString());
        return (await chain.ReceiptAsync(hash)).ContractAddress ?? throw new InvalidOperationException("Emissions was not created.");
    }

    // Any bit length is as likely as any other.
    private static UInt128 Magnitude(Random random, int mostBits) =>
        new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64() << 1) >> (127 - random.Next(1, mostBits));

    private static string Word(UInt128 value) => "0x" + value.ToString("x64", null);
}
