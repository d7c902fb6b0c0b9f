namespace Turnpike.Core.Rules;

/// <summary>One report within a piece, and the device it counts for.</summary>
/// <param name="Account">The device's rank in the registry; <see cref="Signer"/> for the piece's signer where that is not registered.</param>
/// <param name="Piece">Position of the piece in the order of judgement.</param>
/// <param name="Index">Position of the report within the piece, from 0.</param>
public readonly record struct ReportPlace(int Account, int Piece, int Index)
{
    /// <summary>Stands for a signer that the registry does not know.</summary>
    public const int Signer = -1;
}

/// <summary>All reports that count for some of the devices, wherever in the epoch's pieces they are.</summary>
public sealed record EvidenceShard
{
    /// <summary>The epoch's pieces in the order of judgement, those without a report in this shard too, each with what the replay rule says of it.</summary>
    public required IReadOnlyList<ReplayVerdict> Pieces { get; init; }

    /// <summary>The shard's reports, by (piece, index).</summary>
    public required ReadOnlyMemory<ReportPlace> Reports { get; init; }

    /// <summary>Clones that fall to this shard to be published.</summary>
    public required IReadOnlyList<CloneFault> Clones { get; init; }

    /// <summary>Sequences that fall to this shard to be remembered.</summary>
    public required IReadOnlyList<SeenSequence> Seen { get; init; }
}
