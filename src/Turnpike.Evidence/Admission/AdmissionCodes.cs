using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Name and meaning of every admission code: the module "admission" of the verdict registry.</summary>
public static class AdmissionCodes
{
    private static readonly VerdictCode[] Index = new VerdictCode[VerdictModule.AdmissionRange.Last - VerdictModule.AdmissionRange.First + 1];

    static AdmissionCodes()
    {
        Declare(AdmissionCode.Admitted, "admitted", "Every admission rule passed; the piece is stored.");
        Declare(AdmissionCode.TooLarge, "too-large", "Send smaller batches: the piece exceeds the gateway's size limit.");
        Declare(AdmissionCode.MalformedCbor, "malformed-cbor", "The bytes are not exactly one well-formed CBOR item.");
        Declare(AdmissionCode.NotDeterministicCbor, "not-deterministic-cbor", "Encode deterministically (RFC 8949, 4.2.1): shortest forms, definite lengths, sorted unique keys.");
        Declare(AdmissionCode.NotCoseSign1, "not-cose-sign1", "The piece is not a COSE_Sign1 message under tag 18.");
        Declare(AdmissionCode.UnsupportedAlgorithm, "unsupported-alg", "Sign with ES256 (-7) or ES256K (-47).");
        Declare(AdmissionCode.BadHeader, "bad-header", "The protected header must hold alg alone, the unprotected header a kid of 32 bytes alone.");
        Declare(AdmissionCode.BadPayload, "bad-payload", "The payload must map 1 kind, 2 boot, 3 sequence, 4 unix ms, 5 public body and, if any, 6 private commitment.");
        Declare(AdmissionCode.BadSignatureEncoding, "bad-signature-encoding", "The signature must be 64 bytes r||s with both numbers from 1 to the order less 1.");
        Declare(AdmissionCode.HighS, "high-s", "Normalise the signature: replace s by the order less s.");
        Declare(AdmissionCode.UnknownKind, "kind-not-taken", "No module of this network declares the evidence kind.");
        Declare(AdmissionCode.FromFuture, "from-future", "The device's clock is further ahead than tolerated.");
        Declare(AdmissionCode.TooOld, "too-old", "The device's clock says a time older than two epochs.");
        Declare(AdmissionCode.UnknownDevice, "device-not-registered", "The registry holds no such device, or not yet in this gateway's view.");
        Declare(AdmissionCode.SuspendedDevice, "device-suspended", "The device is suspended in the registry.");
        Declare(AdmissionCode.WrongAlgorithm, "wrong-alg", "The device is registered with a key of another algorithm.");
        Declare(AdmissionCode.BadSignature, "bad-signature", "The signature does not verify: altered content, another key, or signed for another network.");
        Declare(AdmissionCode.Duplicate, "already-stored", "The same piece was stored a short while ago; nothing is lost.");
        Declare(AdmissionCode.RateLimited, "rate-limited", "The device sends faster than its allowance; send later or in batches.");
        Declare(AdmissionCode.QuotaExceeded, "quota-exceeded", "The gateway's byte quota of this epoch is used up; use another gateway or wait.");
        Declare(AdmissionCode.LogUnavailable, "log-unavailable", "The gateway cannot store durably just now; keep the piece and send it again.");
        Declare(AdmissionCode.NoDeposit, "no-deposit", "The customer has too few unspent credits deposited for an order; deposit first, and send it again when the deposit is confirmed.");
        Declare(AdmissionCode.TooManyOrders, "too-many-orders", "The customer sent as many orders in this epoch as the gateway takes; the last one stands, send the next in the next epoch.");
    }

    /// <summary>The codes by number, for a <see cref="VerdictRegistry"/>.</summary>
    public static VerdictModule Module { get; } = new("admission", VerdictModule.AdmissionRange.First, VerdictModule.AdmissionRange.Last);

    /// <summary>The registry's entry of a code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number no code has.</exception>
    public static VerdictCode Describe(AdmissionCode code) =>
        IsKnown((ushort)code) ? Index[(ushort)code - VerdictModule.AdmissionRange.First] : throw new ArgumentOutOfRangeException(nameof(code), code, "No admission code has this number.");

    /// <summary>Whether a stored number is an admission code.</summary>
    public static bool IsKnown(ushort number) =>
        number >= VerdictModule.AdmissionRange.First && number <= VerdictModule.AdmissionRange.Last && Index[number - VerdictModule.AdmissionRange.First] is not null;

    private static void Declare(AdmissionCode code, string name, string description) =>
        Index[(ushort)code - VerdictModule.AdmissionRange.First] = Module.Declare((ushort)code, name, description);
}
