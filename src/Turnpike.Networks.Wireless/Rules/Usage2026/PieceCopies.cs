using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>The copies of pieces that came through more than one gateway, beside the first of each.</summary>
internal sealed class PieceCopies
{
    private readonly Dictionary<(Bytes32 Identity, Address Gateway), EvidencePiece> _copies = [];

    /// <summary>The copies among replays in their order; of several through one gateway the first.</summary>
    public static PieceCopies Of(IReadOnlyList<ReplayVerdict> replays)
    {
        var copies = new PieceCopies();
        foreach (var replay in replays)
            if (replay.Code == VerdictCode.Duplicate) copies._copies.TryAdd((replay.Piece.Identity, replay.Piece.Gateway), replay.Piece);
        return copies;
    }

    public bool TryGet(Bytes32 identity, Address gateway, out EvidencePiece piece) => _copies.TryGetValue((identity, gateway), out piece!);
}
