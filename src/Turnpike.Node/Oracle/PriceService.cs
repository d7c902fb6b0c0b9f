using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Oracle;

/// <summary>What an oracle saw, signed for one round of the feed.</summary>
public sealed record ObservationAnswer(ulong Timestamp, string PriceUsdE8, string Signature);

/// <summary>This oracle's view of the token's price.</summary>
public sealed class PriceObserver(NodeContext node, IDigestSigner oracle, Func<CancellationToken, Task<Price>> price)
{
    private readonly SigningDomain _feed = new(node.Deployment.ChainId, node.Deployment.PriceFeed);

    /// <summary>Observes and signs for a round that the feed takes next, and for no other: nobody collects signatures for later.</summary>
    public async Task<PeerReply> AnswerAsync(ulong round, CancellationToken cancellation)
    {
        // An asker's ledger may be a block ahead of ours.
        var last = node.History.Read(state => state.LastPrice.Round);
        if (round != last + 1 && round != last + 2) return PeerReply.Refuse(PeerCodes.OtherPriceRound);
        var (timestamp, seen, signature) = await ObserveAsync(round, cancellation);
        return PeerReply.Of(new ObservationAnswer(timestamp, seen.UsdE8.ToString(System.Globalization.CultureInfo.InvariantCulture), Hex.Format(signature.ToCompact())));
    }

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
/// Keeps the price feed fresh. The oracle whose turn a round is asks all for their observations and submits 2f + 1 that verify; the contract takes the median, so f liars among them cannot move it beyond what
/// honest oracles saw. An observation that the contract would refuse, or that another signed, is left out as if its oracle were silent. Whose observations are taken first changes with the round, so that no f
/// are in every one. A round is due four times within the age at which credits would refuse the price.
/// </summary>
public sealed partial class PriceService(NodeContext node, PriceObserver observer, PeerClient client, OracleTiming timing, AccountSender account, ILogger<PriceService> logger) : BackgroundService
{
    private readonly SigningDomain _feed = new(node.Deployment.ChainId, node.Deployment.PriceFeed);
    private FeedRules? _rules;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => ServiceLoop.RunAsync(StepAsync, timing.BlockTime, node, logger, stoppingToken);

    private async Task StepAsync(CancellationToken cancellation)
    {
        var rules = _rules ??= await FeedRules.ReadAsync(node, cancellation);
        var oracles = observer.CurrentOracles();
        var last = node.History.Read(state => state.LastPrice);
        var index = oracles.Oracles.ToList().IndexOf(client.Account);
        if (index < 0 || last.Round == 0) return;
        var count = oracles.Oracles.Count;
        var place = (index + count - (int)(last.Round % (ulong)count)) % count;
        if (node.Now < (long)last.Timestamp * 1000 + rules.Interval.TotalMilliseconds + place * timing.Turn.TotalMilliseconds) return;
        await SubmitAsync(oracles, rules, last, cancellation);
    }

    private async Task SubmitAsync(OracleSet oracles, FeedRules rules, LedgerPrice last, CancellationToken cancellation)
    {
        var (round, needed) = (last.Round + 1, 2 * oracles.Faulty + 1);
        var answers = await Task.WhenAll(oracles.Oracles.Select((peer, i) => ObserveAsync(peer, oracles.Endpoints[i], round, cancellation)));
        var taken = new SortedDictionary<int, (PriceFeed.Observation Observation, PriceFeed.Signature Signature)>();
        for (var i = 0; i < answers.Length && taken.Count < needed; i++)
        {
            var place = (int)((round + (ulong)i) % (ulong)answers.Length);
            if (answers[place] is { } answer && TryTake(answer, oracles, place, rules, last, out var observation, out var signature)) taken.Add(place, (observation, signature));
        }
        if (taken.Count < needed)
        {
            LogTooFew(round, taken.Count, needed);
            return;
        }
        var signers = taken.Keys.Aggregate(0u, (mask, place) => mask | 1u << place);
        var data = new PriceFeed.SubmitCall(oracles.ConfigDigest, round, signers, [.. taken.Values.Select(one => one.Observation)], [.. taken.Values.Select(one => one.Signature)]).Encode();
        var sender = await account.GetAsync(cancellation);
        await sender.SendAsync(new TransactionIntent { Id = $"price/{round}/{Keccak256.Hash(data)}", To = node.Deployment.PriceFeed, Data = data }, cancellation);
    }

    private async Task<ObservationAnswer?> ObserveAsync(Address peer, string endpoint, ulong round, CancellationToken cancellation)
    {
        if (peer == client.Account) return (await observer.AnswerAsync(round, cancellation)).TryRead<ObservationAnswer>(out var own) ? own : null;
        var reply = await client.AskAsync(HttpMethod.Get, peer, endpoint, $"v1/oracle/observations/{round}", default, client.Options.AnswerLimit, cancellation);
        return reply is { IsGiven: true } given && given.TryRead<ObservationAnswer>(out var answer) ? answer : null;
    }

    // The contract refuses a round that holds one observation out of bounds, so that one liar could stop the price: his must not come into it.
    private bool TryTake(ObservationAnswer answer, OracleSet oracles, int place, FeedRules rules, LedgerPrice last, out PriceFeed.Observation observation, out PriceFeed.Signature signature)
    {
        (observation, signature) = (null!, null!);
        var now = (ulong)(node.Now / 1000);
        // A second less than now, as honest ones are: the block may be that much behind our clock.
        if (answer.Timestamp < last.Timestamp + rules.MinInterval || answer.Timestamp >= now || answer.Timestamp + rules.MaxObservationAge / 2 < now) return false;
        if (!UInt128.TryParse(answer.PriceUsdE8, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var price) || price == 0 || price > ulong.MaxValue) return false;
        if (!PeerStamp.TryRead(answer.Signature, out var signed) || !PeerSeal.IsBy(oracles.Oracles[place], _feed.Observation(oracles.ConfigDigest, round: last.Round + 1, answer.Timestamp, new Price(price)), signed)) return false;
        var bytes = signed.ToErc2098();
        observation = new PriceFeed.Observation(answer.Timestamp, price);
        signature = new PriceFeed.Signature(new Bytes32(bytes.AsSpan(0, Bytes32.Length)), new Bytes32(bytes.AsSpan(Bytes32.Length)));
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Price round {Round}: only {Observations} of the {Needed} observations needed.")]
    private partial void LogTooFew(ulong round, int observations, int needed);

    // Fixed at deployment.
    private sealed record FeedRules(TimeSpan Interval, ulong MinInterval, ulong MaxObservationAge)
    {
        public static async Task<FeedRules> ReadAsync(NodeContext node, CancellationToken cancellation) => new(
            TimeSpan.FromSeconds(await node.Chain.CallAsync(node.Deployment.Credits, new Ledger.Contracts.Credits.MaxPriceAgeCall(), BlockReference.Latest, cancellation)) / 4,
            await node.Chain.CallAsync(node.Deployment.PriceFeed, new PriceFeed.MinIntervalCall(), BlockReference.Latest, cancellation),
            await node.Chain.CallAsync(node.Deployment.PriceFeed, new PriceFeed.MaxObservationAgeCall(), BlockReference.Latest, cancellation));
    }
}
