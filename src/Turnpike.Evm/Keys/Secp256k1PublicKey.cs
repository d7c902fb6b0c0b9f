using System.Diagnostics.CodeAnalysis;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>A point of secp256k1 other than infinity. Immutable.</summary>
public sealed class Secp256k1PublicKey : IEquatable<Secp256k1PublicKey>
{
    /// <summary>Bytes of the compressed form: 02 or 03, then x.</summary>
    public const int CompressedLength = 33;

    /// <summary>Bytes of the uncompressed form: 04, x, y.</summary>
    public const int UncompressedLength = 65;

    internal Secp256k1PublicKey(in AffinePoint point) => Point = point;

    internal AffinePoint Point { get; }

    /// <summary>Reads the compressed or uncompressed form of SEC 1; false for anything that is no point of the curve.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Secp256k1PublicKey? key)
    {
        key = null;
        AffinePoint point;
        switch (bytes.Length)
        {
            case CompressedLength when bytes[0] is 2 or 3:
                if (!FieldElement.TryRead(bytes[1..], out var x) || !AffinePoint.TryFromX(x, bytes[0] & 1UL, out point)) return false;
                break;
            case UncompressedLength when bytes[0] == 4:
                if (!FieldElement.TryRead(bytes[1..33], out var px) || !FieldElement.TryRead(bytes[33..], out var py)) return false;
                point = new AffinePoint(px, py);
                if (!point.IsOnCurve) return false;
                break;
            default:
                return false;
        }
        key = new Secp256k1PublicKey(point);
        return true;
    }

    /// <summary>04, x, y.</summary>
    public byte[] ToUncompressed()
    {
        var bytes = new byte[UncompressedLength];
        bytes[0] = 4;
        Point.X.Write(bytes.AsSpan(1));
        Point.Y.Write(bytes.AsSpan(33));
        return bytes;
    }

    /// <summary>02 for an even y or 03 for an odd one, then x.</summary>
    public byte[] ToCompressed()
    {
        var bytes = new byte[CompressedLength];
        bytes[0] = (byte)(2 + Point.Y.OddBit);
        Point.X.Write(bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>Keccak-256 of x and y.</summary>
    public Bytes32 Hash()
    {
        Span<byte> coordinates = stackalloc byte[2 * Bytes32.Length];
        Point.X.Write(coordinates);
        Point.Y.Write(coordinates[Bytes32.Length..]);
        return Keccak256.Hash(coordinates);
    }

    /// <summary>The account of this key: the last 20 bytes of <see cref="Hash"/>.</summary>
    public Address ToAddress()
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        Hash().CopyTo(hash);
        return new Address(hash[^Address.Length..]);
    }

    /// <inheritdoc/>
    public bool Equals(Secp256k1PublicKey? other) =>
        other is not null && Point.X.ValueEquals(other.Point.X) && Point.Y.ValueEquals(other.Point.Y);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secp256k1PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash().GetHashCode();

    /// <summary>The compressed form in hexadecimal.</summary>
    public override string ToString() => Hex.Format(ToCompressed());
}
