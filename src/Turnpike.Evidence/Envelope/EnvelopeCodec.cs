using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Bytes to envelope and back. COSE_Sign1 (RFC 9052) under tag 18 with one profile: protected {1: alg}, unprotected {4: kid}, everything in deterministic
/// CBOR, so that a piece has exactly one encoding and a byte compared is a meaning compared.
/// </summary>
public static class EnvelopeCodec
{
    /// <summary>The most bytes a piece may have: 64 KiB.</summary>
    public const int MaximumBytes = 64 * 1024;

    private const ulong CoseSign1Tag = 18;
    private const ulong AlgorithmLabel = 1;
    private const ulong KeyIdLabel = 4;

    /// <summary>Decodes a piece; on false, <paramref name="code"/> says which rule of form it breaks. Never throws on input.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> raw, out EvidenceEnvelope envelope, out AdmissionCode code)
    {
        envelope = null!;
        if (raw.Length > MaximumBytes)
        {
            code = AdmissionCode.TooLarge;
            return false;
        }
        code = Form(raw.Span);
        if (code != AdmissionCode.Admitted) return false;
        code = ReadParts(raw.Span, out var parts);
        if (code != AdmissionCode.Admitted) return false;
        code = ReadAlgorithm(raw.Span[parts.Protected], out var algorithm);
        if (code != AdmissionCode.Admitted) return false;
        code = EcdsaSignature.Check(raw.Span[parts.Signature], algorithm);
        if (code != AdmissionCode.Admitted) return false;
        code = PayloadCodec.Read(raw[parts.Payload], out var content);
        if (code != AdmissionCode.Admitted) return false;
        envelope = new EvidenceEnvelope
        {
            Algorithm = algorithm,
            Device = new DeviceId(new Bytes32(raw.Span[parts.KeyId])),
            Content = content,
            Payload = raw[parts.Payload],
            Signature = raw[parts.Signature],
            Raw = raw,
        };
        return true;
    }

    /// <summary>The piece of a payload and its signature.</summary>
    internal static byte[] Encode(EnvelopeAlgorithm algorithm, DeviceId device, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        var header = SigStructure.ProtectedHeader(algorithm);
        var fixedLength = 3 + CborBuffer.BytesLength(Bytes32.Length);
        var piece = new byte[1 + fixedLength + CborBuffer.BytesLength(header.Length) + CborBuffer.BytesLength(payload.Length) + CborBuffer.BytesLength(signature.Length)];
        Span<byte> keyId = stackalloc byte[Bytes32.Length];
        device.Value.CopyTo(keyId);
        var buffer = new CborBuffer(piece);
        buffer.Head(6, CoseSign1Tag);
        buffer.Head(4, 4);
        buffer.Bytes(header);
        buffer.Head(5, 1);
        buffer.Unsigned(KeyIdLabel);
        buffer.Bytes(keyId);
        buffer.Bytes(payload);
        buffer.Bytes(signature);
        return piece;
    }

    internal static AdmissionCode Form(ReadOnlySpan<byte> data) => DeterministicCbor.Check(data) switch
    {
        CborForm.Deterministic => AdmissionCode.Admitted,
        CborForm.Malformed => AdmissionCode.MalformedCbor,
        _ => AdmissionCode.NotDeterministicCbor,
    };

    private static AdmissionCode ReadParts(ReadOnlySpan<byte> piece, out Parts parts)
    {
        parts = default;
        var cursor = new CborCursor(piece);
        if (!cursor.TryTag(CoseSign1Tag) || !cursor.TryArray(4) || !cursor.TryBytes(out var header)) return AdmissionCode.NotCoseSign1;
        if (!cursor.TryMap(out var count)) return AdmissionCode.NotCoseSign1;
        if (count != 1 || !cursor.TryUnsigned(out var label) || label != KeyIdLabel || !cursor.TryBytes(out var keyId)) return AdmissionCode.BadHeader;
        if (piece[keyId].Length != Bytes32.Length) return AdmissionCode.BadHeader;
        if (!cursor.TryBytes(out var payload) || !cursor.TryBytes(out var signature)) return AdmissionCode.NotCoseSign1;
        parts = new Parts(header, keyId, payload, signature);
        return AdmissionCode.Admitted;
    }

    private static AdmissionCode ReadAlgorithm(ReadOnlySpan<byte> header, out EnvelopeAlgorithm algorithm)
    {
        algorithm = default;
        var form = Form(header);
        if (form != AdmissionCode.Admitted) return form;
        var cursor = new CborCursor(header);
        if (!cursor.TryMap(out var count) || count != 1) return AdmissionCode.BadHeader;
        if (!cursor.TryUnsigned(out var label) || label != AlgorithmLabel) return AdmissionCode.BadHeader;
        if (!cursor.TryInteger(out var number)) return AdmissionCode.UnsupportedAlgorithm;
        algorithm = (EnvelopeAlgorithm)number;
        return number is (long)EnvelopeAlgorithm.Es256 or (long)EnvelopeAlgorithm.Es256K ? AdmissionCode.Admitted : AdmissionCode.UnsupportedAlgorithm;
    }

    private readonly record struct Parts(Range Protected, Range KeyId, Range Payload, Range Signature);
}
