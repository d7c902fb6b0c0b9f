using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Mirror;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Gateway;

/// <summary>
/// The gateway's part in closing an epoch. When it has ended: seal what was received, write the manifest, ask every oracle to fetch all of it and sign that it
/// holds every byte, and with the first f + 1 such signatures commit the manifest on chain, once, before the grace ends. An oracle that hangs or refuses holds up nobody: each is asked by itself, again and again.
/// A manifest that misses the cutoff is superseded: the next epoch's manifest lists its segments again. Each step is repeated until it is done; a crash between any two leaves nothing that the next start
/// does not take up.
/// </summary>
public sealed partial class EpochSealer(NodeContext node, EvidenceIntake intake, EvidenceLog log, EvidenceQuota quota, EvidenceKeeper keeper, IDigestSigner gateway, PeerClient client, OracleTiming timing, ILogger<EpochSealer> logger) : BackgroundService
{
    private readonly SigningDomain _settlement = new(node.Deployment.ChainId, node.Deployment.Settlement);
    private readonly LedgerCalls _calls = new(node, timing.Pause);
    private CertificateRound? _round;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var account = new AccountSender(node, gateway, alert => LogAlert(alert.Message));
        var book = ManifestBook.Open(log, node.Folder.Evidence, node.Deployment.NetworkId, gateway.Address);
        quota.Add(book.Waiting.Sum(segment => (long)segment.Bytes) + log.ReadOpenSegment().Sum(record => (long)record.Body.Length));
        await ServiceLoop.RunAsync(async cancellation =>
        {
            await StepAsync(book, await account.GetAsync(cancellation), cancellation);
            keeper.Tend(book);
        }, timing.Pause, node, logger, stoppingToken);
    }

    /// <summary>Does what is due now: notes manifests whose commit is final, and seals and commits the epoch whose commit window is open.</summary>
    public async Task StepAsync(ManifestBook book, TransactionSender sender, CancellationToken cancellation)
    {
        if (node.History.Block is null) return;
        await NoteCertifiedAsync(book, cancellation);
        var clock = node.History.Read(state => state.Clock);
        if (!clock.TryAt(node.Now, out var current) || current.Previous is not { IsNone: false } ended) return;
        if (node.Now >= clock.EndOf(ended) + node.History.Read(state => state.Grace.TotalMilliseconds) || IsCommitted(ended)) return;
        if (book.LastSealed > ended) return;
        await intake.TurnToAsync(current, cancellation);
        var manifest = await book.SealAsync(ended, clock.EndOf(ended), quota.ManifestBytes, cancellation);
        if (manifest.Segments.Count > 0) await CommitAsync(manifest, sender, cancellation);
    }

    private bool IsCommitted(EpochNumber epoch) => node.History.Read(state => state.CommitsOf(epoch).Any(commit => commit.Gateway == gateway.Address && commit.Epoch == epoch.Value));

    // Only once it is final: a commit that a reorganisation takes back after its window is in no epoch, and what it lists must come again in the next manifest.
    private async Task NoteCertifiedAsync(ManifestBook book, CancellationToken cancellation)
    {
        if (book.LastSealed.IsNone || book.Certified.ContainsKey(book.LastSealed) || !IsCommitted(book.LastSealed)) return;
        if (await node.Chain.BlockAsync(BlockReference.Finalized, cancellation) is not { } final) return;
        var commit = node.History.StateAt(final.Number).CommitsOf(book.LastSealed).FirstOrDefault(commit => commit.Gateway == gateway.Address && commit.Epoch == book.LastSealed.Value);
        // A commit of a manifest that this folder does not know (its disk was lost in between) is not ours to note: what waits here comes in the next manifest.
        if (commit.ManifestHash.IsZero || !book.Wrote(book.LastSealed, commit.ManifestHash)) return;
        var before = book.Waiting.Sum(segment => (long)segment.Bytes);
        book.MarkCertified(book.LastSealed, commit.ManifestHash);
        quota.Release(before - book.Waiting.Sum(segment => (long)segment.Bytes));
    }

    private async Task CommitAsync(Manifest manifest, TransactionSender sender, CancellationToken cancellation)
    {
        using var span = Telemetry.Traces.Epoch("epoch.certify", manifest.Epoch.Value);
        if (_round?.Manifest != manifest)
        {
            var oracles = node.History.Read(state => state.OraclesAt(manifest.Epoch));
            _round = new CertificateRound(manifest, oracles, _settlement.Availability(oracles.ConfigDigest, manifest.Epoch, gateway.Address, manifest.Hash(), manifest.ByteCount), client, timing);
        }
        if (await _round.AskAsync(cancellation) is not { } quorum)
        {
            node.Watch.Alerts.Happened(Operations.AlertCode.NotCertified, gateway.Address.ToString(), $"Epoch {manifest.Epoch}: {_round.Count} of the {_round.Needed} oracles needed have certified the manifest. The last refusal: {_round.Refusal ?? "none"}");
            LogNoCertificate(manifest.Epoch.Value, _round.Count, _round.Needed, _round.Refusal ?? "they have not answered yet");
            return;
        }
        var data = new EpochSettlement.CommitEvidenceCall(manifest.Epoch.Value, manifest.Hash(), manifest.ByteCount, quorum.Signers, quorum.Signatures).Encode();
        var outcome = await _calls.SendAsync($"commit/{manifest.Epoch}", node.Deployment.Settlement, data, sender, _ => IsCommitted(manifest.Epoch), cancellation);
        node.Watch.Alerts.Over(Operations.AlertCode.NotCertified, gateway.Address.ToString());
        LogCommitted(manifest.Epoch.Value, manifest.Segments.Count, manifest.ByteCount, outcome.State, outcome.GasUsed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}: manifest of {Segments} segments, {Bytes} bytes committed ({State}, gas {Gas}).")]
    private partial void LogCommitted(ulong epoch, int segments, ulong bytes, TransactionState state, ulong gas);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Epoch {Epoch}: {Signatures} of the {Needed} oracles needed have certified the manifest; asking on until the grace ends. The last refusal: {Refusal}")]
    private partial void LogNoCertificate(ulong epoch, int signatures, int needed, string refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway account: {Alert}")]
    private partial void LogAlert(string alert);
}
