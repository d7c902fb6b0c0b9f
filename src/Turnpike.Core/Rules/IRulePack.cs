namespace Turnpike.Core.Rules;

/// <summary>
/// Versioned pure code that turns an epoch's evidence into its outcome, in two steps, so that it runs on one core or on a hundred machines with the same bytes out.
/// A pack that a network has used is never edited: a change is a new version, activated at a future epoch.
/// </summary>
public interface IRulePack
{
    /// <summary>Name with its year, such as "usage-2026".</summary>
    string Id { get; }

    /// <summary>SHA-256 over the source of the pack and of all it calls; a test recomputes it.</summary>
    Bytes32 SourceHash { get; }

    /// <summary>Judges a shard that holds all evidence of its devices. Shards may run anywhere, in any order.</summary>
    PartialOutcome Verdicts(IReadOnlyList<EvidencePiece> shard, EpochInputs inputs);

    /// <summary>The verdict of each report of one device, in order of receipt: the answer to "why". Agrees with <see cref="Verdicts"/> report by report.</summary>
    IReadOnlyList<ReportVerdict> Explain(IReadOnlyList<EvidencePiece> shard, EpochInputs inputs);

    /// <summary>Merges the shards' verdicts into the epoch's outcome; the order of <paramref name="partials"/> does not matter.</summary>
    EpochOutcome Settle(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs);
}

/// <summary>One report within a piece of evidence and its verdict.</summary>
/// <param name="Piece">The piece that carries the report.</param>
/// <param name="Index">Position within the piece, from 0.</param>
/// <param name="Code">What the pack says of it.</param>
/// <param name="Customer">Who is charged; zero when nobody is.</param>
/// <param name="Credits">Units sold, before the customer's balance and cap.</param>
public readonly record struct ReportVerdict(EvidencePiece Piece, int Index, VerdictCode Code, Address Customer, UInt128 Credits);
