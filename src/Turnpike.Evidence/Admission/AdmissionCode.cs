namespace Turnpike.Evidence;

/// <summary>What the door says of a piece of evidence. Numbers are stored, published and metric labels: stable, never reused.</summary>
public enum AdmissionCode : ushort
{
    /// <summary>Every admission rule passed.</summary>
    Admitted = 100,

    /// <summary>More bytes than the gateway takes in one piece.</summary>
    TooLarge = 101,

    /// <summary>Not exactly one well-formed CBOR item.</summary>
    MalformedCbor = 102,

    /// <summary>Well-formed CBOR, but not in the deterministic encoding of RFC 8949, section 4.2.1.</summary>
    NotDeterministicCbor = 103,

    /// <summary>Not a tagged COSE_Sign1 array of four parts.</summary>
    NotCoseSign1 = 104,

    /// <summary>The protected header names an algorithm other than ES256 and ES256K.</summary>
    UnsupportedAlgorithm = 105,

    /// <summary>The headers hold something other than {alg} and {kid of 32 bytes}.</summary>
    BadHeader = 106,

    /// <summary>The payload is not the map of evidence fields.</summary>
    BadPayload = 107,

    /// <summary>The signature is not 64 bytes r||s with both numbers inside the curve's order.</summary>
    BadSignatureEncoding = 108,

    /// <summary>The signature's s is in the upper half of the order.</summary>
    HighS = 109,

    /// <summary>No module of this network declares the evidence kind.</summary>
    UnknownKind = 110,

    /// <summary>The device's clock says a time further ahead than tolerated.</summary>
    FromFuture = 111,

    /// <summary>The device's clock says a time older than two epochs.</summary>
    TooOld = 112,

    /// <summary>The registry holds no such device.</summary>
    UnknownDevice = 113,

    /// <summary>The device is suspended in the registry.</summary>
    SuspendedDevice = 114,

    /// <summary>The device is registered with a key of another algorithm.</summary>
    WrongAlgorithm = 115,

    /// <summary>The signature does not verify: altered content, another key, or signed for another network.</summary>
    BadSignature = 116,

    /// <summary>The same piece was stored a short while ago.</summary>
    Duplicate = 117,

    /// <summary>The device sends faster than its allowance.</summary>
    RateLimited = 118,

    /// <summary>The gateway's byte quota of this epoch is used up.</summary>
    QuotaExceeded = 119,

    /// <summary>The evidence log cannot store durably just now.</summary>
    LogUnavailable = 120,

    /// <summary>The order's customer has too few credits deposited.</summary>
    NoDeposit = 121,

    /// <summary>The customer sent as many orders as one epoch may hold.</summary>
    TooManyOrders = 122,
}
