using Turnpike.Blueprints.Schema;
using Turnpike.Core.Parameters;

namespace Turnpike.Blueprints;

/// <summary>A share of every epoch's emission and how it is paid out.</summary>
public sealed record PoolSection
{
    /// <summary>The shape that pays a named account; every pack knows it.</summary>
    public const string AccountShape = "account";

    /// <summary>Unique within the blueprint.</summary>
    public required string Name { get; init; }

    /// <summary>Parts per million of the emission; all pools together are exactly 1,000,000.</summary>
    public required uint SharePpm { get; init; }

    /// <summary>How it is divided: "account", or a shape of the pack.</summary>
    public required string Shape { get; init; }

    /// <summary>Who gets an account pool; null for all other shapes.</summary>
    public required AccountReference? To { get; init; }

    /// <summary>Who gets what contributors did not earn; null leaves it unminted, and is always null for an account pool.</summary>
    public required AccountReference? Leftovers { get; init; }
}

internal static class PoolKeys
{
    private const ulong Whole = 1_000_000;

    internal static readonly ScalarKey<string> Name = new("name", ScalarTypes.Slug, "Name of the pool in every statement of earnings.");
    internal static readonly ScalarKey<ulong> Share = new("share", ScalarTypes.Percent, "Share of every epoch's emission. Give either this or `share_ppm`; all pools together are exactly 100%.") { Required = false };
    internal static readonly ScalarKey<ulong> SharePpm = new("share_ppm", ScalarTypes.Integer(1, Whole), "The same in parts per million.") { Required = false };
    internal static readonly ScalarKey<string> Shape = new("shape", ScalarTypes.Slug, $"How the pool is divided: `{PoolSection.AccountShape}` pays the account in `to`; other shapes pay contributors and belong to the pack.");
    internal static readonly ScalarKey<AccountReference> To = new("to", AccountTypes.Reference, $"Who gets an `{PoolSection.AccountShape}` pool; for no other shape.") { Required = false };
    internal static readonly ScalarKey<AccountReference> Leftovers = new("leftovers", AccountTypes.Reference, "Who gets what contributors did not earn; absent, it is not minted.") { Required = false };

    internal static readonly ListKey Section = new(new("pools", "Who gets the emission.", [Name, Share, SharePpm, Shape, To, Leftovers]), 1, 32);

    internal static IReadOnlyList<PoolSection> Read(SectionReader root, PackDescription? pack, AccountBook accounts)
    {
        if (root.List(Section) is not { } items) return [];
        var pools = new List<PoolSection>();
        var shares = new List<Field<ulong>>();
        foreach (var item in items)
        {
            var (name, share) = (item.Read(Name), ReadShare(item));
            if (name.Given && pools.Any(pool => pool.Name == name.Value))
                item.Problems.Add(BlueprintFault.Inconsistent, name.Node, $"there is a pool '{name.Value}' already", "give each pool its own name");
            shares.Add(share);
            pools.Add(ReadPool(item, name.Value, share, pack, accounts));
        }
        CheckSum(root, shares);
        return pools;
    }

    private static PoolSection ReadPool(SectionReader item, string name, Field<ulong> share, PackDescription? pack, AccountBook accounts)
    {
        var (shape, to, leftovers) = (item.Read(Shape), item.Read(To), item.Read(Leftovers));
        accounts.Require(to);
        accounts.Require(leftovers);
        if (shape.Given && shape.Value == PoolSection.AccountShape)
        {
            if (!item.Has(To)) item.ReportMissing(To);
            if (leftovers.Given) item.Problems.Add(BlueprintFault.Inconsistent, leftovers.Node, "an account pool has no leftovers", "remove the key");
        }
        else if (shape.Given)
        {
            if (pack is not null && !pack.Shapes.Contains(shape.Value, StringComparer.Ordinal))
                item.Problems.Add(BlueprintFault.Inconsistent, shape.Node, $"the pack {pack.Id} cannot pay the shape '{shape.Value}'", $"write one of {string.Join(", ", pack.Shapes.Append(PoolSection.AccountShape))}");
            if (to.Given) item.Problems.Add(BlueprintFault.Inconsistent, to.Node, $"a pool of the shape '{shape.Value}' pays contributors, not an account", "remove the key, or write leftovers for what nobody earns");
        }
        return new PoolSection
        {
            Name = name,
            SharePpm = (uint)share.Value,
            Shape = shape.Value,
            To = to.Given ? to.Value : null,
            Leftovers = leftovers.Given ? leftovers.Value : null,
        };
    }

    private static Field<ulong> ReadShare(SectionReader item)
    {
        if (item.Has(Share) == item.Has(SharePpm))
            item.Problems.Add(item.Has(Share) ? BlueprintFault.Inconsistent : BlueprintFault.MissingKey, item.Node, item.Has(Share) ? "there are both share and share_ppm" : "there is neither share nor share_ppm", $"give one of the two: {Share.Expected}");
        var (percent, ppm) = (item.Read(Share), item.Read(SharePpm));
        return percent.Given ? percent : ppm;
    }

    private static void CheckSum(SectionReader root, List<Field<ulong>> shares)
    {
        if (shares.Count == 0 || !shares.All(share => share.Given)) return;
        var sum = shares.Aggregate(0UL, (total, share) => total + share.Value);
        if (sum == Whole) return;
        var (over, difference) = sum > Whole ? ("above", sum - Whole) : ("below", Whole - sum);
        root.Problems.Add(BlueprintFault.Inconsistent, root.Node[Section.Name]!, $"the shares sum to {Notation.Percent((uint)sum)}, {Notation.Percent((uint)difference)} {over} the whole", "let them sum to exactly 100%");
    }
}
