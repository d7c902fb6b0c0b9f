using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// A private key: a number in [1, n - 1], kept in pinned memory that the collector never copies and that <see cref="Dispose"/> clears.
/// Signing may run on several threads; disposing while another thread signs is the caller's bug.
/// </summary>
public sealed class Secp256k1PrivateKey : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Length, pinned: true);
    private bool _disposed;

    private Secp256k1PrivateKey(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes);
        PublicKey = new Secp256k1PublicKey(GeneratorComb.Multiply(Scalar.Reduce(_bytes, out _)).ToAffine());
    }

    /// <summary>The public key, derived once.</summary>
    public Secp256k1PublicKey PublicKey { get; }

    /// <summary>The account of this key.</summary>
    public Address Address => PublicKey.ToAddress();

    /// <summary>Takes 32 big-endian bytes; false unless the number lies in [1, n - 1].</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Secp256k1PrivateKey? key)
    {
        key = null;
        if (bytes.Length != Length) return false;
        var scalar = Scalar.Reduce(bytes, out var overflowed);
        if (overflowed || scalar.IsZero) return false;
        key = new Secp256k1PrivateKey(bytes);
        return true;
    }

    /// <summary>Reads 0x and 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not that, or a number outside [1, n - 1]. The message never shows the text.</exception>
    public static Secp256k1PrivateKey Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        try
        {
            if (Bytes32.TryParse(text, out var value))
            {
                value.CopyTo(bytes);
                if (TryCreate(bytes, out var key)) return key;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
        throw new FormatException("A private key is 0x and 64 hexadecimal digits, neither zero nor the group order or more.");
    }

    /// <summary>A new key from the operating system's random source.</summary>
    public static Secp256k1PrivateKey Generate()
    {
        Span<byte> bytes = stackalloc byte[Length];
        try
        {
            while (true)
            {
                RandomNumberGenerator.Fill(bytes);
                if (TryCreate(bytes, out var key)) return key;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Copies the 32 secret bytes; the caller clears them.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void CopyTo(Span<byte> destination) => Bytes.CopyTo(destination);

    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>Clears the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>The address, never the secret.</summary>
    public override string ToString() => $"private key of {Address}";
}
