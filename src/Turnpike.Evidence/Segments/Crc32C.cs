using System.Buffers.Binary;
using System.Numerics;

namespace Turnpike.Evidence;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4). States are inverted already: begin with <see cref="Start"/>, end with <see cref="Finish"/>.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    private const uint ReversedPolynomial = 0x82F63B78;

    private static readonly uint[] Table = CreateTable();

    public static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(Start, data));

    public static uint Finish(uint state) => ~state;

    /// <summary>Eight bytes a step with the processor's instruction where it has one.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..]) state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var value in data) state = BitOperations.Crc32C(state, value);
        return state;
    }

    /// <summary>The scalar twin of <see cref="Append"/>: one table look-up a byte.</summary>
    public static uint AppendScalar(uint state, ReadOnlySpan<byte> data)
    {
        foreach (var value in data) state = Table[(byte)(state ^ value)] ^ state >> 8;
        return state;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++) remainder = (remainder & 1) == 0 ? remainder >> 1 : remainder >> 1 ^ ReversedPolynomial;
            table[i] = remainder;
        }
        return table;
    }
}
