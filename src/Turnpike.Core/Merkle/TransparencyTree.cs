using System.Security.Cryptography;
using Turnpike.Core.Hashing;

namespace Turnpike.Core.Merkle;

/// <summary>
/// The Merkle tree of RFC 6962 section 2.1 over SHA-256: a leaf is hashed with prefix 0x00, a node with prefix 0x01, so neither can pass for the other.
/// Built level by level, an odd node at the end of a level is promoted unchanged; that gives the same root as the RFC's definition, which splits
/// n leaves at the largest power of two below n: both put every complete subtree where it is aligned to its own size. The order of leaves is the caller's.
/// Used for evidence segments and for the shards of an outcome. Safe for any number of threads.
/// </summary>
public static class TransparencyTree
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>Root of no leaves: SHA-256 of nothing.</summary>
    public static Bytes32 EmptyRoot { get; } = new(SHA256.HashData([]));

    /// <summary>SHA-256(0x00 || data).</summary>
    public static Bytes32 LeafHash(ReadOnlySpan<byte> data)
    {
        const int OnStack = 1024;
        var length = data.Length + 1;
        if (length > OnStack) return LongLeafHash(data);
        Span<byte> input = stackalloc byte[OnStack];
        input[0] = LeafPrefix;
        data.CopyTo(input[1..]);
        return Hash(input[..length]);
    }

    /// <summary><see cref="LeafHash"/> of many leaves that lie back to back, leaf i ending before <paramref name="ends"/>[i].</summary>
    public static void LeafHashes(ReadOnlySpan<byte> data, ReadOnlySpan<int> ends, Span<Bytes32> hashes) => Sha256Batch.HashEach(data, ends, LeafPrefix, hashes);

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static Bytes32 NodeHash(Bytes32 left, Bytes32 right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Bytes32.Length];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Bytes32.Length)..]);
        return Hash(input);
    }

    /// <summary>The root over leaf hashes in order.</summary>
    public static Bytes32 Root(ReadOnlySpan<Bytes32> leafHashes)
    {
        if (leafHashes.IsEmpty) return EmptyRoot;
        var level = leafHashes.ToArray();
        var size = level.Length;
        while (size > 1) size = NextLevel(level.AsSpan(0, size));
        return level[0];
    }

    /// <summary>The siblings that lead from leaf <paramref name="index"/> to the root, from the bottom up: RFC 6962's audit path.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such leaf.</exception>
    public static Bytes32[] Proof(ReadOnlySpan<Bytes32> leafHashes, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leafHashes.Length);
        var level = leafHashes.ToArray();
        var size = level.Length;
        var proof = new List<Bytes32>();
        for (; size > 1; index >>= 1)
        {
            var sibling = index ^ 1;
            if (sibling < size) proof.Add(level[sibling]);
            size = NextLevel(level.AsSpan(0, size));
        }
        return [.. proof];
    }

    /// <summary>Whether <paramref name="leafHash"/> is leaf <paramref name="index"/> of the <paramref name="size"/> leaves under <paramref name="root"/>.</summary>
    public static bool Verify(Bytes32 root, Bytes32 leafHash, long index, long size, ReadOnlySpan<Bytes32> proof)
    {
        if (index < 0 || index >= size) return false;
        var hash = leafHash;
        var last = size - 1;
        foreach (var sibling in proof)
        {
            // The end of a level without a sibling: promoted, with nothing in the proof for it.
            while (index == last && (index & 1) == 0 && last > 0)
            {
                index >>= 1;
                last >>= 1;
            }
            if (last == 0) return false;
            hash = (index & 1) == 1 ? NodeHash(sibling, hash) : NodeHash(hash, sibling);
            index >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    private static int NextLevel(Span<Bytes32> level)
    {
        var pairs = level.Length / 2;
        Sha256Batch.HashPairs(level, level[..pairs]);
        if ((level.Length & 1) == 1) level[pairs] = level[^1];
        return (level.Length + 1) / 2;
    }

    private static Bytes32 LongLeafHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([LeafPrefix]);
        hash.AppendData(data);
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        hash.GetHashAndReset(digest);
        return new Bytes32(digest);
    }

    private static Bytes32 Hash(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        SHA256.HashData(input, digest);
        return new Bytes32(digest);
    }
}
