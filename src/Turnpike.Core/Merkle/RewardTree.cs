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
    /// <exception cref="ArgumentException">An account occurs twice.</exception>
    /// <exception cref="OverflowException">The total needs more than 128 bits.</exception>
    public static RewardTree Build(IEnumerable<(Address Account, UInt128 Cumulative)> entries)
    {
        var sorted = entries.ToArray();
        Array.Sort(sorted, (left, right) => left.Account.CompareTo(right.Account));
        var leaves = new RewardLeaf[sorted.Length];
        var hashes = new Bytes32[sorted.Length];
        var sum = UInt128.Zero;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i].Account == sorted[i - 1].Account) throw new ArgumentException($"{sorted[i].Account} occurs twice.", nameof(entries));
            sum = checked(sum + sorted[i].Cumulative);
            leaves[i] = new RewardLeaf(i, sorted[i].Account, sorted[i].Cumulative, sum);
            hashes[i] = leaves[i].Hash();
        }
        return new RewardTree(leaves, StandardMerkleTree.Build(hashes));
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
}
