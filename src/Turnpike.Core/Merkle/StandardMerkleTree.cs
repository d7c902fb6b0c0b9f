using Turnpike.Core.Hashing;

namespace Turnpike.Core.Merkle;

/// <summary>
/// The tree that OpenZeppelin's MerkleProof verifies on chain and its merkle-tree library builds ("standard-v1", "simple-v1"): a complete binary tree in one
/// array of 2n - 1 hashes, root at 0, children of i at 2i+1 and 2i+2, sorted leaves filled from the end, and a node hash that sorts its pair, so that proofs
/// carry no left or right. Any proof is read off the array. No leaves give the zero root, which no proof satisfies. Immutable.
/// </summary>
public sealed class StandardMerkleTree
{
    private readonly Bytes32[] _nodes;
    private readonly int[] _positions;

    private StandardMerkleTree(Bytes32[] nodes, int[] positions)
    {
        _nodes = nodes;
        _positions = positions;
    }

    /// <summary>Number of leaves.</summary>
    public int Count => _positions.Length;

    /// <summary>The root; zero when there are no leaves.</summary>
    public Bytes32 Root => _nodes.Length == 0 ? Bytes32.Zero : _nodes[0];

    /// <summary>All hashes, root first.</summary>
    public ReadOnlySpan<Bytes32> Nodes => _nodes;

    /// <summary>Builds the tree over leaf hashes, sorted as the standard has it. Leaves keep the caller's numbers in all other members.</summary>
    /// <param name="leafHashes">The leaves.</param>
    /// <param name="workers">Most threads to hash on; -1 for as many as there are processors. The tree is the same.</param>
    public static StandardMerkleTree Build(ReadOnlySpan<Bytes32> leafHashes, int workers = -1)
    {
        var leaves = leafHashes.ToArray();
        var prefixes = new ulong[leaves.Length];
        for (var i = 0; i < prefixes.Length; i++) prefixes[i] = leaves[i].Prefix;
        return Fill(leaves, PrefixOrder.Of(prefixes, (left, right) => leaves[left].CompareTo(leaves[right]), workers), workers);
    }

    /// <summary>Builds the tree with leaves in the caller's order (the library's sortLeaves: false). Multi-proofs on chain need the sorted form.</summary>
    public static StandardMerkleTree BuildUnsorted(ReadOnlySpan<Bytes32> leafHashes, int workers = -1)
    {
        var order = new int[leafHashes.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        return Fill(leafHashes.ToArray(), order, workers);
    }

    /// <summary>Where leaf <paramref name="leaf"/> is in <see cref="Nodes"/>.</summary>
    public int PositionOf(int leaf) => _positions[leaf];

    /// <summary>The siblings that lead from leaf <paramref name="leaf"/> to the root, from the bottom up.</summary>
    public Bytes32[] Proof(int leaf)
    {
        var position = _positions[leaf];
        var proof = new Bytes32[31 - int.LeadingZeroCount(position + 1)];
        for (var i = 0; i < proof.Length; i++)
        {
            // Left children are odd, right children even.
            proof[i] = _nodes[(position & 1) == 1 ? position + 1 : position - 1];
            position = (position - 1) / 2;
        }
        return proof;
    }

    /// <summary>Whether the leaf hash is under the root. A zero root holds nothing.</summary>
    public static bool Verify(Bytes32 root, Bytes32 leafHash, ReadOnlySpan<Bytes32> proof)
    {
        var hash = leafHash;
        foreach (var sibling in proof) hash = NodeHash(hash, sibling);
        return !root.IsZero && hash == root;
    }

    /// <summary>keccak256 of the pair, the smaller first.</summary>
    public static Bytes32 NodeHash(Bytes32 a, Bytes32 b)
    {
        Span<byte> pair = stackalloc byte[2 * Bytes32.Length];
        var inOrder = a.CompareTo(b) <= 0;
        (inOrder ? a : b).CopyTo(pair);
        (inOrder ? b : a).CopyTo(pair[Bytes32.Length..]);
        return Keccak256.Hash(pair);
    }

    /// <summary>keccak256(keccak256(encoded)): hashing twice keeps a leaf from being read as a pair of nodes.</summary>
    public static Bytes32 LeafHash(ReadOnlySpan<byte> abiEncoded)
    {
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        Keccak256.Hash(abiEncoded, digest);
        return Keccak256.Hash(digest);
    }

    /// <summary><see cref="LeafHash"/> of many encodings of one length that lie back to back.</summary>
    public static void LeafHashes(ReadOnlySpan<byte> abiEncoded, int length, Span<Bytes32> hashes)
    {
        Keccak256Batch.HashEqual(abiEncoded, length, hashes);
        Keccak256Batch.HashSingles(hashes, hashes);
    }

    private static StandardMerkleTree Fill(Bytes32[] leaves, int[] order, int workers)
    {
        if (leaves.Length == 0) return new StandardMerkleTree([], []);
        var nodes = new Bytes32[2 * leaves.Length - 1];
        var positions = new int[leaves.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            nodes[nodes.Length - 1 - i] = leaves[order[i]];
            positions[order[i]] = nodes.Length - 1 - i;
        }
        // Level by level from the bottom: level d is nodes 2^d - 1 to 2^(d+1) - 2, and no node needs another of its own level.
        for (var depth = int.Log2(leaves.Length); depth >= 0; depth--)
        {
            var first = (1 << depth) - 1;
            var count = Math.Min(1 << depth, leaves.Length - 1 - first);
            if (count > 0) Chunks.ForEach(count, workers, (from, to) => HashChildren(nodes, first + from, to - from));
        }
        return new StandardMerkleTree(nodes, positions);
    }

    private static void HashChildren(Bytes32[] nodes, int first, int count) =>
        Keccak256Batch.HashSortedPairs(nodes.AsSpan(2 * first + 1, 2 * count), nodes.AsSpan(first, count));
}
