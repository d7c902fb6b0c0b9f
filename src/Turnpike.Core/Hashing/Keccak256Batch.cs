using System.Runtime.Intrinsics;

namespace Turnpike.Core.Hashing;

/// <summary>
/// Keccak-256 of many independent messages: 8 at once with AVX-512, 4 with AVX2, else one by one through <see cref="Keccak256"/>; the digests are the same.
/// Allocation-free; safe for any number of threads.
/// </summary>
public static class Keccak256Batch
{
    /// <summary>Digests of messages of one length that lie back to back: as many as <paramref name="digests"/> has room for.</summary>
    /// <exception cref="ArgumentException">The bytes are not that many messages.</exception>
    public static void HashEqual(ReadOnlySpan<byte> messages, int length, Span<Bytes32> digests) => HashEach(new MessageList(messages, length, digests.Length), digests);

    /// <summary>Digests of messages that lie back to back, message i ending before <paramref name="ends"/>[i].</summary>
    /// <exception cref="ArgumentException">The ends fall, or the last is not the end of the bytes, or there is another number of digests.</exception>
    public static void HashEach(ReadOnlySpan<byte> messages, ReadOnlySpan<int> ends, Span<Bytes32> digests)
    {
        if (ends.Length != digests.Length) throw new ArgumentException($"{ends.Length} messages have no {digests.Length} digests.", nameof(digests));
        HashEach(new MessageList(messages, ends), digests);
    }

    /// <summary>keccak256 of each 32 bytes; the spans may be the same.</summary>
    internal static void HashSingles(ReadOnlySpan<Bytes32> inputs, Span<Bytes32> digests)
    {
        if (!UsesLanes(digests.Length)) ScalarSingles(inputs, digests);
        else if (Vector512.IsHardwareAccelerated) KeccakLanes<KeccakLanes512, Vector512<ulong>>.HashSingles(inputs, digests);
        else KeccakLanes<KeccakLanes256, Vector256<ulong>>.HashSingles(inputs, digests);
    }

    /// <summary>keccak256 of each pair, the smaller first.</summary>
    internal static void HashSortedPairs(ReadOnlySpan<Bytes32> nodes, Span<Bytes32> parents)
    {
        if (!UsesLanes(parents.Length)) ScalarSortedPairs(nodes, parents);
        else if (Vector512.IsHardwareAccelerated) KeccakLanes<KeccakLanes512, Vector512<ulong>>.HashSortedPairs(nodes, parents);
        else KeccakLanes<KeccakLanes256, Vector256<ulong>>.HashSortedPairs(nodes, parents);
    }

    /// <summary>The scalar twin of the lanes.</summary>
    internal static void ScalarEach(in MessageList messages, Span<Bytes32> digests)
    {
        for (var i = 0; i < digests.Length; i++) digests[i] = Keccak256.Hash(messages[i]);
    }

    /// <summary>The scalar twin of the lanes.</summary>
    internal static void ScalarSingles(ReadOnlySpan<Bytes32> inputs, Span<Bytes32> digests)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        for (var i = 0; i < digests.Length; i++)
        {
            inputs[i].CopyTo(bytes);
            digests[i] = Keccak256.Hash(bytes);
        }
    }

    /// <summary>The scalar twin of the lanes.</summary>
    internal static void ScalarSortedPairs(ReadOnlySpan<Bytes32> nodes, Span<Bytes32> parents)
    {
        for (var i = 0; i < parents.Length; i++) parents[i] = Merkle.StandardMerkleTree.NodeHash(nodes[2 * i], nodes[2 * i + 1]);
    }

    private static void HashEach(in MessageList messages, Span<Bytes32> digests)
    {
        if (!UsesLanes(digests.Length)) ScalarEach(messages, digests);
        else if (Vector512.IsHardwareAccelerated) KeccakLanes<KeccakLanes512, Vector512<ulong>>.HashEach(messages, digests);
        else KeccakLanes<KeccakLanes256, Vector256<ulong>>.HashEach(messages, digests);
    }

    // A single message is faster alone.
    private static bool UsesLanes(int count) => count > 1 && BitConverter.IsLittleEndian && Vector256.IsHardwareAccelerated;
}
