using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Oracle;

/// <summary>What an oracle saw, signed for one round of the feed.</summary>
public sealed record ObservationAnswer(ulong Timestamp, string PriceUsdE8, string Signature);

/// <summary>This oracle's view of the token's price.</summary>
public sealed class PriceObserver(NodeContext node, IDigestSigner oracle, Func<CancellationToken, Task<Price>> price)
{
    private readonly SigningDomain _feed = new(node.Deployment.ChainId, node.Deployment.PriceFeed);

    /// <summary>Observes and signs for a round.</summary>
    public async Task<(ulong Timestamp, Price Price, Secp256k1Signature Signature)> ObserveAsync(ulong round, CancellationToken cancellation)
    {
        var seen = await price(cancellation);
        // A second ago, so that the block that takes it is never earlier.
        var timestamp = (ulong)(node.Now / 1000 - 1);
        var digest = _feed.Observation(CurrentOracles().ConfigDigest, round, timestamp, seen);
        node.Meters.Oracle.NoteObservation();
        return (timestamp, seen, await oracle.SignAsync(digest, cancellation));
    }

    /// <summary>The oracles of the current epoch; of the first before it begins.</summary>
    public OracleSet CurrentOracles() => node.History.Read(state => state.OraclesAt(state.Clock.TryAt(node.Now, out var epoch) ? epoch : EpochNumber.First));
}

/// <summary>
/// Keeps the price feed fresh. The oracle whose turn a round is asks all for their observations and submits the first 2f + 1 that verify; the contract takes the median, so
/// f liars cannot move it beyond what honest oracles saw. A round is due four times within the age at which credits would refuse the price.
/// </summary>
public sealed partial class PriceService(NodeContext node, PriceObserver observer, Address oracle, AccountSender account, ILogger<PriceService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly SigningDomain _feed = new(node.Deployment.ChainId, node.Deployment.PriceFeed);
    private TimeSpan? _interval;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => ServiceLoop.RunAsync(StepAsync, Pause, node, logger, stoppingToken);

    private async Task StepAsync(CancellationToken cancellation)
    {
        var interval = _interval ??= TimeSpan.FromSeconds(await node.Chain.CallAsync(node.Deployment.Credits, new Ledger.Contracts.Credits.MaxPriceAgeCall(), BlockReference.Latest, cancellation)) / 4;
        var oracles = observer.CurrentOracles();
        var last = node.History.Read(state => state.LastPrice);
        var index = oracles.Oracles.ToList().IndexOf(oracle);
        if (index < 0 || last.Round == 0) return;
        var place = (index + oracles.Oracles.Count - (int)(last.Round % (ulong)oracles.Oracles.Count)) % oracles.Oracles.Count;
        if (node.Now < (long)last.Timestamp * 1000 + interval.TotalMilliseconds + place * node.Turn.TotalMilliseconds) return;
        await SubmitAsync(oracles, last.Round + 1, cancellation);
    }

    private async Task SubmitAsync(OracleSet oracles, ulong round, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(oracles.Endpoints.Select(endpoint => AskAsync(endpoint, round, cancellation)));
        var (signers, observations, signatures) = (0u, new List<PriceFeed.Observation>(), new List<PriceFeed.Signature>());
        for (var i = 0; i < answers.Length && observations.Count < 2 * oracles.Faulty + 1; i++)
        {
            if (answers[i] is not { } answer || !IsPossible(answer) || !IsBy(oracles.Oracles[i], oracles, round, answer, out var signature)) continue;
            signers |= 1u << i;
            observations.Add(new PriceFeed.Observation(answer.Timestamp, UInt128.Parse(answer.PriceUsdE8, System.Globalization.CultureInfo.InvariantCulture)));
            var bytes = signature.ToErc2098();
            signatures.Add(new PriceFeed.Signature(new Bytes32(bytes.AsSpan(0, 32)), new Bytes32(bytes.AsSpan(32))));
        }
        if (observations.Count < 2 * oracles.Faulty + 1)
        {
            LogTooFew(round, observations.Count, 2 * oracles.Faulty + 1);
            return;
        }
        var call = new PriceFeed.SubmitCall(oracles.ConfigDigest, round, signers, observations, signatures);
        var sender = await account.GetAsync(cancellation);
        await sender.SendAsync(new TransactionIntent { Id = $"price/{round}/{observations[0].Timestamp}", To = node.Deployment.PriceFeed, Data = call.Encode() }, cancellation);
    }

    // The contract refuses a round that holds one observation out of bounds: a liar's must not come into it.
    private bool IsPossible(ObservationAnswer answer)
    {
        var (now, last) = ((ulong)(node.Now / 1000), node.History.Read(state => state.LastPrice.Timestamp));
        return answer.Timestamp > last && answer.Timestamp <= now && answer.Timestamp + 60 >= now
            && UInt128.TryParse(answer.PriceUsdE8, out var price) && price > 0 && price <= ulong.MaxValue;
    }

    private bool IsBy(Address account, OracleSet oracles, ulong round, ObservationAnswer answer, out Secp256k1Signature signature)
    {
        signature = default;
        if (!UInt128.TryParse(answer.PriceUsdE8, out var price) || !Hex.TryParse(answer.Signature, out var bytes) || !Secp256k1Signature.TryParseCompact(bytes, out signature) || !signature.IsLowS) return false;
        return Secp256k1.TryRecover(_feed.Observation(oracles.ConfigDigest, round, answer.Timestamp, new Price(price)), signature, out var key) && key.ToAddress() == account;
    }

    private async Task<ObservationAnswer?> AskAsync(string endpoint, ulong round, CancellationToken cancellation)
    {
        try
        {
            using var answer = await node.Http.GetAsync(new Uri(new Uri(endpoint), $"v1/oracle/observations/{round}"), cancellation);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<ObservationAnswer>(cancellation) : null;
        }
        // Whatever a peer answers, it must not stop us: a liar sends what no list of exceptions foresees.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogPeerSilent(endpoint, fault.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Price round {Round}: only {Observations} of the {Needed} observations needed.")]
    private partial void LogTooFew(ulong round, int observations, int needed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Oracle {Endpoint} did not answer: {Problem}")]
    private partial void LogPeerSilent(string endpoint, string problem);
}
