using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Oracle;

/// <summary>
/// The oracle's loop. It computes the next epoch as soon as the chain is final past its commit window, signs it, and shows the signature to whoever asks. Oracles take
/// turns in submitting: the one whose turn it is collects f + 1 equal signatures and settles; each other waits one turn longer before it does the same, and stops when
/// it sees the report on chain. After the activation delay the report is activated in the same order of turns. Nothing depends on who does it: the contract accepts
/// the same report from anyone.
/// </summary>
public sealed partial class OracleService(NodeContext node, OracleWork work, AccountSender account, ILogger<OracleService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ServiceLoop.RunAsync(async cancellation => await StepAsync(await account.GetAsync(cancellation), cancellation), Pause, node, logger, stoppingToken);

    /// <summary>Does what is due now: activates the pending report, or computes, signs and settles the next epoch.</summary>
    public async Task StepAsync(TransactionSender sender, CancellationToken cancellation)
    {
        if (node.History.Block is null) return;
        if (node.History.Read(state => state.Pending) is { } pending) await ActivateAsync(pending, sender, cancellation);
        else if (await work.ComputeNextAsync(cancellation) is { } signed) await SettleAsync(signed, sender, cancellation);
    }

    private async Task SettleAsync(SignedEpoch signed, TransactionSender sender, CancellationToken cancellation)
    {
        var report = signed.Computed.Report;
        var (oracles, clock, grace) = node.History.Read(state => (state.OraclesAt(new EpochNumber(report.Epoch)), state.Clock, state.Grace));
        var due = clock.EndOf(new EpochNumber(report.Epoch)) + (long)grace.TotalMilliseconds;
        if (!IsMyTurn(oracles, report.Epoch, due)) return;
        var answers = await Task.WhenAll(oracles.Endpoints.Select((endpoint, i) => oracles.Oracles[i] == work.Account ? Task.FromResult<Secp256k1Signature?>(signed.Signature) : AskAsync(endpoint, report.Epoch, report.Attempt, cancellation)));
        foreach (var answer in answers) if (answer is not null) node.Meters.Oracle.NoteSignature(own: false);
        if (OracleQuorum.Gather(oracles, signed.Digest, answers) is not { } quorum) return;
        using var span = Telemetry.Traces.Epoch("epoch.settle", report.Epoch);
        var call = new EpochSettlement.SettleCall(report, quorum.Signers, quorum.Signatures);
        var outcome = await sender.SendAsync(new TransactionIntent { Id = $"settle/{report.Epoch}/{report.Attempt}/{signed.Digest}", To = node.Deployment.Settlement, Data = call.Encode() }, cancellation);
        LogSettled(report.Epoch, report.Attempt, outcome.State, outcome.GasUsed);
        await WaitForAsync(state => state.Pending is not null || state.LastClosedEpoch >= report.Epoch, cancellation);
    }

    private async Task ActivateAsync(LedgerReport pending, TransactionSender sender, CancellationToken cancellation)
    {
        var epoch = pending.Report.Epoch;
        var block = await node.Chain.BlockAsync(BlockReference.At(pending.SettledAt), cancellation) ?? throw new InvalidOperationException($"The chain has no block {pending.SettledAt}.");
        var (oracles, delay) = node.History.Read(state => (state.OraclesAt(new EpochNumber(epoch)), state.ActivationDelay));
        var due = ((long)block.Timestamp + (long)delay.TotalSeconds) * 1000;
        if (!IsMyTurn(oracles, epoch, due) || (node.History.Block is { } head && (long)head.Timestamp * 1000 < due)) return;
        using var span = Telemetry.Traces.Epoch("epoch.activate", epoch);
        var call = new EpochSettlement.ActivateCall(pending.Report);
        var outcome = await sender.SendAsync(new TransactionIntent { Id = $"activate/{epoch}/{pending.Hash}", To = node.Deployment.Settlement, Data = call.Encode() }, cancellation);
        LogActivated(epoch, new Amount(pending.Report.Mint).ToTokenString(), outcome.State, outcome.GasUsed);
        await WaitForAsync(state => state.LastClosedEpoch >= epoch, cancellation);
    }

    private bool IsMyTurn(OracleSet oracles, ulong epoch, long due)
    {
        var index = oracles.Oracles.ToList().IndexOf(work.Account);
        if (index < 0) return false;
        var place = (index + oracles.Oracles.Count - (int)(epoch % (ulong)oracles.Oracles.Count)) % oracles.Oracles.Count;
        return node.Now >= due + place * (long)node.Turn.TotalMilliseconds;
    }

    private async Task<Secp256k1Signature?> AskAsync(string endpoint, ulong epoch, uint attempt, CancellationToken cancellation)
    {
        try
        {
            using var answer = await node.Http.GetAsync(new Uri(new Uri(endpoint), $"v1/oracle/signatures/{epoch}/{attempt}"), cancellation);
            if (!answer.IsSuccessStatusCode) return null;
            var body = await answer.Content.ReadFromJsonAsync<SignatureAnswer>(cancellation);
            return body is not null && Hex.TryParse(body.Signature, out var bytes) && Secp256k1Signature.TryParseCompact(bytes, out var signature) ? signature : null;
        }
        // Whatever a peer answers, it must not stop us: a liar sends what no list of exceptions foresees.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogPeerSilent(endpoint, fault.Message);
            return null;
        }
    }

    // The ledger follows the chain a moment behind the sender; acting again before it has caught up would only be refused by the contract.
    private async Task WaitForAsync(Func<LedgerState, bool> seen, CancellationToken cancellation)
    {
        for (var i = 0; i < 100 && !node.History.Read(seen); i++) await Task.Delay(Pause, node.Time, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}, attempt {Attempt}: report settled ({State}, gas {Gas}).")]
    private partial void LogSettled(ulong epoch, uint attempt, TransactionState state, ulong gas);

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}: activated, {Minted} tokens minted ({State}, gas {Gas}).")]
    private partial void LogActivated(ulong epoch, string minted, TransactionState state, ulong gas);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Oracle {Endpoint} did not answer: {Problem}")]
    private partial void LogPeerSilent(string endpoint, string problem);
}
