using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>The payload map {1: kind, 2: boot, 3: sequence, 4: unix ms, 5: public body, 6: private commitment (optional)}.</summary>
internal static class PayloadCodec
{
    private const byte RequiredFields = 5;

    public static AdmissionCode Read(ReadOnlyMemory<byte> payload, out EnvelopeContent content)
    {
        content = null!;
        var form = EnvelopeCodec.Form(payload.Span);
        if (form != AdmissionCode.Admitted) return form;
        var cursor = new CborCursor(payload.Span);
        if (!cursor.TryMap(out var count) || count is < RequiredFields or > RequiredFields + 1) return AdmissionCode.BadPayload;
        if (!TryField(ref cursor, 1, out var kind) || kind > ushort.MaxValue) return AdmissionCode.BadPayload;
        if (!TryField(ref cursor, 2, out var boot) || !TryField(ref cursor, 3, out var sequence)) return AdmissionCode.BadPayload;
        if (!TryField(ref cursor, 4, out var time) || time > long.MaxValue) return AdmissionCode.BadPayload;
        if (!TryBytes(ref cursor, 5, out var body)) return AdmissionCode.BadPayload;
        Range commitment = default;
        if (count > RequiredFields && (!TryBytes(ref cursor, 6, out commitment) || payload.Span[commitment].Length != Bytes32.Length)) return AdmissionCode.BadPayload;
        form = EnvelopeCodec.Form(payload.Span[body]);
        if (form != AdmissionCode.Admitted) return form;
        content = new EnvelopeContent
        {
            Kind = (ushort)kind,
            Boot = boot,
            Sequence = sequence,
            UnixMilliseconds = (long)time,
            PublicBody = payload[body],
            PrivateCommitment = count > RequiredFields ? new Bytes32(payload.Span[commitment]) : null,
        };
        return AdmissionCode.Admitted;
    }

    public static byte[] Write(EnvelopeContent content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(content.UnixMilliseconds);
        if (DeterministicCbor.Check(content.PublicBody.Span) != CborForm.Deterministic)
            throw new ArgumentException("The public body must be one item of deterministic CBOR (RFC 8949, 4.2.1).", nameof(content));
        var time = (ulong)content.UnixMilliseconds;
        var length = 1 + RequiredFields + CborBuffer.HeadLength(content.Kind) + CborBuffer.HeadLength(content.Boot) + CborBuffer.HeadLength(content.Sequence)
            + CborBuffer.HeadLength(time) + CborBuffer.BytesLength(content.PublicBody.Length) + (content.PrivateCommitment is null ? 0 : 1 + CborBuffer.BytesLength(Bytes32.Length));
        var payload = new byte[length];
        var buffer = new CborBuffer(payload);
        buffer.Head(5, content.PrivateCommitment is null ? RequiredFields : RequiredFields + 1UL);
        Field(ref buffer, 1, content.Kind);
        Field(ref buffer, 2, content.Boot);
        Field(ref buffer, 3, content.Sequence);
        Field(ref buffer, 4, time);
        buffer.Unsigned(5);
        buffer.Bytes(content.PublicBody.Span);
        if (content.PrivateCommitment is not { } commitment) return payload;
        buffer.Unsigned(6);
        buffer.Bytes(commitment.ToArray());
        return payload;
    }

    private static void Field(ref CborBuffer buffer, ulong label, ulong value)
    {
        buffer.Unsigned(label);
        buffer.Unsigned(value);
    }

    private static bool TryField(ref CborCursor cursor, ulong label, out ulong value)
    {
        value = 0;
        return cursor.TryUnsigned(out var found) && found == label && cursor.TryUnsigned(out value);
    }

    private static bool TryBytes(ref CborCursor cursor, ulong label, out Range content)
    {
        content = default;
        return cursor.TryUnsigned(out var found) && found == label && cursor.TryBytes(out content);
    }
}
