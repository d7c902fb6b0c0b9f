using System.Numerics;
using System.Text;
using System.Text.Json;
using Turnpike.Core.Merkle;
using Turnpike.Tests;

namespace Turnpike.Core.Tests.Merkle;

public class StandardMerkleTreeTests
{
    [Theory]
    [InlineData("evm/oz-merkle-dump-standard-v1.sorted.json", true)]
    [InlineData("evm/oz-merkle-dump-standard-v1.unsorted.json", false)]
    [InlineData("evm/oz-merkle-dump-simple-v1.sorted.json", true)]
    [InlineData("evm/oz-merkle-dump-simple-v1.unsorted.json", false)]
    public void Tree_over_the_values_of_an_OpenZeppelin_dump_is_the_dump(string file, bool sorted)
    {
        var dump = SharedData.Json(file);
        var values = dump.GetProperty("values").EnumerateArray().ToArray();
        var simple = dump.GetProperty("format").GetString() == "simple-v1";
        var leaves = values.Select(value => simple ? SimpleLeaf(value) : StandardMerkleTree.LeafHash(AbiString(value.GetProperty("value")[0].GetString()!))).ToArray();

        var tree = sorted ? StandardMerkleTree.Build(leaves) : StandardMerkleTree.BuildUnsorted(leaves);

        Assert.Equal(dump.GetProperty("tree").EnumerateArray().Select(node => node.GetString()), tree.Nodes.ToArray().Select(node => node.ToString()));
        for (var i = 0; i < leaves.Length; i++)
        {
            Assert.Equal(values[i].GetProperty("treeIndex").GetInt32(), tree.PositionOf(i));
            Assert.True(StandardMerkleTree.Verify(tree.Root, leaves[i], tree.Proof(i)));
        }
    }

    [Fact]
    public void Tree_of_every_generated_vector_has_its_root_leaves_and_proofs()
    {
        var vectors = SharedData.Json("evm/merkle-oz-standard-generated.json");
        Assert.Equal(16, vectors.GetArrayLength());
        foreach (var vector in vectors.EnumerateArray())
        {
            var types = vector.GetProperty("types").EnumerateArray().Select(type => type.GetString()!).ToArray();
            var entries = vector.GetProperty("entries").EnumerateArray().ToArray();
            var leaves = entries.Select(entry => StandardMerkleTree.LeafHash(AbiWords(types, entry.GetProperty("value")))).ToArray();
            var tree = StandardMerkleTree.Build(leaves);
            Assert.Equal(vector.GetProperty("root").GetString(), tree.Root.ToString());
            for (var i = 0; i < entries.Length; i++)
            {
                Assert.Equal(entries[i].GetProperty("leaf").GetString(), leaves[i].ToString());
                Assert.Equal(entries[i].GetProperty("treeIndex").GetInt32(), tree.PositionOf(i));
                Assert.Equal(entries[i].GetProperty("proof").EnumerateArray().Select(node => node.GetString()), tree.Proof(i).Select(node => node.ToString()));
            }
        }
    }

    [Fact]
    public void Tree_without_leaves_has_the_zero_root_under_which_nothing_is()
    {
        var tree = StandardMerkleTree.Build([]);
        Assert.True(tree.Root.IsZero);
        Assert.False(StandardMerkleTree.Verify(tree.Root, Bytes32.Zero, []));
    }

    [Fact]
    public void Proof_for_another_leaf_or_cut_short_does_not_verify()
    {
        var leaves = Enumerable.Range(0, 13).Select(i => Keccak256.Hash(BitConverter.GetBytes(i))).ToArray();
        var tree = StandardMerkleTree.Build(leaves);
        for (var i = 0; i < leaves.Length; i++)
        {
            Assert.False(StandardMerkleTree.Verify(tree.Root, leaves[(i + 1) % leaves.Length], tree.Proof(i)));
            Assert.False(StandardMerkleTree.Verify(tree.Root, leaves[i], tree.Proof(i).AsSpan(1)));
        }
    }

    private static Bytes32 SimpleLeaf(JsonElement value) => Bytes32.Parse(value.GetProperty("value").GetString());

    private static byte[] AbiString(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Word(32), .. Word(bytes.Length), .. bytes, .. new byte[(32 - bytes.Length % 32) % 32]];
    }

    private static byte[] AbiWords(string[] types, JsonElement values) =>
        types.SelectMany((type, i) => type == "address"
            ? [.. new byte[12], .. Address.Parse(values[i].GetString()).ToArray()]
            : Word(BigInteger.Parse(values[i].ToString(), System.Globalization.CultureInfo.InvariantCulture))).ToArray();

    private static byte[] Word(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
