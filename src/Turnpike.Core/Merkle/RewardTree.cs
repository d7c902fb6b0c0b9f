namespace Turnpike.Core.Merkle;

/// <summary>
/// Cumulative amounts per account as the contracts hold them by root: <see cref="RewardLeaf"/>s sorted by account in a <see cref="StandardMerkleTree"/>.
/// The same tree serves rewards (base units) and charges (credits). Immutable.
/// </summary>
public sealed class RewardTree
{
    private readonly RewardLeaf[] _leaves;
    private readonly StandardMerkleTree _tree;

    private RewardTree(RewardLeaf[] leaves, StandardMerkleTree tree)
    {
        _leaves = leaves;
        _tree = tree;
    }

    /// <summary>The leaves by account.</summary>
    public IReadOnlyList<RewardLeaf> Leaves => _leaves;

    /// <summary>The root; zero when nobody is in the tree.</summary>
    public Bytes32 Root => _tree.Root;

    /// <summary>Sum of all cumulative amounts: the last leaf's prefix sum.</summary>
    public UInt128 Total => _leaves.Length == 0 ? UInt128.Zero : _leaves[^1].PrefixSum;

    /// <summary>Builds the tree; entries may come in any order.</summary>
    /// <param name="entries">Accounts and what each was ever given or charged; an array is not copied.</param>
    /// <param name="workers">Most threads to hash on; -1 for as many as there are processors. The tree is the same.</param>
    /// <exception cref="ArgumentException">An account occurs twice.</exception>
    /// <exception cref="OverflowException">The total needs more than 128 bits.</exception>
    public static RewardTree Build(IEnumerable<(Address Account, UInt128 Cumulative)> entries, int workers = -1)
    {
        var unsorted = entries as (Address Account, UInt128 Cumulative)[] ?? entries.ToArray();
        var leaves = Sort(unsorted, workers);
        var hashes = new Bytes32[leaves.Length];
        Chunks.ForEach(leaves.Length, workers, (from, to) => HashLeaves(leaves.AsSpan(from, to - from), hashes.AsSpan(from, to - from)));
        return new RewardTree(leaves, StandardMerkleTree.Build(hashes, workers));
    }

    /// <summary>Finds an account's leaf; false when the account is not in the tree.</summary>
    public bool TryFind(Address account, out RewardLeaf leaf)
    {
        int low = 0, high = _leaves.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _leaves[middle].Account.CompareTo(account);
            if (order == 0)
            {
                leaf = _leaves[middle];
                return true;
            }
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        leaf = default;
        return false;
    }

    /// <summary>The siblings that lead from the leaf with this index to the root.</summary>
    public Bytes32[] Proof(int index) => _tree.Proof(index);

    private static RewardLeaf[] Sort((Address Account, UInt128 Cumulative)[] entries, int workers)
    {
        var prefixes = new ulong[entries.Length];
        for (var i = 0; i < prefixes.Length; i++) prefixes[i] = entries[i].Account.Prefix;
        var order = PrefixOrder.Of(prefixes, (left, right) => entries[left].Account.CompareTo(entries[right].Account), workers);
        var leaves = new RewardLeaf[entries.Length];
        var sum = UInt128.Zero;
        for (var i = 0; i < leaves.Length; i++)
        {
            var (account, cumulative) = entries[order[i]];
            if (i > 0 && account == leaves[i - 1].Account) throw new ArgumentException($"{account} occurs twice.", nameof(entries));
            sum = checked(sum + cumulative);
            leaves[i] = new RewardLeaf(i, account, cumulative, sum);
        }
        return leaves;
    }

    private static void HashLeaves(ReadOnlySpan<RewardLeaf> leaves, Span<Bytes32> hashes)
    {
        const int Most = 64;
        Span<byte> encoded = stackalloc byte[Most * RewardLeaf.EncodedLength];
        while (!leaves.IsEmpty)
        {
            var count = Math.Min(Most, leaves.Length);
            for (var i = 0; i < count; i++) leaves[i].Encode(encoded[(i * RewardLeaf.EncodedLength)..]);
            StandardMerkleTree.LeafHashes(encoded[..(count * RewardLeaf.EncodedLength)], RewardLeaf.EncodedLength, hashes[..count]);
            leaves = leaves[count..];
            hashes = hashes[count..];
        }
    }
}
