namespace Turnpike.Core.Rules;

/// <summary>
/// One piece of evidence as the oracle hands it to a pack: its signature was verified again against the key in the registry snapshot,
/// and it lies in a certified manifest of the epoch. Orders are not pieces: they are resolved first, into <see cref="EpochInputs.Orders"/>.
/// </summary>
public sealed record EvidencePiece
{
    /// <summary>SHA-256 of what was signed, which names the device; two pieces with one identity are one piece sent twice.</summary>
    public required Bytes32 Identity { get; init; }

    /// <summary>The device whose key signed it.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>What the public body holds; numbers are the networks' evidence kinds.</summary>
    public required ushort Kind { get; init; }

    /// <summary>Number of the device's start; sequences begin anew at each.</summary>
    public required ulong Boot { get; init; }

    /// <summary>Position within the boot; a device uses each (boot, sequence) once.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Unix milliseconds by the device's own clock: plausibility only.</summary>
    public required long DeviceTime { get; init; }

    /// <summary>Unix milliseconds at which the gateway received it: the time that rules use.</summary>
    public required long ReceivedTime { get; init; }

    /// <summary>The gateway that received it and answers for <see cref="ReceivedTime"/>.</summary>
    public required Address Gateway { get; init; }

    /// <summary>0 archive import, 1 attested by a gateway, 2 device key, 3 device key vouched for as hardware-held.</summary>
    public required byte Trust { get; init; }

    /// <summary>The kind's public fields, deterministic CBOR.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// Receive time, then identity, then gateway: the order in which every pack reads a shard. Total: pieces that are equal in all three are equal in everything, so
    /// which of two copies comes first never depends on how they were handed over.
    /// </summary>
    public static int CompareByReceipt(EvidencePiece left, EvidencePiece right)
    {
        var order = left.ReceivedTime.CompareTo(right.ReceivedTime);
        if (order == 0) order = left.Identity.CompareTo(right.Identity);
        return order != 0 ? order : left.Gateway.CompareTo(right.Gateway);
    }
}
