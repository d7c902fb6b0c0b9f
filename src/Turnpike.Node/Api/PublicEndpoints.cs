using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Turnpike.Core;
using Turnpike.Core.Canonical;
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
        group.MapGet("/status", (NodeContext node, IServiceProvider services) => StatusView.Of(node, services)).WithSummary("Where the network stands now.");
        group.MapGet("/epochs", (NodeContext node) => EpochView.All(node)).WithSummary("Every settled epoch, newest last.");
        group.MapGet("/epochs/{epoch}", (ulong epoch, NodeContext node) => EpochView.All(node).LastOrDefault(view => view.Epoch == epoch) is { } view ? Results.Json(view) : Problems.NotFound($"Epoch {epoch} is not settled.")).Produces<EpochView>();
        group.MapGet("/epochs/{epoch}/{part}", ListShards).Produces<IReadOnlyList<ShardView>>().WithSummary("The shards of an epoch's outcome or carry-over.");
        group.MapGet("/epochs/{epoch}/{part}/{shard}", ReadShard).WithSummary("A shard's bytes.");
        group.MapGet("/devices/{device}/epochs/{epoch}", ExplainAsync).Produces<DeviceExplanation>().WithMetadata(HeavyQuestion.Mark).WithSummary("What a device earned in an epoch, report by report.");
        group.MapGet("/accounts/{account}/claim", (string account, ActiveTrees trees) => Proof(account, trees, rewards: true)).Produces<LeafProof>().WithMetadata(HeavyQuestion.Mark).WithSummary("An owner's leaf and proof under the active rewards root.");
        group.MapGet("/customers/{account}/charge", (string account, ActiveTrees trees) => Proof(account, trees, rewards: false)).Produces<LeafProof>().WithMetadata(HeavyQuestion.Mark).WithSummary("A customer's leaf and proof under the active charges root.");
    }

    private static IResult ListShards(ulong epoch, string part, EpochArchive archive) =>
        TryShards(epoch, part, archive, out var shards)
            ? Results.Json(shards.Shards.Select(shard => new ShardView(shard.Name, shard.Bytes.Length, shard.Hash.ToString())).ToList())
            : Problems.NotFound($"Epoch {epoch} has no {part} here.");

    private static IResult ReadShard(ulong epoch, string part, string shard, EpochArchive archive) =>
        TryShards(epoch, part, archive, out var shards) && shards.Shards.FirstOrDefault(candidate => candidate.Name == shard) is { } found
            ? Results.Bytes(found.Bytes, "application/jsonl", entityTag: ByHash.Tag(found.Hash.ToString()))
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

    private static IResult Proof(string text, ActiveTrees trees, bool rewards)
    {
        if (!Address.TryParse(text, out var account)) return Problems.BadRequest($"'{text}' is no address.");
        if (trees.Get(rewards) is not { } active) return Problems.NotFound("No epoch is active yet, or this node did not compute it: ask an oracle.");
        return active.Tree.TryFind(account, out var leaf) ? Results.Json(LeafProof.Of(active.Epoch, leaf, active.Tree)) : Problems.NotFound($"{account} has nothing in epoch {active.Epoch}'s tree.");
    }
}
