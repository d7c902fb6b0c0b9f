namespace Turnpike.Evidence;

/// <summary>The signature algorithms of an envelope, by their COSE numbers.</summary>
public enum EnvelopeAlgorithm
{
    /// <summary>ECDSA over P-256 with SHA-256 (RFC 9053): what secure elements speak.</summary>
    Es256 = -7,

    /// <summary>ECDSA over secp256k1 with SHA-256 (RFC 8812).</summary>
    Es256K = -47,
}
