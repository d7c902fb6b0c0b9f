using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>The deterministic nonces of RFC 6979, section 3.2, with HMAC-SHA256: one generator for one key and digest.</summary>
internal ref struct Rfc6979Nonces
{
    private const int StateBytes = 2 * Bytes32.Length;

    // K then V of the RFC.
    private readonly Span<byte> _state;

    /// <summary>Seeds K and V; <paramref name="state"/> is 64 bytes that the caller clears when done.</summary>
    public Rfc6979Nonces(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> reducedDigest, Span<byte> state)
    {
        _state = state[..StateBytes];
        K.Clear();
        V.Fill(1);
        Span<byte> message = stackalloc byte[Bytes32.Length + 1 + 2 * Bytes32.Length];
        privateKey.CopyTo(message[(Bytes32.Length + 1)..]);
        reducedDigest.CopyTo(message[(2 * Bytes32.Length + 1)..]);
        for (byte round = 0; round < 2; round++)
        {
            V.CopyTo(message);
            message[Bytes32.Length] = round;
            Rekey(message);
        }
        CryptographicOperations.ZeroMemory(message);
    }

    private readonly Span<byte> K => _state[..Bytes32.Length];

    private readonly Span<byte> V => _state[Bytes32.Length..];

    /// <summary>The next candidate in [1, n - 1]; candidates outside are skipped, which tells nothing of the one that is returned.</summary>
    public readonly Scalar Next()
    {
        while (true)
        {
            HMACSHA256.HashData(K, V, V);
            var candidate = Scalar.Reduce(V, out var overflowed);
            if (!overflowed && !candidate.IsZero) return candidate;
            Advance();
        }
    }

    /// <summary>Moves past a candidate that could not be used.</summary>
    public readonly void Advance()
    {
        Span<byte> message = stackalloc byte[Bytes32.Length + 1];
        V.CopyTo(message);
        message[Bytes32.Length] = 0;
        Rekey(message);
    }

    private readonly void Rekey(ReadOnlySpan<byte> message)
    {
        HMACSHA256.HashData(K, message, K);
        HMACSHA256.HashData(K, V, V);
    }
}
