using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Turnpike.Core.Hashing;

/// <summary>
/// SHA-256 of many independent messages: 16 at once with AVX-512, 8 with AVX2, else one by one through the base library; the digests are the same. For short messages,
/// where the base library's cost is the call (docs/performance.md has the figures); longer ones go to it whatever the machine, since it has the CPU's SHA instructions. Allocation-free;
/// safe for any number of threads.
/// </summary>
public static class Sha256Batch
{
    // Above this, eight AVX2 lanes no longer win against the SHA instructions behind one call.
    private const int LongestInLanes = 512;
    private const int NoPrefix = -1;

    /// <summary>Digests of messages of one length that lie back to back: as many as <paramref name="digests"/> has room for.</summary>
    /// <exception cref="ArgumentException">The bytes are not that many messages.</exception>
    public static void HashEqual(ReadOnlySpan<byte> messages, int length, Span<Bytes32> digests) => HashEach(new MessageList(messages, length, digests.Length), NoPrefix, digests);

    /// <summary>Digests of messages that lie back to back, message i ending before <paramref name="ends"/>[i].</summary>
    /// <exception cref="ArgumentException">The ends fall, or the last is not the end of the bytes, or there is another number of digests.</exception>
    public static void HashEach(ReadOnlySpan<byte> messages, ReadOnlySpan<int> ends, Span<Bytes32> digests) => HashEach(messages, ends, NoPrefix, digests);

    internal static void HashEach(ReadOnlySpan<byte> messages, ReadOnlySpan<int> ends, int prefix, Span<Bytes32> digests)
    {
        if (ends.Length != digests.Length) throw new ArgumentException($"{ends.Length} messages have no {digests.Length} digests.", nameof(digests));
        HashEach(new MessageList(messages, ends), prefix, digests);
    }

    internal static void HashPairs(ReadOnlySpan<Bytes32> nodes, Span<Bytes32> parents)
    {
        if (Vector512.IsHardwareAccelerated && BitConverter.IsLittleEndian && parents.Length > 2) Sha256Lanes<ShaLanes512, Vector512<uint>>.HashPairs(nodes, parents);
        else if (Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian && parents.Length > 2) Sha256Lanes<ShaLanes256, Vector256<uint>>.HashPairs(nodes, parents);
        else ScalarPairs(nodes, parents);
    }

    /// <summary>The scalar twin of the lanes.</summary>
    internal static void ScalarPairs(ReadOnlySpan<Bytes32> nodes, Span<Bytes32> parents)
    {
        for (var i = 0; i < parents.Length; i++) parents[i] = Merkle.TransparencyTree.NodeHash(nodes[2 * i], nodes[2 * i + 1]);
    }

    /// <summary>The scalar twin of the lanes.</summary>
    internal static void ScalarEach(in MessageList messages, int prefix, Span<Bytes32> digests)
    {
        for (var i = 0; i < digests.Length; i++) digests[i] = One(messages[i], prefix);
    }

    private static void HashEach(in MessageList messages, int prefix, Span<Bytes32> digests)
    {
        if (!BitConverter.IsLittleEndian || !Vector256.IsHardwareAccelerated || digests.Length < 3 || HasLong(messages)) ScalarEach(messages, prefix, digests);
        else if (Vector512.IsHardwareAccelerated) Sha256Lanes<ShaLanes512, Vector512<uint>>.HashEach(messages, prefix, digests);
        else Sha256Lanes<ShaLanes256, Vector256<uint>>.HashEach(messages, prefix, digests);
    }

    // One long message among short ones would leave the other lanes idle.
    private static bool HasLong(in MessageList messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Length > LongestInLanes) return true;
        }
        return false;
    }

    private static Bytes32 One(ReadOnlySpan<byte> message, int prefix)
    {
        if (prefix == 0) return Merkle.TransparencyTree.LeafHash(message);
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        SHA256.HashData(message, digest);
        return new Bytes32(digest);
    }
}
