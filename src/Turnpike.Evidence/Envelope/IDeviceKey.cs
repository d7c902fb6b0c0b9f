using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>A device's private key, wherever it lives: software, secure element, TPM. Not required to be thread-safe.</summary>
public interface IDeviceKey
{
    /// <summary>The public half.</summary>
    DeviceKey Public { get; }

    /// <summary>Signs a SHA-256 digest into 64 bytes r||s; s may be in either half.</summary>
    void Sign(Bytes32 digest, Span<byte> signature);
}
