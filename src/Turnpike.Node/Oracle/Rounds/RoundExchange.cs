using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Node.Oracle.Peers;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>
/// Tells the other oracles what this one knows of the rounds, and hears what they know: each exchange carries what the other lacks, both ways. Lost, doubled or reordered messages change nothing, and
/// one peer that hangs holds up nobody else, since each has its own questions under way. After a round the last word still goes round, so that everybody knows who signed something else.
/// </summary>
public sealed partial class RoundExchange(NodeContext node, RoundBooks rounds, EpochSignatures signatures, PeerClient client, OracleTiming timing, ILogger<RoundExchange> logger) : BackgroundService
{
    // Epochs after which who has not been heard is called silent; and for which the file beside the outcome follows what is learned.
    private const ulong Exchanged = 2;
    private const ulong Published = 16;

    private readonly ConcurrentDictionary<(RoundKey Round, Address Peer), (Task Task, long At)> _asked = new();
    private readonly ConcurrentDictionary<(RoundKey Round, Address Peer), HashSet<string>> _known = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ServiceLoop.RunAsync(StepAsync, timing.Pause, node, logger, stoppingToken);
        await Task.WhenAll(_asked.Values.Select(asked => asked.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Answers another oracle's exchange.</summary>
    public PeerReply Answer(RoundKey key, Address sender, ReadOnlySpan<byte> body)
    {
        if (!PeerReply.TryRead<RoundMessage>(body, out var message)) return PeerReply.Refuse(PeerCodes.Malformed);
        if (rounds.Find(key) is not { } book) return PeerReply.Refuse(PeerCodes.NoRound);
        var isOver = rounds.IsOver(key);
        if (!book.Take(message, isOver)) return PeerReply.Refuse(PeerCodes.Malformed, "A commitment or reveal is not one that its oracle signed for this round.");
        return PeerReply.Of(book.MessageTo(sender, message.Known.ToHashSet(StringComparer.Ordinal), isOver));
    }

    /// <summary>Starts the exchanges that are due.</summary>
    public Task StepAsync(CancellationToken cancellation)
    {
        if (node.History.Block is null) return Task.CompletedTask;
        foreach (var key in Current())
        {
            if (rounds.Find(key) is not { } book) continue;
            var isOver = rounds.IsOver(key);
            if (isOver ? book.IsComplete : !book.IsCommitted) continue;
            // What is over can wait: it names, it pays nobody.
            var pause = isOver ? timing.BlockTime : timing.Pause;
            for (var i = 0; i < book.Oracles.Oracles.Count; i++)
                if (book.Oracles.Oracles[i] != client.Account) Start(book, i, pause, cancellation);
        }
        foreach (var key in Settled(Published)) signatures.Publish(key);
        Forget();
        return Task.CompletedTask;
    }

    // The report that is next, at its attempt; and the last two epochs' reports, vetoed ones included.
    private List<RoundKey> Current()
    {
        var next = node.History.Read(state => new RoundKey(state.LastClosedEpoch + 1, (uint)state.Reports.Count(report => report.Report.Epoch == state.LastClosedEpoch + 1 && report.Stage == ReportStage.Vetoed)));
        var settled = Settled(Exchanged);
        return settled.Contains(next) ? settled : [.. settled, next];
    }

    private List<RoundKey> Settled(ulong epochs) => node.History.Read(state =>
        state.Reports.Where(report => report.Report.Epoch + epochs > state.LastClosedEpoch).Select(report => new RoundKey(report.Report.Epoch, report.Report.Attempt)).ToList());

    private void Start(RoundBook book, int place, TimeSpan pause, CancellationToken cancellation)
    {
        var id = (book.Key, book.Oracles.Oracles[place]);
        if (_asked.TryGetValue(id, out var last) && (!last.Task.IsCompleted || node.Time.GetElapsedTime(last.At) < pause)) return;
        _asked[id] = (Task.Run(() => ExchangeAsync(book, place, cancellation), CancellationToken.None), node.Time.GetTimestamp());
    }

    private async Task ExchangeAsync(RoundBook book, int place, CancellationToken cancellation)
    {
        var (peer, endpoint) = (book.Oracles.Oracles[place], book.Oracles.Endpoints[place]);
        try
        {
            // What it said it had is not sent again. It may have lost it since; then its answer says so, and the next question brings it.
            var message = book.MessageTo(peer, _known.GetValueOrDefault((book.Key, peer)) ?? [], rounds.IsOver(book.Key));
            var reply = await client.AskAsync(HttpMethod.Post, peer, endpoint, PathOf(book.Key), JsonSerializer.SerializeToUtf8Bytes(message, PeerReply.Json), client.Options.AnswerLimit, cancellation);
            if (reply is not { IsGiven: true } given) return;
            if (given.TryRead<RoundMessage>(out var told) && book.Take(told, rounds.IsOver(book.Key))) _known[(book.Key, peer)] = told.Known.ToHashSet(StringComparer.Ordinal);
            else LogImproper(place, endpoint, book.Key.Epoch);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (IOException fault)
        {
            // The disk: nothing of the message was taken, the next exchange brings it again.
            LogDisk(book.Key.Epoch, fault.Message);
        }
    }

    private void Forget()
    {
        var closed = node.History.Read(state => state.LastClosedEpoch);
        foreach (var id in _asked.Keys.Where(id => id.Round.Epoch + Exchanged < closed))
        {
            _asked.TryRemove(id, out _);
            _known.TryRemove(id, out _);
        }
    }

    internal static string PathOf(RoundKey key) => $"v1/oracle/rounds/{key.Epoch}/{key.Attempt}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Oracle {Oracle} at {Endpoint} told something of epoch {Epoch} that its author did not sign.")]
    private partial void LogImproper(int oracle, string endpoint, ulong epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "What others told of epoch {Epoch} cannot be kept: {Problem}")]
    private partial void LogDisk(ulong epoch, string problem);
}
