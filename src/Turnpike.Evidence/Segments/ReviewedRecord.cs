using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A record of a sealed segment after an auditor's second look.</summary>
public sealed record ReviewedRecord
{
    /// <summary>The record.</summary>
    public required SegmentRecord Record { get; init; }

    /// <summary>
    /// For evidence: admitted if the piece is well formed, its device known and its signature right, else the first rule broken. For a refusal: the code it states.
    /// For orders and archive imports, which their readers judge: admitted. For counters: admitted. A refusal or counters body that does not decode: bad-payload.
    /// </summary>
    public required AdmissionCode Code { get; init; }

    /// <summary>The piece, where the record is evidence that decodes.</summary>
    public EvidenceEnvelope? Envelope { get; init; }

    /// <summary>The identity, recomputed for evidence that decodes, as stated for a refusal, else zero.</summary>
    public Bytes32 Identity { get; init; }

    internal static ReviewedRecord Of(SegmentRecord record, EnvelopeVerifier verifier, IDeviceDirectory devices) => record.Type switch
    {
        RecordType.Evidence => OfEvidence(record, verifier, devices),
        RecordType.Refusal => RefusalBody.TryDecode(record.Body.Span, out var refusal)
            ? new ReviewedRecord { Record = record, Code = refusal.Code, Identity = refusal.Identity }
            : new ReviewedRecord { Record = record, Code = AdmissionCode.BadPayload },
        RecordType.Order or RecordType.Archive => new ReviewedRecord { Record = record, Code = AdmissionCode.Admitted },
        _ => new ReviewedRecord { Record = record, Code = CountersBody.TryDecode(record.Body.Span, out _) ? AdmissionCode.Admitted : AdmissionCode.BadPayload },
    };

    private static ReviewedRecord OfEvidence(SegmentRecord record, EnvelopeVerifier verifier, IDeviceDirectory devices)
    {
        if (!EnvelopeCodec.TryDecode(record.Body, out var envelope, out var code)) return new ReviewedRecord { Record = record, Code = code };
        var identity = envelope.Identity(verifier.NetworkId);
        if (!devices.TryGet(envelope.Device, out var device)) code = AdmissionCode.UnknownDevice;
        else if (device.Algorithm != envelope.Algorithm) code = AdmissionCode.WrongAlgorithm;
        else if (!verifier.Verify(envelope, identity, device)) code = AdmissionCode.BadSignature;
        return new ReviewedRecord { Record = record, Code = code, Envelope = envelope, Identity = identity };
    }
}
