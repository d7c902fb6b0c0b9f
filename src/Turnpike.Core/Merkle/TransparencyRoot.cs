using System.Numerics;

namespace Turnpike.Core.Merkle;

/// <summary>
/// The root of a <see cref="TransparencyTree"/> whose leaves arrive one by one: holds one hash per complete subtree, at most 63, whatever the number of leaves.
/// Not safe for several threads at once.
/// </summary>
public sealed class TransparencyRoot
{
    // Subtree i counted from the left covers the i-th highest set bit of Count.
    private readonly Bytes32[] _subtrees = new Bytes32[64];
    private int _depth;

    /// <summary>Leaves appended so far.</summary>
    public long Count { get; private set; }

    /// <summary>The root over the leaves so far; may be asked at any time.</summary>
    public Bytes32 Root
    {
        get
        {
            if (_depth == 0) return TransparencyTree.EmptyRoot;
            var root = _subtrees[_depth - 1];
            for (var i = _depth - 2; i >= 0; i--) root = TransparencyTree.NodeHash(_subtrees[i], root);
            return root;
        }
    }

    /// <summary>Hashes data as a leaf and appends it.</summary>
    public void AppendData(ReadOnlySpan<byte> data) => Append(TransparencyTree.LeafHash(data));

    /// <summary>Appends a leaf hash.</summary>
    public void Append(Bytes32 leafHash)
    {
        // As in a binary counter: each trailing one-bit of the count is a complete subtree that now finds its sibling.
        var merges = BitOperations.TrailingZeroCount(~Count);
        for (var i = 0; i < merges; i++) leafHash = TransparencyTree.NodeHash(_subtrees[--_depth], leafHash);
        _subtrees[_depth++] = leafHash;
        Count++;
    }
}
