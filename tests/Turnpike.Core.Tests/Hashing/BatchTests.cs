using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core.Hashing;
using Turnpike.Core.Merkle;

namespace Turnpike.Core.Tests.Hashing;

/// <summary>
/// Every width gives the digests of the base library's SHA-256 and of the scalar Keccak, whose own vectors are tested elsewhere. Widths that the processor lacks run
/// through the portable vector code: the same lanes, slower.
/// </summary>
public class BatchTests
{
    private static readonly int[] EdgeLengths = [0, 1, 31, 32, 54, 55, 56, 63, 64, 65, 118, 119, 120, 127, 128, 134, 135, 136, 137, 271, 272, 273, 1023, 1024, 1025, 5000];

    public static TheoryData<int> Widths => [256, 512, 0];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sha256_of_messages_of_any_lengths_is_the_base_library_s(int width) => Property.Holds(Lists, messages =>
        Assert.Equal(messages.Select(Sha256), Sha256Each(width, messages, prefix: -1)), cases: 150);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sha256_with_a_prefix_is_that_of_the_prefixed_message(int width) => Property.Holds(Lists, messages =>
        Assert.Equal(messages.Select(message => Sha256([0, .. message])), Sha256Each(width, messages, prefix: 0)), cases: 150);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Keccak256_of_messages_of_any_lengths_is_the_scalar_one_s(int width) => Property.Holds(Lists, messages =>
    {
        var (bytes, ends) = Joined(messages);
        var digests = new Bytes32[ends.Length];
        var list = new MessageList(bytes, ends);
        if (width == 0) Keccak256Batch.HashEach(bytes, ends, digests);
        else if (width == 256) KeccakLanes<KeccakLanes256, Vector256<ulong>>.HashEach(list, digests);
        else KeccakLanes<KeccakLanes512, Vector512<ulong>>.HashEach(list, digests);
        Assert.Equal(messages.Select(message => Keccak256.Hash(message)), digests);
    }, cases: 150);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_edge_of_a_block_is_hashed_as_by_the_scalar_twins(int width)
    {
        foreach (var length in EdgeLengths)
        {
            var messages = Enumerable.Range(0, 19).Select(i => Enumerable.Range(0, length).Select(b => (byte)(b * 7 + i)).ToArray()).ToArray();
            Assert.Equal(messages.Select(Sha256), Sha256Each(width, messages, prefix: -1));
            Assert.Equal(messages.Select(message => Sha256([0, .. message])), Sha256Each(width, messages, prefix: 0));
            var digests = new Bytes32[messages.Length];
            Keccak256Batch.HashEqual(messages.SelectMany(bytes => bytes).ToArray(), length, digests);
            Assert.Equal(messages.Select(message => Keccak256.Hash(message)), digests);
            Sha256Batch.HashEqual(messages.SelectMany(bytes => bytes).ToArray(), length, digests);
            Assert.Equal(messages.Select(Sha256), digests);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Nodes_of_both_trees_are_the_scalar_twins(int width) => Property.Holds(
        from pairs in Gen.Choose(0, 40)
        from nodes in Any.Bytes32.ArrayOf(2 * pairs)
        select nodes,
        nodes =>
        {
            Bytes32[] expected = new Bytes32[nodes.Length / 2], actual = new Bytes32[nodes.Length / 2];
            Sha256Batch.ScalarPairs(nodes, expected);
            if (width == 0) Sha256Batch.HashPairs(nodes, actual);
            else if (width == 256) Sha256Lanes<ShaLanes256, Vector256<uint>>.HashPairs(nodes, actual);
            else Sha256Lanes<ShaLanes512, Vector512<uint>>.HashPairs(nodes, actual);
            Assert.Equal(expected, actual);

            Keccak256Batch.ScalarSortedPairs(nodes, expected);
            if (width == 0) Keccak256Batch.HashSortedPairs(nodes, actual);
            else if (width == 256) KeccakLanes<KeccakLanes256, Vector256<ulong>>.HashSortedPairs(nodes, actual);
            else KeccakLanes<KeccakLanes512, Vector512<ulong>>.HashSortedPairs(nodes, actual);
            Assert.Equal(expected, actual);

            Bytes32[] singles = new Bytes32[nodes.Length], hashed = [.. nodes];
            Keccak256Batch.ScalarSingles(nodes, singles);
            if (width == 0) Keccak256Batch.HashSingles(hashed, hashed);
            else if (width == 256) KeccakLanes<KeccakLanes256, Vector256<ulong>>.HashSingles(hashed, hashed);
            else KeccakLanes<KeccakLanes512, Vector512<ulong>>.HashSingles(hashed, hashed);
            Assert.Equal(singles, hashed);
        },
        cases: 60);

    [Fact]
    public void Hashing_in_batches_allocates_nothing()
    {
        var messages = new byte[100 * 65];
        var digests = new Bytes32[100];
        Sha256Batch.HashEqual(messages, 65, digests);
        Keccak256Batch.HashEqual(messages, 65, digests);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Sha256Batch.HashEqual(messages, 65, digests);
        Keccak256Batch.HashEqual(messages, 65, digests);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Lists_that_do_not_cover_their_bytes_are_refused()
    {
        var digests = new Bytes32[2];
        Assert.Throws<ArgumentException>(() => Sha256Batch.HashEqual(new byte[129], 64, digests));
        Assert.Throws<ArgumentException>(() => Keccak256Batch.HashEach(new byte[4], [2, 3], digests));
        Assert.Throws<ArgumentException>(() => Keccak256Batch.HashEach(new byte[4], [5, 4], digests));
        Assert.Throws<ArgumentException>(() => Sha256Batch.HashEach(new byte[4], [4], digests));
    }

    [Fact]
    public void Leaves_of_a_transparency_tree_hash_alike_one_by_one_and_together()
    {
        byte[][] leaves = [.. Enumerable.Range(0, 50).Select(i => Enumerable.Range(0, i * 5).Select(b => (byte)b).ToArray())];
        var (bytes, ends) = Joined(leaves);
        var hashes = new Bytes32[leaves.Length];
        TransparencyTree.LeafHashes(bytes, ends, hashes);
        Assert.Equal(leaves.Select(leaf => TransparencyTree.LeafHash(leaf)), hashes);
    }

    private static Gen<byte[][]> Lists { get; } =
        from count in Gen.Choose(0, 40)
        from lengths in Gen.Frequency((3, Gen.Choose(0, 300)), (1, Gen.Elements(EdgeLengths))).ArrayOf(count)
        from seed in Gen.Choose(0, int.MaxValue)
        select lengths.Select((length, i) => Filled(length, seed + i)).ToArray();

    private static byte[] Filled(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Bytes32 Sha256(byte[] message) => new(SHA256.HashData(message));

    private static Bytes32[] Sha256Each(int width, byte[][] messages, int prefix)
    {
        var (bytes, ends) = Joined(messages);
        var digests = new Bytes32[ends.Length];
        var list = new MessageList(bytes, ends);
        if (width == 0) Sha256Batch.HashEach(bytes, ends, prefix, digests);
        else if (width == 256) Sha256Lanes<ShaLanes256, Vector256<uint>>.HashEach(list, prefix, digests);
        else Sha256Lanes<ShaLanes512, Vector512<uint>>.HashEach(list, prefix, digests);
        return digests;
    }

    private static (byte[] Bytes, int[] Ends) Joined(byte[][] messages)
    {
        var end = 0;
        return ([.. messages.SelectMany(message => message)], [.. messages.Select(message => end += message.Length)]);
    }
}
