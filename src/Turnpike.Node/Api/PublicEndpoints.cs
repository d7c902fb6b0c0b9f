using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Merkle;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Api;

/// <summary>What anyone may read: the network, its epochs, outcomes and carry-overs, and the proofs by which owners claim.</summary>
internal static class PublicEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("public");
        group.MapGet("/network", (NodeContext node) => NetworkView.Of(node)).WithSummary("Contracts, clock and rules.");
        group.MapGet("/network/parameters", (NodeContext node) => Results.Bytes(node.Parameters, "text/plain")).WithSummary("The canonical parameters that the rules hash covers.");
        group.MapGet("/status", (NodeContext node, IServiceProvider services) => StatusView.Of(node, services.GetService<Gateway.EvidenceIntake>(), services.GetService<Evidence.EvidenceLog>())).WithSummary("Where the network stands now.");
        group.MapGet("/epochs", (NodeContext node) => EpochView.All(node)).WithSummary("Every settled epoch, newest last.");
        group.MapGet("/epochs/{epoch}", (ulong epoch, NodeContext node) => EpochView.All(node).LastOrDefault(view => view.Epoch == epoch) is { } view ? Results.Json(view) : Problems.NotFound($"Epoch {epoch} is not settled.")).Produces<EpochView>();
        group.MapGet("/epochs/{epoch}/{part}", ListShards).Produces<IReadOnlyList<ShardView>>().WithSummary("The shards of an epoch's outcome or carry-over.");
        group.MapGet("/epochs/{epoch}/{part}/{shard}", ReadShard).WithSummary("A shard's bytes.");
        group.MapGet("/devices/{device}/epochs/{epoch}", ExplainAsync).Produces<DeviceExplanation>().WithSummary("What a device earned in an epoch, report by report.");
        group.MapGet("/accounts/{account}/claim", (string account, NodeContext node, EpochArchive archive) => Proof(account, node, archive, "rewards", "account")).Produces<LeafProof>().WithSummary("An owner's leaf and proof under the active rewards root.");
        group.MapGet("/customers/{account}/charge", (string account, NodeContext node, EpochArchive archive) => Proof(account, node, archive, "charges", "customer")).Produces<LeafProof>().WithSummary("A customer's leaf and proof under the active charges root.");
    }

    private static IResult ListShards(ulong epoch, string part, EpochArchive archive) =>
        TryShards(epoch, part, archive, out var shards)
            ? Results.Json(shards.Shards.Select(shard => new ShardView(shard.Name, shard.Bytes.Length, shard.Hash.ToString())).ToList())
            : Problems.NotFound($"Epoch {epoch} has no {part} here.");

    private static IResult ReadShard(ulong epoch, string part, string shard, EpochArchive archive) =>
        TryShards(epoch, part, archive, out var shards) && shards.Shards.FirstOrDefault(candidate => candidate.Name == shard) is { } found
            ? Results.Bytes(found.Bytes, "application/jsonl")
            : Problems.NotFound($"Epoch {epoch} has no shard {part}/{shard} here.");

    private static bool TryShards(ulong epoch, string part, EpochArchive archive, out ShardSet shards)
    {
        shards = null!;
        if (epoch == 0 || part is not ("outcome" or "carry") || !archive.Has(new EpochNumber(epoch))) return false;
        shards = part == "outcome" ? archive.ReadOutcome(new EpochNumber(epoch)) : archive.ReadCarry(new EpochNumber(epoch));
        return true;
    }

    private static async Task<IResult> ExplainAsync(string device, ulong epoch, EpochExplainer explainer, CancellationToken cancellation)
    {
        if (!DeviceId.TryParse(device, out var id) || epoch == 0) return Problems.BadRequest("A device id is 0x and 64 hexadecimal digits; epochs begin at 1.");
        return await explainer.ExplainAsync(id, new EpochNumber(epoch), cancellation) is { } explanation ? Results.Json(explanation) : Problems.NotFound($"Epoch {epoch} is not settled.");
    }

    private static IResult Proof(string text, NodeContext node, EpochArchive archive, string stem, string key)
    {
        if (!Address.TryParse(text, out var account)) return Problems.BadRequest($"'{text}' is no address.");
        if (node.History.Read(state => state.Active) is not { } active || !archive.Has(new EpochNumber(active.Report.Epoch))) return Problems.NotFound("No epoch is active yet.");
        var lines = archive.ReadOutcome(new EpochNumber(active.Report.Epoch)).Shards.Where(shard => shard.Name.StartsWith(stem + "-", StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes));
        var tree = RewardTree.Build(lines.Select(line => (line[key].Address, line["cumulative"].Integer)));
        return tree.TryFind(account, out var leaf)
            ? Results.Json(LeafProof.Of(active.Report.Epoch, leaf, tree))
            : Problems.NotFound($"{account} has nothing in epoch {active.Report.Epoch}'s tree.");
    }
}
