using System.Collections.Frozen;

namespace Turnpike.Evidence;

/// <summary>The kind must be one that a module of this network declares.</summary>
public sealed class KindRule(IEnumerable<ushort> kinds) : IPieceRule
{
    private readonly FrozenSet<ushort> _kinds = kinds.ToFrozenSet();

    /// <inheritdoc/>
    public AdmissionCode Check(in ArrivingPiece piece) => _kinds.Contains(piece.Envelope.Content.Kind) ? AdmissionCode.Admitted : AdmissionCode.UnknownKind;
}
