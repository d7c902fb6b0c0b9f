using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Whatever holds a secp256k1 key and signs digests with it: this process, a hardware module, a signing service.</summary>
public interface IDigestSigner
{
    /// <summary>The account whose signatures these are.</summary>
    Address Address { get; }

    /// <summary>Signs 32 bytes; the result has a low s and a recovery id that leads back to <see cref="Address"/>.</summary>
    ValueTask<Secp256k1Signature> SignAsync(Bytes32 digest, CancellationToken cancellationToken);
}
