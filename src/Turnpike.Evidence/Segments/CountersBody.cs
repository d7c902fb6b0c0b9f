using System.Buffers.Binary;

namespace Turnpike.Evidence;

/// <summary>
/// How often each admission code was given since the previous counters record: pairs of code (2 bytes) and count (8), little-endian, codes ascending,
/// no zeros. Anybody can cause refusals for free, so a gateway may count the unauthenticated ones instead of storing each.
/// </summary>
public static class CountersBody
{
    private const int PairLength = sizeof(ushort) + sizeof(ulong);

    /// <summary>The record's body; codes never given are left out.</summary>
    public static byte[] Encode(IReadOnlyDictionary<AdmissionCode, ulong> counts)
    {
        var given = counts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key).ToArray();
        var body = new byte[given.Length * PairLength];
        for (var i = 0; i < given.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(i * PairLength), (ushort)given[i].Key);
            BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(i * PairLength + sizeof(ushort)), given[i].Value);
        }
        return body;
    }

    /// <summary>Reads a body; false when it is not exactly what <see cref="Encode"/> writes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, out IReadOnlyDictionary<AdmissionCode, ulong> counts)
    {
        var read = new SortedDictionary<AdmissionCode, ulong>();
        counts = read;
        if (body.Length % PairLength != 0) return false;
        var previous = -1;
        for (; !body.IsEmpty; body = body[PairLength..])
        {
            var code = BinaryPrimitives.ReadUInt16LittleEndian(body);
            var count = BinaryPrimitives.ReadUInt64LittleEndian(body[sizeof(ushort)..]);
            if (code <= previous || count == 0 || !AdmissionCodes.IsKnown(code)) return false;
            read.Add((AdmissionCode)code, count);
            previous = code;
        }
        return true;
    }
}
