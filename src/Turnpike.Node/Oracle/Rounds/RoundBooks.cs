using Turnpike.Core;
using Turnpike.Ledger;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>
/// The rounds this oracle knows, each in a file of the folder. A round is opened for the epoch that is next to settle and, so that the last word on who signed what reaches everybody, for the epochs
/// before it; older ones are read only. The newest thousand stay on disk.
/// </summary>
public sealed class RoundBooks(NodeContext node, OracleTiming timing, string folder)
{
    // Peers' ledgers are a moment ahead or behind.
    private const ulong Ahead = 2;
    private const ulong Behind = 16;
    private const ulong Kept = 1_000;

    private readonly SigningDomain _domain = new(node.Deployment.ChainId, node.Deployment.Settlement);
    private readonly Lock _lock = new();
    private readonly Dictionary<RoundKey, RoundBook> _open = [];

    /// <summary>The round of a report that is due or was settled lately; null for any other.</summary>
    public RoundBook? Find(RoundKey key)
    {
        var (isDue, oracles) = node.History.Read(state =>
        {
            var number = new EpochNumber(Math.Max(key.Epoch, 1));
            // A number from outside: its bounds before any arithmetic.
            var isNear = key.Epoch > 0 && key.Epoch <= state.LastClosedEpoch + Ahead && key.Epoch > Math.Max(state.LastClosedEpoch, Behind) - Behind && key.Attempt <= Vetoes(state, key.Epoch) + 1;
            var due = isNear && node.Now >= state.Clock.EndOf(number);
            return (due, due ? state.OraclesAt(number) : null);
        });
        return isDue ? Open(key, oracles!) : null;
    }

    /// <summary>The round of a settled report, however old; null when nothing is kept of it.</summary>
    public RoundBook? Read(RoundKey key) => File.Exists(PathOf(key)) ? Open(key, node.History.Read(state => state.OraclesAt(new EpochNumber(key.Epoch)))) : null;

    /// <summary>Whether the report of a round is on chain, settled or vetoed since.</summary>
    public bool IsOver(RoundKey key) => node.History.Read(state => state.LastClosedEpoch >= key.Epoch || state.Reports.Any(report => report.Report.Epoch == key.Epoch && report.Report.Attempt >= key.Attempt));

    private static uint Vetoes(LedgerState state, ulong epoch) => (uint)state.Reports.Count(report => report.Report.Epoch == epoch && report.Stage == ReportStage.Vetoed);

    private RoundBook Open(RoundKey key, OracleSet oracles)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(key, out var book)) return book;
            Directory.CreateDirectory(folder);
            book = new RoundBook(key, oracles, _domain, new RoundFile(PathOf(key)), timing, node.Time);
            Forget(key.Epoch);
            return _open[key] = book;
        }
    }

    private void Forget(ulong newest)
    {
        foreach (var old in _open.Keys.Where(key => key.Epoch + 2 * Behind < newest).ToList()) _open.Remove(old);
        if (newest <= Kept) return;
        foreach (var path in Directory.EnumerateFiles(folder, "*.jsonl"))
            if (ulong.TryParse(Path.GetFileName(path).Split('-')[0], out var epoch) && epoch < newest - Kept) File.Delete(path);
    }

    private string PathOf(RoundKey key) => Path.Combine(folder, $"{key.Epoch}-{key.Attempt}.jsonl");
}
