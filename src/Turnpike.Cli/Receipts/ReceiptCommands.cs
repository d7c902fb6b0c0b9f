using System.CommandLine;
using Turnpike.Evidence;
using Turnpike.Node.Epochs;
using Turnpike.Node.Gateway;

namespace Turnpike.Cli.Receipts;

/// <summary>The verb that looks at receipts: <c>receipt check</c>.</summary>
internal static class ReceiptCommands
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "Receipts, one JSON line each, as a device's spool keeps them." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var check = new Command("check", "Judge receipts from public data: kept, not due, broken (a proof of censorship) or invalid; exit code 1 unless every promise is kept or not due.") { file, network, json }
            .WithExamples("turnpike receipt check 00000000000000000007.receipts", "turnpike receipt check broken.json --json");
        check.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var receipts = Read(parsed.GetRequiredValue(file));
            var judge = await JudgeAsync(session, cancellation);
            var findings = new List<(Receipt Receipt, ReceiptFinding Finding)>();
            foreach (var receipt in receipts) findings.Add((receipt.Receipt, await judge.JudgeAsync(receipt, cancellation)));
            if (parsed.GetValue(json)) NetworkSession.WriteJson(findings.Select(found => new { identity = found.Receipt.Identity.ToString(), gateway = found.Receipt.Gateway.ToString(), promisedEpoch = found.Receipt.PromisedEpoch.Value, verdict = found.Finding.Verdict.ToString().ToLowerInvariant(), detail = found.Finding.Detail }));
            else foreach (var (receipt, finding) in findings) Console.WriteLine($"{receipt.Identity}: {finding.Verdict.ToString().ToLowerInvariant()}: {finding.Detail}");
            return findings.All(found => found.Finding.Verdict is ReceiptVerdict.Kept or ReceiptVerdict.NotDue) ? 0 : 1;
        });
        return new Command("receipt", "Look at gateways' promises.") { check }.WithExamples("turnpike receipt check broken.json");
    }

    private static List<SignedReceipt> Read(FileInfo file)
    {
        if (!file.Exists) throw new CommandException($"There is no file {file.FullName}.");
        var receipts = new List<SignedReceipt>();
        foreach (var line in File.ReadLines(file.FullName))
            receipts.Add(ReceiptCodec.TryParse(System.Text.Encoding.UTF8.GetBytes(line + "\n"), out var receipt) ? receipt : throw new CommandException($"Line {receipts.Count + 1} of {file.FullName} is no receipt."));
        return receipts.Count > 0 ? receipts : throw new CommandException($"{file.FullName} holds no receipt.");
    }

    private static async Task<ReceiptJudge> JudgeAsync(NetworkSession session, CancellationToken cancellation)
    {
        var history = await session.LedgerAsync(cancellation);
        var head = history.Block ?? throw new CommandException("The chain has no block.");
        var ledger = history.StateAt(head.Number);
        var source = new PublishedEvidence(session.Node.Http, commit => PublishedEvidence.PlacesOf(ledger, commit));
        return new ReceiptJudge(session.Node.Deployment, ledger, (long)head.Timestamp * 1000, source);
    }
}
