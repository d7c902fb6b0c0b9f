using FsCheck.Fluent;
using Turnpike.Core.Merkle;

namespace Turnpike.Core.Tests.Merkle;

public class RewardTreeTests
{
    private static readonly Address First = Address.Parse("0x0000000000000000000000000000000000000001");
    private static readonly Address Second = Address.Parse("0xff00000000000000000000000000000000000000");

    [Fact]
    public void Leaf_is_encoded_as_four_abi_words()
    {
        var encoded = new byte[RewardLeaf.EncodedLength];
        encoded.AsSpan().Fill(0xee);
        new RewardLeaf(258, Second, UInt128.MaxValue, 7).Encode(encoded);
        Assert.Equal(
            "0x" + "0000000000000000000000000000000000000000000000000000000000000102"
            + "000000000000000000000000ff00000000000000000000000000000000000000"
            + "00000000000000000000000000000000ffffffffffffffffffffffffffffffff"
            + "0000000000000000000000000000000000000000000000000000000000000007",
            Hex.Format(encoded));
        Assert.Equal(Keccak256.Hash(Keccak256.Hash(encoded).ToArray()), new RewardLeaf(258, Second, UInt128.MaxValue, 7).Hash());
    }

    [Fact]
    public void Tree_of_one_account_has_its_leaf_as_root()
    {
        var tree = RewardTree.Build([(First, 5)]);
        Assert.Equal(new RewardLeaf(0, First, 5, 5).Hash(), tree.Root);
        Assert.Empty(tree.Proof(0));
        Assert.Equal((UInt128)5, tree.Total);
    }

    [Fact]
    public void Tree_of_nobody_has_the_zero_root()
    {
        var tree = RewardTree.Build([]);
        Assert.True(tree.Root.IsZero);
        Assert.Equal(UInt128.Zero, tree.Total);
        Assert.False(tree.TryFind(First, out _));
    }

    [Fact]
    public void Tree_refuses_an_account_that_occurs_twice() => Assert.Throws<ArgumentException>(() => RewardTree.Build([(First, 1), (Second, 1), (First, 2)]));

    [Fact]
    public void Tree_whose_total_passes_128_bits_overflows() => Assert.Throws<OverflowException>(() => RewardTree.Build([(First, UInt128.MaxValue), (Second, 1)]));

    [Fact]
    public void Tree_is_sorted_summed_and_provable_in_any_order_of_entries() => Property.Holds(
        from entries in (from account in Any.Address from cumulative in Any.Bits(100) select (account, cumulative)).ArrayOf()
        from shuffled in Gen.Shuffle(entries)
        select (entries, shuffled),
        x =>
        {
            var tree = RewardTree.Build(x.entries);
            Assert.Equal(tree.Root, RewardTree.Build(x.shuffled).Root);
            var sum = UInt128.Zero;
            for (var i = 0; i < tree.Leaves.Count; i++)
            {
                var leaf = tree.Leaves[i];
                sum += leaf.Cumulative;
                Assert.Equal(i, leaf.Index);
                Assert.Equal(sum, leaf.PrefixSum);
                Assert.True(i == 0 || tree.Leaves[i - 1].Account.CompareTo(leaf.Account) < 0);
                Assert.True(StandardMerkleTree.Verify(tree.Root, leaf.Hash(), tree.Proof(i)));
                Assert.True(tree.TryFind(leaf.Account, out var found));
                Assert.Equal(leaf, found);
            }
            Assert.Equal(sum, tree.Total);
        },
        cases: 200);

    [Fact]
    public void Tree_of_a_million_accounts_proves_any_of_them()
    {
        var account = new byte[Address.Length];
        var tree = RewardTree.Build(Enumerable.Range(0, 1_000_000).Select(i =>
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(account, unchecked(i * -1_640_531_527));
            return (new Address(account), (UInt128)i);
        }));
        Assert.Equal((UInt128)499_999_500_000, tree.Total);
        for (var i = 0; i < 1_000_000; i += 99_999) Assert.True(StandardMerkleTree.Verify(tree.Root, tree.Leaves[i].Hash(), tree.Proof(i)));
    }

    [Fact]
    public void Tree_does_not_depend_on_the_number_of_workers()
    {
        // The second half of the accounts share their first eight bytes: they are told apart by the full order.
        var entries = Enumerable.Range(0, 20_000).Select(i => (AccountOf(i), (UInt128)i)).ToArray();
        var one = RewardTree.Build(entries, workers: 1);
        var three = RewardTree.Build(entries, workers: 3);
        Assert.Equal(one.Root, three.Root);
        Assert.Equal(one.Leaves, three.Leaves);
        for (var i = 0; i < entries.Length; i += 997) Assert.Equal(one.Proof(i), three.Proof(i));
        for (var i = 1; i < entries.Length; i++) Assert.True(one.Leaves[i - 1].Account.CompareTo(one.Leaves[i].Account) < 0);

        static Address AccountOf(int i)
        {
            var hash = Keccak256.Hash(BitConverter.GetBytes(i)).ToArray();
            if (i >= 10_000) hash.AsSpan(0, 8).Fill(0xaa);
            return new Address(hash.AsSpan(0, Address.Length));
        }
    }
}
