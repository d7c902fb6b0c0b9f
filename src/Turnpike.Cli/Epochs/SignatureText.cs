using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Cli.Epochs;

/// <summary>Who signed what of an epoch, for people.</summary>
internal static class SignatureText
{
    /// <summary>A table of oracles for each attempt, and below it the proof against whoever signed something else.</summary>
    public static IEnumerable<string> Lines(EpochSignaturesView? view)
    {
        foreach (var attempt in view?.Attempts ?? [])
        {
            yield return "";
            yield return $"oracles, attempt {attempt.Attempt} ({attempt.Stage}, {attempt.Needed} signatures needed)";
            foreach (var oracle in attempt.Oracles) yield return $"  {oracle.Oracle,2}  {oracle.Account}  {oracle.Status,-12} {Meaning(oracle, attempt)}";
            foreach (var oracle in attempt.Oracles.Where(oracle => oracle.IsLiar))
            {
                yield return $"  Proof against oracle {oracle.Oracle} at {oracle.Endpoint}; the settled report is {attempt.ReportHash}:";
                foreach (var signed in oracle.Signed) yield return $"    signed {signed.Digest}{Amounts(signed)}, signature {signed.Signature}";
            }
        }
    }

    private static string Meaning(OracleSignatureView oracle, AttemptSignaturesView attempt) => oracle.Status switch
    {
        "agreed" => oracle.Submitted ? "the settled report; its signature is in the transaction" : "the settled report",
        "late" => "the settled report, but committed to it after others had shown theirs",
        "uncommitted" => "the settled report, without a commitment: it counts for nothing",
        "other-inputs" => "a report from other inputs: it saw another chain",
        "silent" => oracle.Committed ? "committed, but showed nothing" : "nothing",
        "equivocates" => "two different reports from the same inputs",
        _ => attempt.Stage == "vetoed" ? "another report than the vetoed one" : "another report from the same inputs: an error or a lie",
    };

    private static string Amounts(SignedReportView signed) => signed.Report is { } report ? $" (mint {report.Mint}, rewards root {report.RewardsRoot[..18]}..., outcome {report.OutcomeHash[..18]}...)" : " (the settled report)";
}
