using System.Buffers.Binary;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// A refusal as the log keeps it: code (2 bytes, little-endian), then the piece's identity, or SHA-256 of the bytes where they do not decode. Nothing else of
/// the piece is kept, because refused evidence may hold what must not be public.
/// </summary>
public readonly record struct RefusalBody(AdmissionCode Code, Bytes32 Identity)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = sizeof(ushort) + Bytes32.Length;

    /// <summary>The record's body.</summary>
    public byte[] Encode()
    {
        var body = new byte[Length];
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)Code);
        Identity.CopyTo(body.AsSpan(sizeof(ushort)));
        return body;
    }

    /// <summary>Reads a body; false for another length and for a number that is no refusal's.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> body, out RefusalBody refusal)
    {
        refusal = default;
        if (body.Length != Length) return false;
        var code = BinaryPrimitives.ReadUInt16LittleEndian(body);
        refusal = new RefusalBody((AdmissionCode)code, new Bytes32(body[sizeof(ushort)..]));
        return AdmissionCodes.IsKnown(code) && code != (ushort)AdmissionCode.Admitted;
    }
}
