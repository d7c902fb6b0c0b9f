using System.Text.Json;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>A report that an oracle signed: proof, to whoever hashes the report again.</summary>
/// <param name="Digest">EIP-712 digest.</param>
/// <param name="Signature">65 bytes.</param>
/// <param name="Report">The report, where it is not the settled one.</param>
public sealed record SignedReportView(string Digest, string Signature, ReportText? Report);

/// <summary>One oracle's part in an epoch's report.</summary>
/// <param name="Oracle">Its number in the configuration.</param>
/// <param name="Account">Its account.</param>
/// <param name="Endpoint">Its URL.</param>
/// <param name="Status">agreed, late, uncommitted, other-inputs, silent, differs or equivocates; see <see cref="EpochSignatures"/>.</param>
/// <param name="Committed">Whether it bound itself.</param>
/// <param name="Submitted">Whether its signature is in the transaction.</param>
/// <param name="Signed">What it signed, as far as this node was shown.</param>
public sealed record OracleSignatureView(int Oracle, string Account, string Endpoint, string Status, bool Committed, bool Submitted, IReadOnlyList<SignedReportView> Signed)
{
    /// <summary>Whether there is proof against it.</summary>
    public bool IsLiar => Status is "differs" or "equivocates";
}

/// <summary>Who signed what of one attempt.</summary>
/// <param name="Attempt">Vetoes before.</param>
/// <param name="Stage">pending, active or vetoed.</param>
/// <param name="ReportHash">The settled digest.</param>
/// <param name="InputsHash">What it was computed from.</param>
/// <param name="Needed">f + 1.</param>
/// <param name="Oracles">In the order of the configuration.</param>
public sealed record AttemptSignaturesView(uint Attempt, string Stage, string ReportHash, string InputsHash, int Needed, IReadOnlyList<OracleSignatureView> Oracles);

/// <summary>Who signed what of an epoch.</summary>
public sealed record EpochSignaturesView(ulong Epoch, IReadOnlyList<AttemptSignaturesView> Attempts);

