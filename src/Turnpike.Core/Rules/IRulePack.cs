namespace Turnpike.Core.Rules;

/// <summary>
/// Versioned pure code that turns an epoch's evidence into its outcome, in steps that run on one core or on a hundred machines with the same bytes out: replays over all
/// pieces, reports found piece by piece, verdicts shard by shard (<see cref="EvidenceDivision"/>), and one settlement. A pack that a network has used is never edited: a
/// change is a new version, activated at a future epoch.
/// </summary>
public interface IRulePack
{
    /// <summary>Name with its year, such as "usage-2026".</summary>
    string Id { get; }

    /// <summary>SHA-256 over the source of the pack and of all it calls; a test recomputes it.</summary>
    Bytes32 SourceHash { get; }

    /// <summary>Duplicates and clones among all pieces of the epoch, and the order in which pieces are judged.</summary>
    ReplayOutcome JudgeReplays(IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs);

    /// <summary>
    /// The key by which evidence is divided: adds, for each report of a piece, the rank of the registered device that it counts for, or <see cref="ReportPlace.Signer"/> for
    /// a signer that is not registered. At least one report a piece. Called on any thread.
    /// </summary>
    void FindAccounts(EvidencePiece piece, EpochInputs inputs, List<int> accounts);

    /// <summary>Judges a shard: all reports of its devices. Shards may run anywhere, in any order.</summary>
    PartialOutcome Verdicts(EvidenceShard shard, EpochInputs inputs);

    /// <summary>
    /// The verdict of each report that counts for one device, in the order of judgement: the answer to "why". Agrees with <see cref="Verdicts"/> report by report.
    /// <paramref name="pieces"/> is all evidence of the epoch.
    /// </summary>
    IReadOnlyList<ReportVerdict> Explain(DeviceId device, IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs);

    /// <summary>Merges the shards' verdicts into the epoch's outcome; the order of <paramref name="partials"/> does not matter.</summary>
    EpochOutcome Settle(IReadOnlyList<PartialOutcome> partials, EpochInputs inputs);
}

/// <summary>One report within a piece of evidence and its verdict.</summary>
/// <param name="Piece">The piece that carries the report.</param>
/// <param name="Index">Position within the piece, from 0.</param>
/// <param name="Device">The device that the report counts for: the signer, or whom a router paid for.</param>
/// <param name="Code">What the pack says of it.</param>
/// <param name="Customer">Who is charged; zero when nobody is.</param>
/// <param name="Credits">Units sold, before the customer's balance and cap.</param>
public readonly record struct ReportVerdict(EvidencePiece Piece, int Index, DeviceId Device, VerdictCode Code, Address Customer, UInt128 Credits)
{
    /// <summary>How many reports it stands for: 1, or what a tally counts.</summary>
    public ulong Reports { get; init; } = 1;
}
