using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Verifies evidence signed for one network. Thread-safe; keeps the imported keys of the devices seen last. A key's first piece costs about four times a later one.</summary>
public sealed class EnvelopeVerifier : IDisposable
{
    /// <summary>
    /// How many imported keys are kept unless told otherwise: about 520 MiB when so many devices were seen. A fleet in rotation that exceeds it finds its keys
    /// gone each time, so it is a fifth more than 100,000 devices: the cache's shards do not fill evenly.
    /// </summary>
    public const int DefaultKeyCapacity = 120_000;

    private readonly VerifyingKeyCache _keys;

    /// <summary>A verifier for <paramref name="networkId"/> that keeps up to <paramref name="keyCapacity"/> imported keys.</summary>
    public EnvelopeVerifier(Bytes32 networkId, int keyCapacity = DefaultKeyCapacity)
    {
        NetworkId = networkId;
        _keys = new VerifyingKeyCache(keyCapacity);
    }

    /// <summary>The network whose signatures verify here.</summary>
    public Bytes32 NetworkId { get; }

    /// <summary>Whether the key's holder signed the envelope for this network.</summary>
    public bool Verify(EvidenceEnvelope envelope, DeviceKey publicKey) => Verify(envelope, envelope.Identity(NetworkId), publicKey);

    /// <summary>As above, where the identity on this network is already known.</summary>
    internal bool Verify(EvidenceEnvelope envelope, Bytes32 identity, DeviceKey publicKey)
    {
        if (envelope.Algorithm != publicKey.Algorithm || envelope.Device != publicKey.Id) return false;
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        identity.CopyTo(digest);
        return _keys.Verify(publicKey, digest, envelope.Signature.Span);
    }

    /// <summary>Lets go of the imported keys' memory.</summary>
    public void Dispose() => _keys.Clear();
}
