using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Oracle;

/// <summary>
/// The oracle's loop. It computes the next epoch as soon as the chain is final past its commit window, commits to it, shows it when enough others have committed (<see cref="RoundBook"/>), and settles
/// with the first f + 1 equal signatures that count. Oracles take turns in submitting, counted from when each has those signatures: each waits one turn longer than the one before, and stops when
/// it sees the report on chain. After the activation delay the report is activated in the same order of turns. Nothing depends on who does it: the contract accepts the same report from anyone.
/// </summary>
public sealed partial class OracleService(NodeContext node, OracleWork work, RoundBooks rounds, IDigestSigner oracle, AccountSender account, OracleTiming timing, ILogger<OracleService> logger) : BackgroundService
{
    private readonly LedgerCalls _calls = new(node, timing.Pause);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ServiceLoop.RunAsync(async cancellation => await StepAsync(await account.GetAsync(cancellation), cancellation), timing.Pause, node, logger, stoppingToken);

    /// <summary>Does what is due now: activates the pending report, or computes, signs, commits, shows and settles the next epoch.</summary>
    public async Task StepAsync(TransactionSender sender, CancellationToken cancellation)
    {
        if (node.History.Block is null) return;
        if (node.History.Read(state => state.Pending) is { } pending) await ActivateAsync(pending, sender, cancellation);
        else if (await work.ComputeNextAsync(cancellation) is { } signed) await SettleAsync(signed, sender, cancellation);
    }

    private async Task SettleAsync(SignedEpoch signed, TransactionSender sender, CancellationToken cancellation)
    {
        var report = signed.Computed.Report;
        var key = new RoundKey(report.Epoch, report.Attempt);
        // An account that the configuration does not name has nothing to say.
        if (rounds.Find(key) is not { } book || !book.Oracles.Oracles.Contains(oracle.Address)) return;
        await book.CommitAsync(report, signed.Signature, oracle, cancellation);
        if (!book.TryClose(rounds.IsOver(key)) || book.QuorumFor(signed.Digest) is not { } quorum || book.QuorumAge < PlaceOf(book.Oracles, report.Epoch) * timing.Turn) return;
        using var span = Telemetry.Traces.Epoch("epoch.settle", report.Epoch);
        var call = new EpochSettlement.SettleCall(report, quorum.Signers, quorum.Signatures);
        var outcome = await _calls.SendAsync($"settle/{report.Epoch}/{report.Attempt}", node.Deployment.Settlement, call.Encode(), sender, state => state.LastClosedEpoch >= report.Epoch || state.Reports.Any(known => known.Report.Epoch == report.Epoch && known.Report.Attempt >= report.Attempt), cancellation);
        LogSettled(report.Epoch, report.Attempt, outcome.State, outcome.GasUsed);
    }

    private async Task ActivateAsync(LedgerReport pending, TransactionSender sender, CancellationToken cancellation)
    {
        var epoch = pending.Report.Epoch;
        // The endpoint that answers may lag, or a reorganisation takes the block back: the ledger will say.
        if (await node.Chain.BlockAsync(BlockReference.At(pending.SettledAt), cancellation) is not { } block) return;
        var (oracles, delay) = node.History.Read(state => (state.OraclesAt(new EpochNumber(epoch)), state.ActivationDelay));
        var due = ((long)block.Timestamp + (long)delay.TotalSeconds) * 1000;
        if (node.Now < due + PlaceOf(oracles, epoch) * timing.Turn.TotalMilliseconds || (node.History.Block is { } head && (long)head.Timestamp * 1000 < due)) return;
        using var span = Telemetry.Traces.Epoch("epoch.activate", epoch);
        var call = new EpochSettlement.ActivateCall(pending.Report);
        var outcome = await _calls.SendAsync($"activate/{epoch}", node.Deployment.Settlement, call.Encode(), sender, state => state.LastClosedEpoch >= epoch || state.Pending?.Hash != pending.Hash, cancellation);
        LogActivated(epoch, new Amount(pending.Report.Mint).ToTokenString(), outcome.State, outcome.GasUsed);
    }

    // Who is first changes with the epoch. An account that is no oracle of it waits longest of all: it may submit, nobody needs it to.
    private int PlaceOf(OracleSet oracles, ulong epoch)
    {
        var count = oracles.Oracles.Count;
        for (var i = 0; i < count; i++)
            if (oracles.Oracles[i] == oracle.Address) return (i + count - (int)(epoch % (ulong)count)) % count;
        return count;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}, attempt {Attempt}: report settled ({State}, gas {Gas}).")]
    private partial void LogSettled(ulong epoch, uint attempt, TransactionState state, ulong gas);

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}: activated, {Minted} tokens minted ({State}, gas {Gas}).")]
    private partial void LogActivated(ulong epoch, string minted, TransactionState state, ulong gas);
}
