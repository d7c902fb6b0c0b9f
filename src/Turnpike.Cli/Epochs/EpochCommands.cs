using System.CommandLine;
using Turnpike.Cli.Devices;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Node.Api;
using Turnpike.Node.Audit;
using Turnpike.Node.Mirror;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Cli.Epochs;

/// <summary>The verbs that look at what epochs decided: <c>epoch</c>, <c>why</c>, <c>audit</c>, <c>claim</c>.</summary>
internal static class EpochCommands
{
    public static Command Epoch()
    {
        var list = new Command("list", "List settled epochs.");
        var show = new Command("show", "Show an epoch: report, roots, signatures, evidence.");
        var number = new Argument<ulong>("epoch") { Description = "The epoch's number." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        foreach (var command in new[] { list, show })
        {
            command.Add(network);
            command.Add(json);
        }
        show.Add(number);
        list.WithExamples("turnpike epoch list", "turnpike epoch list --json").SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var epochs = await session.GetAsync<List<EpochView>>("v1/epochs", cancellation) ?? [];
            if (parsed.GetValue(json)) NetworkSession.WriteJson(epochs);
            else foreach (var epoch in epochs) Console.WriteLine($"{epoch.Epoch,6}  {epoch.Stage,-8} minted {epoch.Mint,-28} charged in all {epoch.CumulativeCharges,-12} {epoch.OutcomeHash}");
            return 0;
        });
        show.WithExamples("turnpike epoch show 3").SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var epoch = await session.GetAsync<EpochView>($"v1/epochs/{parsed.GetValue(number)}", cancellation) ?? throw new CommandException($"Epoch {parsed.GetValue(number)} is not settled yet. See: turnpike epoch list");
            var signatures = await session.GetAsync<EpochSignaturesView>($"v1/epochs/{epoch.Epoch}/signatures", cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { epoch, signatures = signatures?.Attempts ?? [] });
            else
            {
                foreach (var (name, value) in Lines(epoch)) Console.WriteLine($"{name,-18} {value}");
                foreach (var line in SignatureText.Lines(signatures)) Console.WriteLine(line);
            }
            return 0;
        });
        return new Command("epoch", "Look at settled epochs.") { list, show }.WithExamples("turnpike epoch list", "turnpike epoch show 3 --json");
    }

    public static Command Why()
    {
        var device = new Argument<string>("device") { Description = "A device's name here, or its id." };
        var epoch = new Argument<ulong?>("epoch") { Description = "The epoch; by default the last active one.", Arity = ArgumentArity.ZeroOrOne };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("why", "Explain what a device earned in an epoch, report by report.") { device, epoch, network, json }.WithExamples("turnpike why box1", "turnpike why 0x... 12 --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var id = new DeviceFolder(session.Folder).IdOf(parsed.GetRequiredValue(device));
            var number = parsed.GetValue(epoch) ?? (await session.GetAsync<StatusView>("v1/status", cancellation))?.LastActiveEpoch ?? 0;
            var why = await session.GetAsync<DeviceExplanation>($"v1/devices/{id}/epochs/{number}", cancellation) ?? throw new CommandException($"Epoch {number} is not settled yet. See: turnpike epoch list");
            if (parsed.GetValue(json)) NetworkSession.WriteJson(why);
            else PrintWhy(why);
            return 0;
        });
        return command;
    }

    public static Command Audit()
    {
        var epoch = new Argument<ulong?>("epoch") { Description = "One epoch; by default all of them.", Arity = ArgumentArity.ZeroOrOne };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("audit", "Recompute epochs from public data only; exit code 1 and the first difference if anything is not as published.") { epoch, network, json }
            .WithExamples("turnpike audit", "turnpike audit 12 --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var mirror = KeepingOptions.FromEnvironment(session.Node.Http, TimeProvider.System).Mirror;
            var audits = new List<EpochAudit>();
            var only = parsed.GetValue(epoch) is { } number ? number == 0 ? throw new CommandException("Epochs begin at 1.") : new EpochNumber(number) : (EpochNumber?)null;
            await foreach (var audit in new Auditor(session.Node, mirror: mirror).RunAsync(only, cancellation))
            {
                audits.Add(audit);
                if (!parsed.GetValue(json)) Console.WriteLine(audit.IsReproduced ? $"epoch {audit.Epoch}: reproduced, {audit.Records} records judged again" : $"epoch {audit.Epoch}: {audit.Difference}");
            }
            if (audits.Count == 0) throw new CommandException(only is null ? "No epoch is active yet." : $"Epoch {only} is not active.");
            if (parsed.GetValue(json)) NetworkSession.WriteJson(audits.Select(audit => new { audit.Epoch, reproduced = audit.IsReproduced, audit.Difference, audit.Records }));
            else Console.WriteLine($"audit: {audits.Count(audit => audit.IsReproduced)} of {audits.Count} epochs reproduced");
            return audits.All(audit => audit.IsReproduced) ? 0 : 1;
        });
        return command;
    }

    public static Command Claim()
    {
        var account = new Argument<string>("account") { Description = "The account's name here.", DefaultValueFactory = _ => "me" };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("claim", "Claim the tokens that the active epoch gives an account.") { account, network, json }.WithExamples("turnpike claim", "turnpike claim alice --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            await using var wallet = await session.WalletAsync(parsed.GetRequiredValue(account), cancellation);
            var claimed = await wallet.ClaimAsync(cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { account = ChecksumAddress.Format(wallet.Address), claimed = claimed.ToTokenString() });
            else Console.WriteLine(claimed == Amount.Zero ? $"{ChecksumAddress.Format(wallet.Address)} has nothing to claim now." : $"{claimed.ToTokenString()} tokens claimed for {ChecksumAddress.Format(wallet.Address)}");
            return 0;
        });
        return command;
    }

    private static IEnumerable<(string Name, string Value)> Lines(EpochView epoch) =>
    [
        ("epoch", $"{epoch.Epoch}, attempt {epoch.Attempt}, {epoch.Stage}"), ("signatures", $"{System.Numerics.BitOperations.PopCount(epoch.Signers)} (mask 0x{epoch.Signers:x})"), ("minted", epoch.Mint),
        ("rewards in all", epoch.CumulativeRewards), ("charges in all", epoch.CumulativeCharges), ("report", epoch.ReportHash), ("transaction", epoch.Transaction), ("rewards root", epoch.RewardsRoot),
        ("charges root", epoch.ChargesRoot), ("outcome", epoch.OutcomeHash), ("inputs", epoch.InputsHash), ("evidence root", epoch.EvidenceRoot), ("rules", epoch.RulesHash), ("manifests", string.Join(", ", epoch.Manifests)),
    ];

    private static void PrintWhy(DeviceExplanation why)
    {
        Console.WriteLine($"Device {why.Device}, epoch {why.Epoch}: {why.Amount} tokens for {why.Units} units, to {why.Beneficiary}.");
        if (why.Unpaid != "0") Console.WriteLine($"{why.Unpaid} more units are unpaid (207): a customer's balance or cap did not cover them.");
        if (why.Reports.Count == 0) Console.WriteLine("It sent no evidence in this epoch.");
        foreach (var verdict in why.Verdicts) Console.WriteLine($"  {verdict.Reports,6} x {verdict.Code} {verdict.Name}: {verdict.Meaning}");
        foreach (var report in why.Reports.Take(20))
            Console.WriteLine($"    {DateTimeOffset.FromUnixTimeMilliseconds(report.ReceivedAt):u}  boot {report.Boot} sequence {report.Sequence}.{report.Index}  {report.Code} {report.Verdict}{(report.Packets == 1 ? "" : $"  {report.Packets} packets")}{(report.Credits == "0" ? "" : $"  {report.Credits} credits of {report.Customer}")}");
        if (why.Reports.Count > 20) Console.WriteLine($"    ... {why.Reports.Count - 20} more with --json");
    }
}
