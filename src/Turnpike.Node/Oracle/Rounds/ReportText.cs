using System.Globalization;
using Turnpike.Core;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>A report as JSON, every field as the contract names it: what an oracle signed, for anyone to hash again.</summary>
public sealed record ReportText(string NetworkId, string ConfigDigest, ulong Epoch, uint Attempt, string PreviousReportHash, string InputsHash, string EvidenceRoot, string RulesHash, string OutcomeHash,
    string RewardsRoot, string CumulativeRewards, string Mint, string ChargesRoot, string CumulativeCharges)
{
    internal static ReportText Of(EpochSettlement.EpochReport report) => new(
        report.NetworkId.ToString(), report.ConfigDigest.ToString(), report.Epoch, report.Attempt, report.PreviousReportHash.ToString(), report.InputsHash.ToString(), report.EvidenceRoot.ToString(),
        report.RulesHash.ToString(), report.OutcomeHash.ToString(), report.RewardsRoot.ToString(), Text(report.CumulativeRewards), Text(report.Mint), report.ChargesRoot.ToString(), Text(report.CumulativeCharges));

    internal bool TryParse(out EpochSettlement.EpochReport report)
    {
        report = null!;
        string[] texts = [NetworkId, ConfigDigest, PreviousReportHash, InputsHash, EvidenceRoot, RulesHash, OutcomeHash, RewardsRoot, ChargesRoot];
        var words = new Bytes32[texts.Length];
        for (var i = 0; i < texts.Length; i++)
            if (!Bytes32.TryParse(texts[i] ?? "", out words[i])) return false;
        if (!TryAmount(CumulativeRewards, out var rewards) || !TryAmount(Mint, out var mint) || !TryAmount(CumulativeCharges, out var charges)) return false;
        report = new EpochSettlement.EpochReport(words[0], words[1], Epoch, Attempt, words[2], words[3], words[4], words[5], words[6], words[7], rewards, mint, words[8], charges);
        return true;
    }

    private static string Text(UInt128 value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool TryAmount(string? text, out UInt128 value) => UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
