using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>One report to be agreed on.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Attempt">Vetoes of that epoch before.</param>
public readonly record struct RoundKey(ulong Epoch, uint Attempt);

/// <summary>
/// The round of one report: who committed, who showed what, and when this oracle shows its own. The protocol, in full:
/// </summary>
/// <remarks>
/// <para>
/// Why. An oracle is believed because it computed. One that copies adds nothing to the f + 1 signatures, and if many do, one liar speaks for them. So nobody may see another's report before his own is fixed.
/// </para>
/// <para>
/// States of an oracle in a round: computing -> committed -> closed. Computing: it has sent nothing. Committed: <see cref="SignOnce"/> and this file hold its report, its salt and its commitment, fsynced;
/// then the commitment may leave. Closed: it decided to show its report; that decision, too, is in the file before anything leaves. The report on chain ends the round for all ("over").
/// </para>
/// <para>
/// Who moves first: everybody, independently. Commitments are signed, so whoever has one passes it on. An oracle closes when it holds commitments of all n; or of all but f, one block after its own;
/// or of f + 1, itself included, four blocks after its own; or when the report is on chain. With fewer than f + 1 no quorum is possible, and it waits.
/// </para>
/// <para>
/// The gate: a closed book shows reveals, its own and those it was told, only to an oracle whose commitment it holds; to everybody once the round is over. So a copier must commit before it sees anything,
/// and its commitment binds it: a reveal that opens no commitment of its oracle counts for nothing. A commitment that comes when the book is closed is late: a friend could have told. Late ones count only if the
/// others make no quorum four blocks after closing: an honest oracle that was slow may be needed for f + 1, and a copier who bet on that is marked late for all to see. Once the report is on chain nothing counts any more.
/// </para>
/// <para>
/// Liveness. Suppose f + 1 honest oracles run and hear each other, the rest dead, slow or lying. Each commits; each holds f + 1 commitments; each closes at the latest four blocks after its own; each has the others'
/// commitments, so is shown their reveals. They computed from the same finalized inputs, so f + 1 digests are equal, and any of them can submit. If one was late for another, it counts four blocks later.
/// A liar cannot hold anybody up: by committing and never showing it is merely silent.
/// </para>
/// <para>
/// Safety does not rest on any of this: the contract takes f + 1 signatures of the configuration over one report, at least one of them honest. The round decides only whose signatures are collected, and who is named.
/// </para>
/// <para>
/// What a crash leaves. Before the commitment is on disk: nothing left the node; it computes again, and <see cref="SignOnce"/> insists on the same report. After: the same salt and commitment are sent
/// again. After closing: the book is closed again, so nobody who came late in between seems in time. Waiting times start anew with the process, by a clock that cannot be set back. A torn last line was never acted on.
/// A node that lost its disk commits anew with another salt: both commitments are kept, and its reveal opens one of them.
/// </para>
/// <para>
/// Lies. Every report that an oracle of the configuration signed for this round is kept, committed to or not, up to four for each oracle: two are proof of equivocation, one that is not the settled one is proof of
/// an error or a lie. They are passed on like the others, so every honest node can name the liar.
/// </para>
/// <para>Any thread may call; a call holds the book while it writes to disk.</para>
/// </remarks>
public sealed class RoundBook
{
    private const int KeptEach = 4;
    // With what the writer has, below the 128 KiB that a node reads; more comes with the next exchange.
    private const int ItemsPerMessage = 24;

    private const int MostKnown = 32 * 2 * KeptEach;

    private readonly Lock _lock = new();
    private readonly SigningDomain _domain;
    private readonly RoundFile _file;
    private readonly OracleTiming _timing;
    private readonly TimeProvider _time;
    private readonly Entry[] _entries;
    private readonly Dictionary<Bytes32, Reveal> _own = [];
    private long? _committedAt;
    private long? _closedAt;
    private long? _quorumAt;
    private int _version;

