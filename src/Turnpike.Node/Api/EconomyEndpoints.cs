using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Economics;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Api;

/// <summary>The network's vital signs over its last active epochs, by the code that measures simulated ones.</summary>
internal static class EconomyEndpoints
{
    private const int MostEpochs = 366;
    private const decimal MostUsd = 1_000_000_000;
    private const int SecondsPerWeek = 7 * 86_400;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGroup("/v1").WithTags("public").MapGet("/economy/health", Answer).Produces<EconomyView>()
            .WithSummary("Subsidy, burn to mint, organic demand, dilution and concentration of operators, payers and holders over the last epochs; with hardwareUsd (and runningUsdPerWeek) payback by kind of device, with treasury and spendingUsdPerWeek the runway.");

    /// <summary>What the chain does not tell: what devices cost, and which account is the treasury.</summary>
    /// <param name="Hardware">What a device costs; null when it is not known.</param>
    /// <param name="RunningPerEpoch">What running one costs.</param>
    /// <param name="Treasury">Whose tokens pay for the network's upkeep; null for none.</param>
    /// <param name="SpendingPerEpoch">What that upkeep is.</param>
    public sealed record Costs(Credits? Hardware, Credits RunningPerEpoch, Address? Treasury, Credits SpendingPerEpoch)
    {
        /// <summary>Nothing is known.</summary>
        public static Costs Unknown { get; } = new(null, Credits.Zero, null, Credits.Zero);
    }

    /// <summary>The facts of epochs, summed over their published outcomes; who holds tokens is the state's.</summary>
    public static HealthFacts FactsOf(LedgerState state, IReadOnlyList<ulong> epochs, EpochArchive archive, Costs costs)
    {
        var (earned, devices, charged, selfDealt, minted, burned) = (new Dictionary<Address, UInt128>(), new Dictionary<DeviceId, UInt128>(), new Dictionary<Address, UInt128>(), UInt128.Zero, UInt128.Zero, UInt128.Zero);
        foreach (var epoch in epochs)
        {
            var outcome = archive.ReadOutcome(new EpochNumber(epoch));
            var delivered = new Dictionary<Address, UInt128>();
            foreach (var line in Lines(outcome, "devices-"))
            {
                var (owner, amount) = (line["beneficiary"].Address, line["amount"].Integer);
                earned[owner] = earned.GetValueOrDefault(owner) + amount;
                devices[line["device"].DeviceId] = devices.GetValueOrDefault(line["device"].DeviceId) + amount;
                delivered[owner] = delivered.GetValueOrDefault(owner) + line["units"].Integer;
            }
            foreach (var line in Lines(outcome, "charges-"))
            {
                var (customer, paid) = (line["customer"].Address, line["charged"].Integer);
                if (paid == UInt128.Zero) continue;
                charged[customer] = charged.GetValueOrDefault(customer) + paid;
                // Who pays and earns may have paid himself: all of it that his own devices delivered is counted so.
                selfDealt += UInt128.Min(paid, delivered.GetValueOrDefault(customer));
            }
            minted += state.Minted.GetValueOrDefault(epoch);
            burned += state.Burned.GetValueOrDefault(epoch);
        }
        var price = state.LastPrice.Average;
        return new HealthFacts
        {
            Epochs = (ulong)epochs.Count, EpochsPerYear = (ulong)Math.Max(1, 365 * 86_400 / state.Clock.LengthSeconds), Price = price.IsZero ? null : price, Supply = new Amount(state.Supply),
            Minted = new Amount(minted), Burned = new Amount(burned), Rewards = new Amount(Sum(earned.Values)), Revenue = new Credits(Sum(charged.Values)), SelfDealt = new Credits(selfDealt),
            Operators = [.. earned.Values], Payers = [.. charged.Values], Holders = [.. state.Holdings],
            Hardware = costs.Hardware is { } cost ? [.. ByKind(state, devices).Select(kind => new HardwareClass($"kind {kind.Key}", cost, costs.RunningPerEpoch, [.. kind.Select(device => new Amount(device.Value))]))] : [],
            Treasury = costs.Treasury is { } treasury && !price.IsZero ? price.CreditsFloor(new Amount(state.Balances.GetValueOrDefault(treasury))) : Credits.Zero, SpendingPerEpoch = costs.SpendingPerEpoch,
        };
    }

    private static IResult Answer(NodeContext node, EpochArchive archive, int? epochs, decimal? hardwareUsd, decimal? runningUsdPerWeek, string? treasury, decimal? spendingUsdPerWeek)
    {
        if (epochs is < 1 or > MostEpochs) return Problems.BadRequest($"epochs is from 1 to {MostEpochs}.");
        if (new[] { hardwareUsd, runningUsdPerWeek, spendingUsdPerWeek }.Any(usd => usd is < 0 or > MostUsd)) return Problems.BadRequest($"hardwareUsd, runningUsdPerWeek and spendingUsdPerWeek are from 0 to {MostUsd:0}.");
        var account = Address.Zero;
        if (treasury is not null && !Address.TryParse(treasury, out account)) return Problems.BadRequest("treasury is an account: 0x and 40 hexadecimal digits.");
        var active = node.History.Read(state => state.Reports.Where(report => report.Stage == ReportStage.Active).Select(report => report.Report.Epoch).ToList()).Where(epoch => archive.Has(new EpochNumber(epoch))).TakeLast(epochs ?? 30).ToList();
        if (active.Count == 0) return Problems.NotFound("No epoch is active here yet.");
        var facts = node.History.Read(state =>
        {
            Credits PerEpoch(decimal? usdPerWeek) => CreditsOf((usdPerWeek ?? 0) * state.Clock.LengthSeconds / SecondsPerWeek);
            var costs = new Costs(hardwareUsd is { } usd ? CreditsOf(usd) : null, PerEpoch(runningUsdPerWeek), treasury is null ? null : account, PerEpoch(spendingUsdPerWeek));
            return FactsOf(state, active, archive, costs);
        });
        return Results.Json(new EconomyView(active[0], active[^1], facts.Supply.ToTokenString(), facts.Minted.ToTokenString(), facts.Burned.ToTokenString(), facts.Rewards.ToTokenString(), facts.Revenue.ToUsdString(), facts.Price?.ToString(), NetworkHealth.Of(facts)));
    }

    private static IEnumerable<IGrouping<uint, KeyValuePair<DeviceId, UInt128>>> ByKind(LedgerState state, Dictionary<DeviceId, UInt128> earned) =>
        earned.GroupBy(device => state.Devices.TryGetValue(device.Key, out var known) ? known.Kind : 0).OrderBy(kind => kind.Key);

    // A cost rounds up: what is too small for a credit is not free.
    private static Credits CreditsOf(decimal usd) => new((UInt128)decimal.Ceiling(usd * Credits.PerUsd));

    private static UInt128 Sum(IEnumerable<UInt128> values) => values.Aggregate(UInt128.Zero, (sum, value) => checked(sum + value));

    private static IEnumerable<CanonicalValue> Lines(ShardSet outcome, string stem) =>
        outcome.Shards.Where(shard => shard.Name.StartsWith(stem, StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes));
}

/// <summary>Vital signs over epochs; shares in millionths, amounts as decimal text.</summary>
internal sealed record EconomyView(ulong FromEpoch, ulong ToEpoch, string Supply, string Minted, string Burned, string Rewards, string RevenueUsd, string? PriceUsd, NetworkHealth Health);
