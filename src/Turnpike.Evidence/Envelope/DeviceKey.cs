using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>Whether the registry lets a device take part.</summary>
public enum DeviceStatus
{
    /// <summary>Takes part.</summary>
    Active,

    /// <summary>Its evidence is refused until governance or its owner lifts it.</summary>
    Suspended,
}

/// <summary>A registered device's public key.</summary>
public sealed record DeviceKey
{
    /// <summary>keccak256(x || y).</summary>
    public required DeviceId Id { get; init; }

    /// <summary>The algorithm, and with it the curve.</summary>
    public required EnvelopeAlgorithm Algorithm { get; init; }

    /// <summary>The point's x, big-endian.</summary>
    public required Bytes32 X { get; init; }

    /// <summary>The point's y, big-endian.</summary>
    public required Bytes32 Y { get; init; }

    /// <summary>Whether it takes part.</summary>
    public DeviceStatus Status { get; init; } = DeviceStatus.Active;

    /// <summary>The key of a point, with its id computed.</summary>
    public static DeviceKey Create(EnvelopeAlgorithm algorithm, Bytes32 x, Bytes32 y) => new() { Id = IdOf(x, y), Algorithm = algorithm, X = x, Y = y };

    private static DeviceId IdOf(Bytes32 x, Bytes32 y)
    {
        Span<byte> point = stackalloc byte[DeviceId.PublicKeyLength];
        x.CopyTo(point);
        y.CopyTo(point[Bytes32.Length..]);
        return DeviceId.OfPublicKey(point);
    }

    /// <summary>Whether the id is the point's.</summary>
    internal bool HasOwnId => Id == IdOf(X, Y);
}
