using FsCheck.Fluent;
using Turnpike.Core.Merkle;

namespace Turnpike.Core.Tests.Merkle;

public class TransparencyTreeTests
{
    // The inputs and roots that Certificate Transparency implementations share as their common test tree.
    private static readonly byte[][] Inputs =
    [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    [Theory]
    [InlineData(0, "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Root_of_the_common_test_tree_is_the_published_one(int leaves, string root) =>
        Assert.Equal(root, TransparencyTree.Root(Leaves(leaves)).ToString());

    [Fact]
    public void Proof_of_the_second_leaf_of_eight_is_the_published_one() => Assert.Equal(
        [
            "0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
        TransparencyTree.Proof(Leaves(8), 1).Select(hash => hash.ToString()));

    [Fact]
    public void Root_is_that_of_the_recursive_definition_for_every_size()
    {
        var leaves = Many(300);
        for (var size = 1; size <= leaves.Length; size++) Assert.Equal(Recursive(leaves.AsSpan(0, size)), TransparencyTree.Root(leaves.AsSpan(0, size)));
    }

    [Fact]
    public void Root_while_streaming_is_that_of_the_leaves_so_far()
    {
        var leaves = Many(130);
        var stream = new TransparencyRoot();
        for (var size = 0; size < leaves.Length; size++)
        {
            Assert.Equal(size, stream.Count);
            Assert.Equal(TransparencyTree.Root(leaves.AsSpan(0, size)), stream.Root);
            stream.Append(leaves[size]);
        }
    }

    [Fact]
    public void Proof_of_every_leaf_of_every_size_is_the_recursive_path_and_verifies()
    {
        for (var size = 1; size <= 70; size++)
        {
            var leaves = Many(size);
            var root = TransparencyTree.Root(leaves);
            for (var index = 0; index < size; index++)
            {
                var proof = TransparencyTree.Proof(leaves, index);
                Assert.Equal(RecursivePath(leaves, index), proof);
                Assert.True(TransparencyTree.Verify(root, leaves[index], index, size, proof));
            }
        }
    }

    [Fact]
    public void Proof_changed_in_any_way_does_not_verify() => Property.Holds(
        from size in Gen.Choose(1, 40)
        from index in Gen.Choose(0, size - 1)
        from change in Gen.Choose(0, 5)
        from other in Gen.Choose(0, 80)
        select (size, index, change, other),
        x =>
        {
            var leaves = Many(x.size);
            var root = TransparencyTree.Root(leaves);
            var proof = TransparencyTree.Proof(leaves, x.index);
            var foreign = TransparencyTree.LeafHash([0xff, 0xff, 0xff]);
            var verified = x.change switch
            {
                0 => TransparencyTree.Verify(root, foreign, x.index, x.size, proof),
                1 => x.other != x.index && TransparencyTree.Verify(root, leaves[x.index], x.other, x.size, proof),
                2 => TransparencyTree.Verify(root, leaves[x.index], x.index, x.size, [.. proof, foreign]),
                3 => proof.Length > 0 && TransparencyTree.Verify(root, leaves[x.index], x.index, x.size, proof.AsSpan(0, proof.Length - 1)),
                4 => proof.Length > 0 && TransparencyTree.Verify(root, leaves[x.index], x.index, x.size, [foreign, .. proof.AsSpan(1)]),
                _ => TransparencyTree.Verify(root, leaves[x.index], -1 - x.other, x.size, proof),
            };
            Assert.False(verified);
        });

    [Fact]
    public void Leaf_of_any_length_is_hashed_with_its_prefix()
    {
        for (var length = 1020; length < 1030; length++)
        {
            var data = new byte[length];
            data.AsSpan().Fill(7);
            Assert.Equal(new Bytes32(System.Security.Cryptography.SHA256.HashData([0, .. data])), TransparencyTree.LeafHash(data));
        }
    }

    [Fact]
    public void Proof_of_a_leaf_that_is_not_there_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => TransparencyTree.Proof(Many(3), 3));

    private static Bytes32[] Leaves(int count) => Inputs.Take(count).Select(input => TransparencyTree.LeafHash(input)).ToArray();

    private static Bytes32[] Many(int count) => Enumerable.Range(0, count).Select(i => TransparencyTree.LeafHash(BitConverter.GetBytes(i))).ToArray();

    // RFC 6962 section 2.1: split at the largest power of two below n.
    private static Bytes32 Recursive(ReadOnlySpan<Bytes32> leaves)
    {
        if (leaves.Length == 1) return leaves[0];
        var split = Split(leaves.Length);
        return TransparencyTree.NodeHash(Recursive(leaves[..split]), Recursive(leaves[split..]));
    }

    // RFC 6962 section 2.1.1.
    private static Bytes32[] RecursivePath(ReadOnlySpan<Bytes32> leaves, int index)
    {
        if (leaves.Length == 1) return [];
        var split = Split(leaves.Length);
        return index < split
            ? [.. RecursivePath(leaves[..split], index), Recursive(leaves[split..])]
            : [.. RecursivePath(leaves[split..], index - split), Recursive(leaves[..split])];
    }

    private static int Split(int count)
    {
        var split = 1;
        while (2 * split < count) split *= 2;
        return split;
    }
}
