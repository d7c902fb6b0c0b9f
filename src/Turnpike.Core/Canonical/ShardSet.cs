using System.Text;
using Turnpike.Core.Merkle;

namespace Turnpike.Core.Canonical;

/// <summary>
/// Shards that together are one outcome or carry-over, sorted by name (ordinal). <see cref="Root"/> is their hash: the RFC 6962 root over leaves
/// UTF8(name) || 0x00 || SHA-256(bytes), so an auditor can check one shard against it without holding the others.
/// </summary>
public sealed class ShardSet
{
    private readonly Shard[] _shards;

    /// <summary>A set of the given shards, in any order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public ShardSet(IEnumerable<Shard> shards)
    {
        _shards = [.. shards];
        Array.Sort(_shards, (left, right) => string.CompareOrdinal(left.Name, right.Name));
        Root = RootOf(_shards.Select(shard => (shard.Name, shard.Hash)));
    }

    /// <summary>The shards by name.</summary>
    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>The hash of the set; for no shards, SHA-256 of nothing.</summary>
    public Bytes32 Root { get; }

    /// <summary>The root of shards of which only names and hashes are known; they must be sorted by name.</summary>
    /// <exception cref="ArgumentException">Not sorted (ordinal), or a name occurs twice.</exception>
    public static Bytes32 RootOf(IEnumerable<(string Name, Bytes32 Hash)> shards)
    {
        var root = new TransparencyRoot();
        string? previous = null;
        foreach (var (name, hash) in shards)
        {
            if (previous is not null && string.CompareOrdinal(previous, name) >= 0) throw new ArgumentException($"Shard names must grow; {name} follows {previous}.", nameof(shards));
            root.Append(LeafHash(name, hash));
            previous = name;
        }
        return root.Root;
    }

    /// <summary>The leaf of a shard in the set's tree.</summary>
    public static Bytes32 LeafHash(string name, Bytes32 hash)
    {
        Shard.RequireName(name);
        return TransparencyTree.LeafHash([.. Encoding.UTF8.GetBytes(name), 0x00, .. hash.ToArray()]);
    }

    /// <summary>The siblings that lead from the shard at <paramref name="index"/> to the root.</summary>
    public Bytes32[] Proof(int index) => TransparencyTree.Proof(_shards.Select(shard => LeafHash(shard.Name, shard.Hash)).ToArray(), index);
}
