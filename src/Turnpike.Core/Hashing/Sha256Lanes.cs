using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Turnpike.Core.Hashing;

/// <summary>
/// SHA-256 of as many independent messages at once as a vector has words: word t of every message's block lies in vector t, so the rounds are those of one message.
/// A lane that finishes its message takes the next one, so lengths may differ. Little-endian machines only; <see cref="Sha256Batch"/> chooses the width.
/// </summary>
internal static class Sha256Lanes<TLanes, TVector>
    where TLanes : struct, IShaLanes<TVector>
    where TVector : unmanaged
{
    private const int BlockBytes = 64;
    private const int BlockWords = 16;
    private const int Rounds = 64;
    private const int StateWords = 8;

    /// <summary>Digests of all messages, each with <paramref name="prefix"/> before it unless that is negative.</summary>
    [SkipLocalsInit]
    public static void HashEach(in MessageList messages, int prefix, Span<Bytes32> digests)
    {
        Span<TVector> state = stackalloc TVector[StateWords];
        Span<TVector> schedule = stackalloc TVector[Rounds];
        state.Clear();
        schedule[..BlockWords].Clear();
        Span<int> message = stackalloc int[TLanes.Count];
        Span<int> block = stackalloc int[TLanes.Count];
        Span<byte> edge = stackalloc byte[BlockBytes];
        var stateWords = MemoryMarshal.Cast<TVector, uint>(state);
        var blockWords = MemoryMarshal.Cast<TVector, uint>(schedule);
        int next = 0, busy = 0;
        for (var lane = 0; lane < TLanes.Count; lane++) busy += Take(lane, ref next, digests.Length, message, block, stateWords);
        while (busy > 0)
        {
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                if (message[lane] >= 0) Load(messages[message[lane]], prefix, block[lane]++, edge, blockWords, lane);
            }
            Compress(ref state[0], ref schedule[0]);
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                if (message[lane] < 0 || block[lane] < Blocks(messages[message[lane]].Length, prefix)) continue;
                digests[message[lane]] = Digest(stateWords, lane);
                busy -= 1 - Take(lane, ref next, digests.Length, message, block, stateWords);
            }
        }
    }

    /// <summary>SHA-256(0x01 || left || right) for each pair of <paramref name="nodes"/>: RFC 6962's nodes.</summary>
    [SkipLocalsInit]
    public static void HashPairs(ReadOnlySpan<Bytes32> nodes, Span<Bytes32> parents)
    {
        Span<TVector> state = stackalloc TVector[StateWords];
        Span<TVector> schedule = stackalloc TVector[Rounds];
        var stateWords = MemoryMarshal.Cast<TVector, uint>(state);
        var blockWords = MemoryMarshal.Cast<TVector, uint>(schedule);
        for (var first = 0; first < parents.Length; first += TLanes.Count)
        {
            var lanes = Math.Min(TLanes.Count, parents.Length - first);
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                // Idle lanes repeat the last pair. A Bytes32 holds big-endian numbers of 64 bits: on this machine, their low words come first.
                var words = MemoryMarshal.Cast<Bytes32, uint>(nodes.Slice(2 * (first + Math.Min(lane, lanes - 1)), 2));
                for (var t = 0; t < BlockWords; t++) blockWords[t * TLanes.Count + lane] = words[t ^ 1];
            }
            for (var i = 0; i < StateWords; i++) state[i] = TLanes.Broadcast(Sha256Constants.InitialState[i]);
            var carried = schedule[BlockWords - 1];
            for (var t = BlockWords - 1; t > 0; t--) schedule[t] = TLanes.Straddle(schedule[t - 1], schedule[t]);
            schedule[0] = TLanes.Straddle(TLanes.Broadcast(1), schedule[0]);
            Compress(ref state[0], ref schedule[0]);
            schedule[0] = TLanes.Straddle(carried, TLanes.Broadcast(0x8000_0000));
            schedule[1..(BlockWords - 1)].Clear();
            schedule[BlockWords - 1] = TLanes.Broadcast(8 * (1 + 2 * Bytes32.Length));
            Compress(ref state[0], ref schedule[0]);
            for (var lane = 0; lane < lanes; lane++) parents[first + lane] = Digest(stateWords, lane);
        }
    }

    private static int Blocks(int length, int prefix) => (int)((length + (prefix < 0 ? 0u : 1u) + 1 + sizeof(ulong) + BlockBytes - 1) / BlockBytes);

    private static int Take(int lane, ref int next, int count, Span<int> message, Span<int> block, Span<uint> stateWords)
    {
        if (next == count)
        {
            message[lane] = -1;
            return 0;
        }
        message[lane] = next++;
        block[lane] = 0;
        for (var i = 0; i < StateWords; i++) stateWords[i * TLanes.Count + lane] = Sha256Constants.InitialState[i];
        return 1;
    }

    private static void Load(ReadOnlySpan<byte> message, int prefix, int block, Span<byte> edge, Span<uint> blockWords, int lane)
    {
        var offset = (long)block * BlockBytes - (prefix < 0 ? 0 : 1);
        ReadOnlySpan<byte> source;
        if (offset >= 0 && offset + BlockBytes <= message.Length)
        {
            source = message.Slice((int)offset, BlockBytes);
        }
        else
        {
            Pad(message, prefix, offset, edge);
            source = edge;
        }
        ref var from = ref MemoryMarshal.GetReference(source);
        for (var t = 0; t < BlockWords; t++)
            blockWords[t * TLanes.Count + lane] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, t * sizeof(uint))));
    }

    // The first block of a prefixed message, and every message's last one or two: the message, 0x80, zeros, its length in bits.
    private static void Pad(ReadOnlySpan<byte> message, int prefix, long offset, Span<byte> edge)
    {
        edge.Clear();
        var at = 0;
        if (offset < 0)
        {
            edge[0] = (byte)prefix;
            at = 1;
        }
        var start = Math.Min(offset + at, message.Length);
        var rest = message[(int)start..];
        if (rest.Length > BlockBytes - at) rest = rest[..(BlockBytes - at)];
        rest.CopyTo(edge[at..]);
        at += rest.Length;
        if (offset + BlockBytes <= message.Length) return;
        if (offset <= message.Length) edge[at] = 0x80;
        if (offset + BlockBytes - 1 - sizeof(ulong) >= message.Length)
            BinaryPrimitives.WriteUInt64BigEndian(edge[(BlockBytes - sizeof(ulong))..], 8 * ((ulong)message.Length + (prefix < 0 ? 0u : 1u)));
    }

    private static Bytes32 Digest(Span<uint> stateWords, int lane)
    {
        ulong Pair(Span<uint> words, int i) => ((ulong)words[i * TLanes.Count + lane] << 32) | words[(i + 1) * TLanes.Count + lane];
        return new Bytes32(Pair(stateWords, 0), Pair(stateWords, 2), Pair(stateWords, 4), Pair(stateWords, 6));
    }

    // state: 8 vectors; w: 64, of which the first 16 hold the block.
    private static void Compress(ref TVector state, ref TVector w)
    {
        for (var t = BlockWords; t < Rounds; t++)
        {
            ref var at = ref Unsafe.Add(ref w, t);
            at = TLanes.Schedule(Unsafe.Subtract(ref at, 16), Unsafe.Subtract(ref at, 15), Unsafe.Subtract(ref at, 7), Unsafe.Subtract(ref at, 2));
        }
        TVector a = state, b = Unsafe.Add(ref state, 1), c = Unsafe.Add(ref state, 2), d = Unsafe.Add(ref state, 3);
        TVector e = Unsafe.Add(ref state, 4), f = Unsafe.Add(ref state, 5), g = Unsafe.Add(ref state, 6), h = Unsafe.Add(ref state, 7);
        ref var k = ref MemoryMarshal.GetReference(Sha256Constants.Rounds);
        for (var t = 0; t < Rounds; t += 8)
        {
            ref var x = ref Unsafe.Add(ref w, t);
            ref var y = ref Unsafe.Add(ref k, t);
            h = TLanes.First(e, f, g, h, x, y);
            d = TLanes.Add(d, h);
            h = TLanes.Second(h, a, b, c);
            g = TLanes.First(d, e, f, g, Unsafe.Add(ref x, 1), Unsafe.Add(ref y, 1));
            c = TLanes.Add(c, g);
            g = TLanes.Second(g, h, a, b);
            f = TLanes.First(c, d, e, f, Unsafe.Add(ref x, 2), Unsafe.Add(ref y, 2));
            b = TLanes.Add(b, f);
            f = TLanes.Second(f, g, h, a);
            e = TLanes.First(b, c, d, e, Unsafe.Add(ref x, 3), Unsafe.Add(ref y, 3));
            a = TLanes.Add(a, e);
            e = TLanes.Second(e, f, g, h);
            d = TLanes.First(a, b, c, d, Unsafe.Add(ref x, 4), Unsafe.Add(ref y, 4));
            h = TLanes.Add(h, d);
            d = TLanes.Second(d, e, f, g);
            c = TLanes.First(h, a, b, c, Unsafe.Add(ref x, 5), Unsafe.Add(ref y, 5));
            g = TLanes.Add(g, c);
            c = TLanes.Second(c, d, e, f);
            b = TLanes.First(g, h, a, b, Unsafe.Add(ref x, 6), Unsafe.Add(ref y, 6));
            f = TLanes.Add(f, b);
            b = TLanes.Second(b, c, d, e);
            a = TLanes.First(f, g, h, a, Unsafe.Add(ref x, 7), Unsafe.Add(ref y, 7));
            e = TLanes.Add(e, a);
            a = TLanes.Second(a, b, c, d);
        }
        state = TLanes.Add(state, a);
        Unsafe.Add(ref state, 1) = TLanes.Add(Unsafe.Add(ref state, 1), b);
        Unsafe.Add(ref state, 2) = TLanes.Add(Unsafe.Add(ref state, 2), c);
        Unsafe.Add(ref state, 3) = TLanes.Add(Unsafe.Add(ref state, 3), d);
        Unsafe.Add(ref state, 4) = TLanes.Add(Unsafe.Add(ref state, 4), e);
        Unsafe.Add(ref state, 5) = TLanes.Add(Unsafe.Add(ref state, 5), f);
        Unsafe.Add(ref state, 6) = TLanes.Add(Unsafe.Add(ref state, 6), g);
        Unsafe.Add(ref state, 7) = TLanes.Add(Unsafe.Add(ref state, 7), h);
    }
}
