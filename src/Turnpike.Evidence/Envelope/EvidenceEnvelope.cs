using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>What a device states in one piece of evidence, before and after signing.</summary>
public sealed record EnvelopeContent
{
    /// <summary>The evidence kind, as the network's modules number them.</summary>
    public required ushort Kind { get; init; }

    /// <summary>How many times the device has started.</summary>
    public required ulong Boot { get; init; }

    /// <summary>The piece's number within the boot.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>The device's clock, UTC; plausibility only, never counted for pay.</summary>
    public required long UnixMilliseconds { get; init; }

    /// <summary>The kind's public fields, deterministic CBOR.</summary>
    public required ReadOnlyMemory<byte> PublicBody { get; init; }

    /// <summary>SHA-256(salt || private body), where the piece has a private body; see <see cref="PrivateCommitment"/>.</summary>
    public Bytes32? PrivateCommitment { get; init; }
}

/// <summary>A decoded piece of evidence: strict in form, its signature not yet verified. The memory it exposes is the decoder's input.</summary>
public sealed record EvidenceEnvelope
{
    /// <summary>How it is signed.</summary>
    public required EnvelopeAlgorithm Algorithm { get; init; }

    /// <summary>Who claims to have signed it.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>What it states.</summary>
    public required EnvelopeContent Content { get; init; }

    /// <summary>The payload as signed.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>64 bytes: r and s, big-endian, s in the lower half.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>The whole piece, byte for byte as received.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The piece's identity on a network: SHA-256 of the Sig_structure, which is also the digest that was signed. It names the device too.</summary>
    public Bytes32 Identity(Bytes32 networkId) => SigStructure.Hash(Algorithm, networkId, Device, Payload.Span);
}
