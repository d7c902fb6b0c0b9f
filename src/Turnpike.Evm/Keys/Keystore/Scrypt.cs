using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Turnpike.Evm;

/// <summary>
/// The scrypt key derivation (RFC 7914). Each 64-byte block is held as four vectors along the diagonals of Salsa20's matrix, so that a column round
/// and, after a rotation of lanes, a row round are four vector steps; xor and copies are indifferent to that order.
/// </summary>
internal static class Scrypt
{
    private const int BlockBytes = 64;
    private const int VectorsPerBlock = 4;

    /// <summary>Word indices of the diagonals, in the order in which the vectors hold them.</summary>
    private static ReadOnlySpan<byte> Diagonals => [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11];

    /// <summary>Fills <paramref name="output"/>; uses 128 * n * r bytes of memory. n is a power of two above 1.</summary>
    public static void DeriveKey(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, Span<byte> output)
    {
        if (n < 2 || !BitOperations.IsPow2(n)) throw new ArgumentOutOfRangeException(nameof(n), "n is a power of two above 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(r, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 1);
        var laneBytes = checked(2 * BlockBytes * r);
        var lanes = new byte[checked(p * laneBytes)];
        var table = GC.AllocateUninitializedArray<Vector128<uint>>(checked(n * 2 * VectorsPerBlock * r));
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, salt, lanes, 1, HashAlgorithmName.SHA256);
            for (var lane = 0; lane < p; lane++) MixLane(lanes.AsSpan(lane * laneBytes, laneBytes), n, table);
            Rfc2898DeriveBytes.Pbkdf2(password, lanes, output, 1, HashAlgorithmName.SHA256);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(lanes);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
        }
    }

    /// <summary>scryptROMix, section 5.</summary>
    private static void MixLane(Span<byte> lane, int n, Span<Vector128<uint>> table)
    {
        var size = lane.Length / BlockBytes * VectorsPerBlock;
        Span<Vector128<uint>> x = new Vector128<uint>[size];
        Span<Vector128<uint>> scratch = new Vector128<uint>[size];
        Gather(lane, MemoryMarshal.Cast<Vector128<uint>, uint>(x));
        for (var i = 0; i < n; i++)
        {
            x.CopyTo(table.Slice(i * size, size));
            MixBlocks(x, scratch);
        }
        for (var i = 0; i < n; i++)
        {
            // Integerify: the first word of the last block suffices, n being below 2^32.
            var j = (int)(x[size - VectorsPerBlock][0] & (uint)(n - 1));
            var row = table.Slice(j * size, size);
            for (var k = 0; k < x.Length; k++) x[k] ^= row[k];
            MixBlocks(x, scratch);
        }
        Scatter(MemoryMarshal.Cast<Vector128<uint>, uint>(x), lane);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(x));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(scratch));
    }

    /// <summary>scryptBlockMix, section 4: even blocks go to the first half, odd ones to the second.</summary>
    private static void MixBlocks(Span<Vector128<uint>> x, Span<Vector128<uint>> scratch)
    {
        x.CopyTo(scratch);
        var half = x.Length / 2;
        Vector128<uint> a = x[^4], b = x[^3], c = x[^2], d = x[^1];
        for (var i = 0; i < scratch.Length; i += VectorsPerBlock)
        {
            Salsa(ref a, ref b, ref c, ref d, scratch.Slice(i, VectorsPerBlock));
            var block = i / VectorsPerBlock;
            var target = x.Slice((block & 1) * half + block / 2 * VectorsPerBlock, VectorsPerBlock);
            target[0] = a;
            target[1] = b;
            target[2] = c;
            target[3] = d;
        }
    }

    /// <summary>Salsa20/8 of the state xor the input, section 3.</summary>
    private static void Salsa(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, ReadOnlySpan<Vector128<uint>> input)
    {
        Vector128<uint> a0 = a ^ input[0], b0 = b ^ input[1], c0 = c ^ input[2], d0 = d ^ input[3];
        Vector128<uint> va = a0, vb = b0, vc = c0, vd = d0;
        for (var doubleRound = 0; doubleRound < 4; doubleRound++)
        {
            vb ^= RotateLeft(va + vd, 7);
            vc ^= RotateLeft(vb + va, 9);
            vd ^= RotateLeft(vc + vb, 13);
            va ^= RotateLeft(vd + vc, 18);
            vb = Vector128.Shuffle(vb, Vector128.Create(3u, 0, 1, 2));
            vc = Vector128.Shuffle(vc, Vector128.Create(2u, 3, 0, 1));
            vd = Vector128.Shuffle(vd, Vector128.Create(1u, 2, 3, 0));
            vd ^= RotateLeft(va + vb, 7);
            vc ^= RotateLeft(vd + va, 9);
            vb ^= RotateLeft(vc + vd, 13);
            va ^= RotateLeft(vb + vc, 18);
            vb = Vector128.Shuffle(vb, Vector128.Create(1u, 2, 3, 0));
            vc = Vector128.Shuffle(vc, Vector128.Create(2u, 3, 0, 1));
            vd = Vector128.Shuffle(vd, Vector128.Create(3u, 0, 1, 2));
        }
        a = a0 + va;
        b = b0 + vb;
        c = c0 + vc;
        d = d0 + vd;
    }

    private static Vector128<uint> RotateLeft(Vector128<uint> value, int count) => (value << count) | (value >>> (32 - count));

    private static void Gather(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ByteOffset(i)..]);
    }

    private static void Scatter(ReadOnlySpan<uint> words, Span<byte> bytes)
    {
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[ByteOffset(i)..], words[i]);
    }

    /// <summary>Where the block layout of the RFC has the word that the vectors hold at an index.</summary>
    private static int ByteOffset(int index) => ((index & ~15) + Diagonals[index & 15]) * sizeof(uint);
}
