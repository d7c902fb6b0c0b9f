using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Signs a device's evidence for one network. As thread-safe as the key.</summary>
public sealed class EnvelopeSigner(IDeviceKey key, Bytes32 networkId)
{
    /// <summary>The encoded, signed piece; its signature is normalised to low s.</summary>
    /// <exception cref="ArgumentException">The public body is not deterministic CBOR, or the piece would exceed <see cref="EnvelopeCodec.MaximumBytes"/>.</exception>
    public byte[] Sign(EnvelopeContent content)
    {
        var payload = PayloadCodec.Write(content);
        var algorithm = key.Public.Algorithm;
        Span<byte> signature = stackalloc byte[EcdsaSignature.Length];
        key.Sign(SigStructure.Hash(algorithm, networkId, key.Public.Id, payload), signature);
        EcdsaSignature.Normalise(signature, algorithm);
        var piece = EnvelopeCodec.Encode(algorithm, key.Public.Id, payload, signature);
        if (piece.Length > EnvelopeCodec.MaximumBytes) throw new ArgumentException($"The piece has {piece.Length} bytes; at most {EnvelopeCodec.MaximumBytes} are taken: send smaller batches.", nameof(content));
        return piece;
    }
}
