using System.Collections.Frozen;

namespace Turnpike.Evidence;

/// <summary>The number, name and meaning of an admission code, as documentation, statements and metrics show it.</summary>
public sealed record AdmissionCodeInfo(AdmissionCode Code, string Name, string Description);

/// <summary>Every admission code, in the order of their numbers.</summary>
public static class AdmissionCodes
{
    private static readonly FrozenDictionary<AdmissionCode, AdmissionCodeInfo> Index;

    static AdmissionCodes()
    {
        All =
        [
            new(AdmissionCode.Admitted, "admitted", "Every admission rule passed; the piece is stored."),
            new(AdmissionCode.TooLarge, "too-large", "Send smaller batches: the piece exceeds the gateway's size limit."),
            new(AdmissionCode.MalformedCbor, "malformed-cbor", "The bytes are not exactly one well-formed CBOR item."),
            new(AdmissionCode.NotDeterministicCbor, "not-deterministic-cbor", "Encode deterministically (RFC 8949, 4.2.1): shortest forms, definite lengths, sorted unique keys."),
            new(AdmissionCode.NotCoseSign1, "not-cose-sign1", "The piece is not a COSE_Sign1 message under tag 18."),
            new(AdmissionCode.UnsupportedAlgorithm, "unsupported-alg", "Sign with ES256 (-7) or ES256K (-47)."),
            new(AdmissionCode.BadHeader, "bad-header", "The protected header must hold alg alone, the unprotected header a kid of 32 bytes alone."),
            new(AdmissionCode.BadPayload, "bad-payload", "The payload must map 1 kind, 2 boot, 3 sequence, 4 unix ms, 5 public body and, if any, 6 private commitment."),
            new(AdmissionCode.BadSignatureEncoding, "bad-signature-encoding", "The signature must be 64 bytes r||s with both numbers from 1 to the order less 1."),
            new(AdmissionCode.HighS, "high-s", "Normalise the signature: replace s by the order less s."),
            new(AdmissionCode.UnknownKind, "unknown-kind", "No module of this network declares the evidence kind."),
            new(AdmissionCode.FromFuture, "from-future", "The device's clock is further ahead than tolerated."),
            new(AdmissionCode.TooOld, "too-old", "The device's clock says a time older than two epochs."),
            new(AdmissionCode.UnknownDevice, "unknown-device", "The registry holds no such device, or not yet in this gateway's view."),
            new(AdmissionCode.SuspendedDevice, "suspended-device", "The device is suspended in the registry."),
            new(AdmissionCode.WrongAlgorithm, "wrong-alg", "The device is registered with a key of another algorithm."),
            new(AdmissionCode.BadSignature, "bad-signature", "The signature does not verify: altered content, another key, or signed for another network."),
            new(AdmissionCode.Duplicate, "duplicate", "The same piece was stored a short while ago; nothing is lost."),
            new(AdmissionCode.RateLimited, "rate-limited", "The device sends faster than its allowance; send later or in batches."),
            new(AdmissionCode.QuotaExceeded, "quota-exceeded", "The gateway's byte quota of this epoch is used up; use another gateway or wait."),
            new(AdmissionCode.LogUnavailable, "log-unavailable", "The gateway cannot store durably just now; keep the piece and send it again."),
        ];
        Index = All.ToFrozenDictionary(info => info.Code);
    }

    /// <summary>Every code, ascending.</summary>
    public static IReadOnlyList<AdmissionCodeInfo> All { get; }

    /// <summary>The entry of one code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number no code has.</exception>
    public static AdmissionCodeInfo Describe(AdmissionCode code) =>
        Index.TryGetValue(code, out var info) ? info : throw new ArgumentOutOfRangeException(nameof(code), code, "No admission code has this number.");
}