/// <summary>
/// Names who agreed and who did not, from the reports that oracles signed:
/// agreed (the settled report, or its signature is in the transaction), late (the settled report, but committed to it when others showed theirs), uncommitted (the settled report, without a commitment: it may be
/// copied), other-inputs (a report from other inputs: its chain was another), silent (nothing), differs (another report from the same inputs: an error or a lie), equivocates (two different reports from the same inputs).
/// It is not part of the outcome, since nodes may have been shown different things; each publishes what it knows, with the proof.
/// </summary>
public sealed partial class EpochSignatures(NodeContext node, RoundBooks rounds, EpochArchive archive, ILogger<EpochSignatures> logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly HashSet<(RoundKey, int)> _named = [];
    private readonly Dictionary<RoundKey, int> _published = [];

    /// <summary>Who signed what of an epoch; null while no report of it is on chain.</summary>
    public EpochSignaturesView? Of(ulong epoch)
    {
        var settled = node.History.Read(state => state.Reports.Where(report => report.Report.Epoch == epoch).ToList());
        return settled.Count == 0 ? null : new EpochSignaturesView(epoch, [.. settled.Select(Of)]);
    }

    /// <summary>Writes what is known of a round beside the epoch's outcome, and alerts of every liar once. Of a vetoed report nobody knows yet who was right.</summary>
    public void Publish(RoundKey key)
    {
        var version = rounds.Read(key)?.Version ?? 0;
        lock (_named)
        {
            if (_published.TryGetValue(key, out var known) && known == version && archive.HasSignatures(new EpochNumber(key.Epoch))) return;
            foreach (var old in _published.Keys.Where(other => other.Epoch + 64 < key.Epoch).ToList()) _published.Remove(old);
        }
        if (Of(key.Epoch) is not { } view) return;
        foreach (var oracle in view.Attempts.Where(attempt => attempt.Attempt == key.Attempt && attempt.Stage != "vetoed").SelectMany(attempt => attempt.Oracles).Where(oracle => oracle.IsLiar))
        {
            lock (_named)
            {
                if (!_named.Add((key, oracle.Oracle))) continue;
            }
            node.Meters.Oracle.NoteDisagreement(oracle.Account);
            node.Watch.Alerts.Happened(Operations.AlertCode.OracleDiffers, oracle.Account, $"Oracle {oracle.Account} at {oracle.Endpoint} {oracle.Status}: it signed another report of epoch {key.Epoch} from the same inputs.");
            LogLiar(oracle.Oracle, oracle.Account, oracle.Endpoint, key.Epoch, key.Attempt, oracle.Status, string.Join(", ", oracle.Signed.Select(signed => signed.Digest)));
        }
        if (!archive.Has(new EpochNumber(key.Epoch))) return;
        try
        {
            archive.WriteSignatures(new EpochNumber(key.Epoch), [.. JsonSerializer.SerializeToUtf8Bytes(view, Json), (byte)'\n']);
            lock (_named) _published[key] = version;
        }
        catch (IOException fault)
        {
            // The disk: the next look writes it. The round itself must not wait for it.
            LogUnwritten(key.Epoch, fault.Message);
        }
    }

    private AttemptSignaturesView Of(LedgerReport settled)
    {
        var report = settled.Report;
        var oracles = node.History.Read(state => state.OraclesAt(new EpochNumber(report.Epoch)));
        var book = rounds.Read(new RoundKey(report.Epoch, report.Attempt));
        var views = oracles.Oracles.Select((account, i) => Of(settled, i, account, oracles.Endpoints[i], book?.EntryOf(i) ?? new RoundEntry([], [])));
        return new AttemptSignaturesView(report.Attempt, settled.Stage.ToString().ToLowerInvariant(), settled.Hash.ToString(), report.InputsHash.ToString(), oracles.Quorum, [.. views]);
    }

    private static OracleSignatureView Of(LedgerReport settled, int oracle, Address account, string endpoint, RoundEntry entry)
    {
        var submitted = (settled.Signers >> oracle & 1) != 0;
        var signed = entry.Reveals.Select(reveal => new SignedReportView(reveal.Digest.ToString(), Hex.Format(reveal.Signature.ToCompact()), reveal.Digest == settled.Hash ? null : ReportText.Of(reveal.Report))).ToList();
        return new OracleSignatureView(oracle, account.ToString(), endpoint, StatusOf(settled, submitted, entry), entry.Commitments.Count > 0, submitted, signed);
    }

    private static string StatusOf(LedgerReport settled, bool submitted, RoundEntry entry)
    {
        // The same configuration, epoch and attempt by the round; the same inputs here: those four decide the report.
        var same = entry.Reveals.Where(reveal => reveal.Report.InputsHash == settled.Report.InputsHash).ToList();
        var twice = entry.Reveals.GroupBy(reveal => reveal.Report.InputsHash).Any(group => group.Count() > 1);
        if (twice || (submitted && same.Exists(reveal => reveal.Digest != settled.Hash))) return "equivocates";
        if (same.Exists(reveal => reveal.Digest != settled.Hash)) return "differs";
        if (submitted) return "agreed";
        if (same.Count > 0) return entry.Opens(same[0]) is { } late ? late ? "late" : "agreed" : "uncommitted";
        return entry.Reveals.Count > 0 ? "other-inputs" : "silent";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who signed what of epoch {Epoch} cannot be written: {Problem}")]
    private partial void LogUnwritten(ulong epoch, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "ALERT: oracle {Oracle} ({Account}, {Endpoint}) {Status}: for epoch {Epoch}, attempt {Attempt}, it signed {Digests} from the same inputs as the settled report. The proof is kept; tell the network's governance.")]
    private partial void LogLiar(int oracle, string account, string endpoint, ulong epoch, uint attempt, string status, string digests);
}
