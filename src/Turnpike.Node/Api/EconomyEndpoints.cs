using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Economics;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Epochs;
using Credits = Turnpike.Core.Credits;

namespace Turnpike.Node.Api;

/// <summary>The network's vital signs over its last active epochs, by the code that measures simulated ones.</summary>
internal static class EconomyEndpoints
{
    private const int MostEpochs = 366;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGroup("/v1").WithTags("public").MapGet("/economy/health", AnswerAsync).Produces<EconomyView>()
            .WithSummary("Subsidy, burn to mint, organic demand, dilution and concentration over the last epochs; with hardwareUsd, payback too.");

    /// <summary>The facts of epochs, summed over their published outcomes.</summary>
    public static HealthFacts FactsOf(LedgerState state, IReadOnlyList<ulong> epochs, EpochArchive archive, Amount supply, Credits? hardware)
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
        return new HealthFacts
        {
            Epochs = (ulong)epochs.Count, EpochsPerYear = (ulong)Math.Max(1, 365 * 86_400 / state.Clock.LengthSeconds), Price = state.LastPrice.Average.IsZero ? null : state.LastPrice.Average, Supply = supply,
            Minted = new Amount(minted), Burned = new Amount(burned), Rewards = new Amount(Sum(earned.Values)), Revenue = new Credits(Sum(charged.Values)), SelfDealt = new Credits(selfDealt),
            Operators = [.. earned.Values], Payers = [.. charged.Values], Holders = [],
            Hardware = hardware is { } cost ? [new HardwareClass("device", cost, Credits.Zero, [.. devices.Values.Select(amount => new Amount(amount))])] : [],
        };
    }

    private static async Task<IResult> AnswerAsync(NodeContext node, EpochArchive archive, int? epochs, ulong? hardwareUsd, CancellationToken cancellation)
    {
        if (epochs is < 1 or > MostEpochs) return Problems.BadRequest($"epochs is from 1 to {MostEpochs}.");
        var active = node.History.Read(state => state.Reports.Where(report => report.Stage == ReportStage.Active).Select(report => report.Report.Epoch).ToList()).Where(epoch => archive.Has(new EpochNumber(epoch))).TakeLast(epochs ?? 30).ToList();
        if (active.Count == 0) return Problems.NotFound("No epoch is active here yet.");
        var supply = new Amount((UInt128)await node.Chain.CallAsync(node.Deployment.Token, new NetworkToken.TotalSupplyCall(), BlockReference.Latest, cancellation));
        var facts = node.History.Read(state => FactsOf(state, active, archive, supply, hardwareUsd is { } usd ? Credits.FromUsd(usd) : null));
        return Results.Json(new EconomyView(active[0], active[^1], facts.Minted.ToTokenString(), facts.Burned.ToTokenString(), facts.Rewards.ToTokenString(), facts.Revenue.ToUsdString(), facts.Price?.ToString(), NetworkHealth.Of(facts)));
    }

    private static UInt128 Sum(IEnumerable<UInt128> values) => values.Aggregate(UInt128.Zero, (sum, value) => checked(sum + value));

    private static IEnumerable<CanonicalValue> Lines(ShardSet outcome, string stem) =>
        outcome.Shards.Where(shard => shard.Name.StartsWith(stem, StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes));
}

/// <summary>Vital signs over epochs; shares in millionths, amounts as decimal text.</summary>
internal sealed record EconomyView(ulong FromEpoch, ulong ToEpoch, string Minted, string Burned, string Rewards, string RevenueUsd, string? PriceUsd, NetworkHealth Health);