    internal RoundBook(RoundKey key, OracleSet oracles, SigningDomain domain, RoundFile file, OracleTiming timing, TimeProvider time)
    {
        (Key, Oracles, _domain, _file, _timing, _time) = (key, oracles, domain, file, timing, time);
        _entries = [.. oracles.Oracles.Select(_ => new Entry())];
        foreach (var line in file.Open()) Replay(line);
    }

    /// <summary>Which report.</summary>
    public RoundKey Key { get; }

    /// <summary>Who may sign it.</summary>
    public OracleSet Oracles { get; }

    /// <summary>Whether this oracle shows its report.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock) return _closedAt is not null;
        }
    }

    /// <summary>Whether this oracle has committed.</summary>
    public bool IsCommitted
    {
        get
        {
            lock (_lock) return _own.Count > 0;
        }
    }

    /// <summary>Grows with everything that is learned.</summary>
    public int Version
    {
        get
        {
            lock (_lock) return _version;
        }
    }

    /// <summary>Whether every oracle has shown a report.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock) return _entries.All(entry => entry.Reveals.Count > 0);
        }
    }

    /// <summary>Binds this oracle to a report that it signed. The commitment may leave when this returns; again with the same report is no change.</summary>
    public async Task CommitAsync(EpochSettlement.EpochReport report, Secp256k1Signature signature, IDigestSigner oracle, CancellationToken cancellation)
    {
        // An account that is no oracle of this configuration has nothing to commit: a gateway's, or an oracle's that is no longer one.
        if (PlaceOf(oracle.Address) < 0) return;
        var digest = _domain.Report(report);
        lock (_lock)
        {
            if (_own.ContainsKey(digest)) return;
        }
        var salt = new Bytes32(RandomNumberGenerator.GetBytes(Bytes32.Length));
        var hash = Commitment.HashOf(digest, oracle.Address, salt);
        var bound = await oracle.SignAsync(_domain.Commitment(report.ConfigDigest, report.Epoch, report.Attempt, report.InputsHash, hash), cancellation);
        var commitment = new Commitment(oracle.Address, report.ConfigDigest, report.Epoch, report.Attempt, report.InputsHash, hash, bound);
        var line = new RoundLine(Own: new OwnText(CommitmentText.Of(commitment), RevealText.Of(new Reveal(oracle.Address, report, digest, salt, signature))));
        lock (_lock)
        {
            if (_own.ContainsKey(digest)) return;
            _file.Append(line);
            Replay(line);
            _version++;
        }
    }

    /// <summary>Decides whether this oracle shows its report now; durable when it returns true.</summary>
    /// <param name="isOver">Whether the report is on chain.</param>
    public bool TryClose(bool isOver)
    {
        lock (_lock)
        {
            if (_closedAt is not null) return true;
            if (_committedAt is not { } since || !(isOver || IsEnough(_entries.Count(entry => entry.Commitments.Count > 0), _time.GetElapsedTime(since)))) return false;
            _file.Append(new RoundLine(Closed: true));
            _closedAt = _time.GetTimestamp();
            _version++;
            return true;
        }
    }

    /// <summary>What to tell an oracle: every commitment, and what it may see of the reveals.</summary>
    /// <param name="oracle">Whom.</param>
    /// <param name="known">What it says it has.</param>
    /// <param name="isOver">Whether the report is on chain.</param>
    public RoundMessage MessageTo(Address oracle, IReadOnlyCollection<string> known, bool isOver)
    {
        lock (_lock)
        {
            var place = PlaceOf(oracle);
            var shows = isOver || (_closedAt is not null && place >= 0 && _entries[place].Commitments.Count > 0);
            var commitments = _entries.SelectMany(entry => entry.Commitments).Select(seen => seen.Commitment).Where(commitment => !known.Contains(NameOf(commitment))).Take(ItemsPerMessage).Select(CommitmentText.Of).ToList();
            var reveals = shows ? _entries.SelectMany(entry => entry.Reveals).Where(IsShown).Where(reveal => !known.Contains(NameOf(reveal))).Take(ItemsPerMessage).Select(RevealText.Of).ToList() : [];
            return new RoundMessage(Known(), commitments, reveals);
        }
    }

    /// <summary>Takes what another oracle told; anything that its oracle did not sign for this round ends the reading of that message.</summary>
    /// <param name="message">What it told.</param>
    /// <param name="isOver">Whether the report is on chain.</param>
    /// <returns>Whether all of it was proper.</returns>
    public bool Take(RoundMessage message, bool isOver)
    {
        if (message.Known is null || message.Known.Count > MostKnown || message.Commitments is null || message.Reveals is null || message.Commitments.Count > ItemsPerMessage || message.Reveals.Count > ItemsPerMessage) return false;
        foreach (var text in message.Commitments)
            if (text is null || !text.TryParse(out var commitment) || !TryAdd(commitment, isOver)) return false;
        foreach (var text in message.Reveals)
            if (text is null || !text.TryParse(_domain, out var reveal) || !TryAdd(reveal)) return false;
        return true;
    }

    /// <summary>The signatures to submit with a report, as soon as there are f + 1 that count; null before.</summary>
    public OracleQuorum? QuorumFor(Bytes32 digest)
    {
        lock (_lock)
        {
            if (_closedAt is not { } closed) return null;
            var quorum = OracleQuorum.Gather(Oracles, digest, Counting(digest, countLate: false));
            if (quorum is null && _time.GetElapsedTime(closed) >= _timing.LongPatience) quorum = OracleQuorum.Gather(Oracles, digest, Counting(digest, countLate: true));
            if (quorum is not null) _quorumAt ??= _time.GetTimestamp();
            return quorum;
        }
    }

    /// <summary>Time since the quorum was there: turns are counted from then.</summary>
    public TimeSpan QuorumAge
    {
        get
        {
            lock (_lock) return _quorumAt is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>What is known of one oracle's part in the round.</summary>
    public RoundEntry EntryOf(int oracle)
    {
        lock (_lock) return new RoundEntry([.. _entries[oracle].Commitments], [.. _entries[oracle].Reveals.Where(IsShown)]);
    }

    // All; or all but f after one patience; or f + 1 after the long one.
    private bool IsEnough(int committed, TimeSpan waited) =>
        committed == _entries.Length || (committed >= _entries.Length - Oracles.Faulty && waited >= _timing.Patience) || (committed >= Oracles.Quorum && waited >= _timing.LongPatience);

    private Secp256k1Signature?[] Counting(Bytes32 digest, bool countLate) =>
        [.. _entries.Select(entry => entry.Reveals.Find(reveal => reveal.Digest == digest && entry.Opens(reveal) is { } late && (countLate || !late))?.Signature)];

    private bool TryAdd(Commitment commitment, bool isOver)
    {
        lock (_lock)
        {
            var place = PlaceOf(commitment.Oracle);
            if (place < 0 || commitment.Epoch != Key.Epoch || commitment.Attempt != Key.Attempt || commitment.ConfigDigest != Oracles.ConfigDigest) return false;
            var entry = _entries[place];
            if (entry.Commitments.Any(seen => seen.Commitment.Hash == commitment.Hash) || entry.Commitments.Count == KeptEach) return true;
            if (!commitment.IsSigned(_domain)) return false;
            var seen = new SeenText(CommitmentText.Of(commitment), isOver || _closedAt is not null);
            _file.Append(new RoundLine(Seen: seen));
            entry.Commitments.Add((commitment, seen.Late));
            _version++;
            return true;
        }
    }

    private bool TryAdd(Reveal reveal)
    {
        lock (_lock)
        {
            var place = PlaceOf(reveal.Oracle);
            var report = reveal.Report;
            if (place < 0 || report.Epoch != Key.Epoch || report.Attempt != Key.Attempt || report.ConfigDigest != Oracles.ConfigDigest) return false;
            var entry = _entries[place];
            var known = entry.Reveals.FindIndex(other => other.Digest == reveal.Digest);
            // The same signed report with another salt is of interest only if it opens a commitment, and the one at hand does not: somebody on the way may have spoiled that one.
            if (known >= 0 ? entry.Opens(entry.Reveals[known]) is not null || entry.Opens(reveal) is null : entry.Reveals.Count == KeptEach) return true;
            if (!reveal.IsSigned()) return false;
            _file.Append(new RoundLine(Shown: RevealText.Of(reveal)));
            if (known >= 0) entry.Reveals[known] = reveal;
            else entry.Reveals.Add(reveal);
            _version++;
            return true;
        }
    }

    private void Replay(RoundLine line)
    {
        if (line.Closed is not null) _closedAt = _time.GetTimestamp();
        else if (line.Seen is { } seen && seen.Commitment.TryParse(out var commitment)) _entries[PlaceOf(commitment.Oracle)].Commitments.Add((commitment, seen.Late));
        else if (line.Shown is { } shown && shown.TryParse(_domain, out var reveal))
        {
            _entries[PlaceOf(reveal.Oracle)].Reveals.RemoveAll(other => other.Digest == reveal.Digest);
            _entries[PlaceOf(reveal.Oracle)].Reveals.Add(reveal);
        }
        else if (line.Own is { } own && own.Commitment.TryParse(out var bound) && own.Reveal.TryParse(_domain, out var mine))
        {
            _own[mine.Digest] = mine;
            _committedAt ??= _time.GetTimestamp();
            _entries[PlaceOf(mine.Oracle)].Commitments.Add((bound, _closedAt is not null));
            _entries[PlaceOf(mine.Oracle)].Reveals.RemoveAll(other => other.Digest == mine.Digest);
            _entries[PlaceOf(mine.Oracle)].Reveals.Add(mine);
        }
    }

    // Until the book is closed our own report is nobody's business.
    private bool IsShown(Reveal reveal) => _closedAt is not null || !_own.TryGetValue(reveal.Digest, out var mine) || mine.Oracle != reveal.Oracle;

    private List<string> Known() => [.. _entries.SelectMany(entry => entry.Commitments).Select(seen => NameOf(seen.Commitment)), .. _entries.SelectMany(entry => entry.Reveals).Select(NameOf)];

    private int PlaceOf(Address oracle)
    {
        for (var i = 0; i < Oracles.Oracles.Count; i++)
            if (Oracles.Oracles[i] == oracle) return i;
        return -1;
    }

    private static string NameOf(Commitment commitment) => commitment.Hash.ToString();

    private static string NameOf(Reveal reveal) => "r" + reveal.CommitmentHash;

    private sealed class Entry
    {
        public List<(Commitment Commitment, bool Late)> Commitments { get; } = [];

        public List<Reveal> Reveals { get; } = [];

        public bool? Opens(Reveal reveal) => RoundEntry.Opens(Commitments, reveal);
    }
}

/// <summary>One oracle's part in a round.</summary>
/// <param name="Commitments">What it bound itself to, and whether that came late.</param>
/// <param name="Reveals">Reports that it signed.</param>
public sealed record RoundEntry(IReadOnlyList<(Commitment Commitment, bool Late)> Commitments, IReadOnlyList<Reveal> Reveals)
{
    /// <summary>Whether the commitment that a reveal opens was late; null when it opens none.</summary>
    public bool? Opens(Reveal reveal) => Opens(Commitments, reveal);

    internal static bool? Opens(IReadOnlyList<(Commitment Commitment, bool Late)> commitments, Reveal reveal)
    {
        var (hash, inputs) = (reveal.CommitmentHash, reveal.Report.InputsHash);
        bool? late = null;
        foreach (var (commitment, isLate) in commitments)
            if (commitment.Hash == hash && commitment.InputsHash == inputs) late = isLate;
        return late is null ? null : late.Value || commitments.Count(seen => seen.Commitment.InputsHash == inputs) > 1;
    }
}
