using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Signs with a key in this process. The key stays the caller's to dispose.</summary>
public sealed class LocalDigestSigner(Secp256k1PrivateKey key) : IDigestSigner
{
    /// <inheritdoc/>
    public Address Address { get; } = key.Address;

    /// <inheritdoc/>
    public ValueTask<Secp256k1Signature> SignAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Secp256k1.Sign(digest, key));
    }
}
