using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Oracle;

namespace Turnpike.Node.Gateway;

/// <summary>
/// The gateway's part in closing an epoch. When it has ended: seal what was received, write the manifest, ask every oracle to fetch all of it and sign that it
/// holds every byte, and with f + 1 such signatures commit the manifest on chain, once, before the grace ends. A manifest that misses the cutoff is superseded: the
/// next epoch's manifest lists its segments again. Each step is repeated until it is done; a crash between any two leaves nothing that the next start does not take up.
/// </summary>
public sealed partial class EpochSealer(NodeContext node, EvidenceIntake intake, EvidenceLog log, IDigestSigner gateway, ILogger<EpochSealer> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly SigningDomain _settlement = new(node.Deployment.ChainId, node.Deployment.Settlement);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var sender = await node.StartSenderAsync(gateway, alert => LogAlert(alert.Message), stoppingToken);
        var book = ManifestBook.Open(log, node.Folder.Evidence, node.Deployment.NetworkId, gateway.Address);
        await ServiceLoop.RunAsync(cancellation => StepAsync(book, sender, cancellation), Pause, node, logger, stoppingToken);
    }

    /// <summary>Does what is due now: notes certified manifests, and seals and commits the epoch whose commit window is open.</summary>
    public async Task StepAsync(ManifestBook book, TransactionSender sender, CancellationToken cancellation)
    {
        if (node.History.Block is null) return;
        NoteCertified(book);
        var clock = node.History.Read(state => state.Clock);
        if (!clock.TryAt(node.Now, out var current) || current.Previous is not { IsNone: false } ended) return;
        if (node.Now >= clock.EndOf(ended) + node.History.Read(state => state.Grace.TotalMilliseconds) || IsCommitted(ended)) return;
        if (book.LastSealed < ended) await intake.WriteCountsAsync(cancellation);
        if (book.LastSealed > ended) return;
        var manifest = await book.SealAsync(ended, cancellation);
        if (manifest.Segments.Count > 0) await CommitAsync(manifest, sender, cancellation);
    }

    private bool IsCommitted(EpochNumber epoch) => node.History.Read(state => state.CommitsOf(epoch).Any(commit => commit.Gateway == gateway.Address && commit.Epoch == epoch.Value));

    private void NoteCertified(ManifestBook book)
    {
        if (book.LastSealed.IsNone || book.Certified.ContainsKey(book.LastSealed)) return;
        var commit = node.History.Read(state => state.CommitsOf(book.LastSealed).FirstOrDefault(commit => commit.Gateway == gateway.Address && commit.Epoch == book.LastSealed.Value));
        if (!commit.ManifestHash.IsZero) book.MarkCertified(book.LastSealed, commit.ManifestHash);
    }

    private async Task CommitAsync(Manifest manifest, TransactionSender sender, CancellationToken cancellation)
    {
        using var span = Telemetry.Traces.Epoch("epoch.certify", manifest.Epoch.Value);
        var oracles = node.History.Read(state => state.OraclesAt(manifest.Epoch));
        var request = new AvailabilityRequest(manifest.Epoch.Value, gateway.Address.ToString(), manifest.Hash().ToString(), manifest.ByteCount);
        var digest = _settlement.Availability(oracles.ConfigDigest, manifest.Epoch, gateway.Address, manifest.Hash(), manifest.ByteCount);
        var answers = await Task.WhenAll(oracles.Endpoints.Select(endpoint => AskAsync(endpoint, request, cancellation)));
        var quorum = OracleQuorum.Gather(oracles, digest, answers);
        if (quorum is null)
        {
            node.Watch.Alerts.Happened(Operations.AlertCode.NotCertified, gateway.Address.ToString(), $"Epoch {manifest.Epoch}: {answers.Count(answer => answer is not null)} of the {oracles.Quorum} oracles needed certified the manifest.");
            LogNoCertificate(manifest.Epoch.Value, answers.Count(answer => answer is not null), oracles.Quorum);
            return;
        }
        var call = new EpochSettlement.CommitEvidenceCall(manifest.Epoch.Value, manifest.Hash(), manifest.ByteCount, quorum.Signers, quorum.Signatures);
        var outcome = await sender.SendAsync(new TransactionIntent { Id = $"commit/{manifest.Epoch}/{manifest.Hash()}", To = node.Deployment.Settlement, Data = call.Encode() }, cancellation);
        node.Watch.Alerts.Over(Operations.AlertCode.NotCertified, gateway.Address.ToString());
        LogCommitted(manifest.Epoch.Value, manifest.Segments.Count, manifest.ByteCount, outcome.State, outcome.GasUsed);
    }

    private async Task<Secp256k1Signature?> AskAsync(string endpoint, AvailabilityRequest request, CancellationToken cancellation)
    {
        try
        {
            using var answer = await node.Http.PostAsJsonAsync(new Uri(new Uri(endpoint), "v1/oracle/availability"), request, cancellation);
            if (!answer.IsSuccessStatusCode) return null;
            var body = await answer.Content.ReadFromJsonAsync<SignatureAnswer>(cancellation);
            return body is not null && Hex.TryParse(body.Signature, out var bytes) && Secp256k1Signature.TryParseCompact(bytes, out var signature) ? signature : null;
        }
        // Whatever a peer answers, it must not stop us: a liar sends what no list of exceptions foresees.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogOracleSilent(endpoint, fault.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}: manifest of {Segments} segments, {Bytes} bytes committed ({State}, gas {Gas}).")]
    private partial void LogCommitted(ulong epoch, int segments, ulong bytes, TransactionState state, ulong gas);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Epoch {Epoch}: only {Signatures} of the {Needed} oracles needed certified the manifest; trying again until the grace ends.")]
    private partial void LogNoCertificate(ulong epoch, int signatures, int needed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Oracle {Endpoint} did not answer: {Problem}")]
    private partial void LogOracleSilent(string endpoint, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway account: {Alert}")]
    private partial void LogAlert(string alert);
}
