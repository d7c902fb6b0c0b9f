using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>A 128-bit key. Its text never shows it.</summary>
public readonly struct AesKey : IEquatable<AesKey>
{
    /// <summary>Bytes of a key and of a block.</summary>
    public const int Length = 16;

    private readonly UInt128 _value;

    /// <summary>A key of 16 bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public AesKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"A key has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>A key from the system's random source.</summary>
    public static AesKey Random()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        var key = new AesKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out AesKey key)
    {
        key = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text?.Length != 2 * Length || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        key = new AesKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <summary>Writes the 16 bytes, for storage under another key.</summary>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);

    /// <summary>In constant time.</summary>
    public bool Equals(AesKey other)
    {
        var difference = _value ^ other._value;
        return ((ulong)difference | (ulong)(difference >> 64)) == 0;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AesKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Never the key.</summary>
    public override string ToString() => "(secret)";

    /// <summary>Encrypts whole blocks, each by itself.</summary>
    internal void EncryptBlocks(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using var aes = Open();
        aes.EncryptEcb(source, destination, PaddingMode.None);
    }

    /// <summary>Decrypts whole blocks, each by itself: a join server "decrypts" its answer so that the device needs encryption only.</summary>
    internal void DecryptBlocks(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        using var aes = Open();
        aes.DecryptEcb(source, destination, PaddingMode.None);
    }

    internal Aes Open()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        var aes = Aes.Create();
        aes.SetKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return aes;
    }

    /// <summary>Equal keys.</summary>
    public static bool operator ==(AesKey left, AesKey right) => left.Equals(right);

    /// <summary>Different keys.</summary>
    public static bool operator !=(AesKey left, AesKey right) => !left.Equals(right);
}
