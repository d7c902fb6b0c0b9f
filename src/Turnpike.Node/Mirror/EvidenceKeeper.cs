using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Mirror;

/// <summary>
/// Mirrors certified manifests and deletes what is old enough. An epoch's evidence may go when a report that counted it is active, so that its dispute window is over, and the time to keep it has
/// passed since the epoch's end and that window; never while the mirror lacks it. Mirroring has a loop of its own: a bucket that hangs or refuses holds up nothing but deletion.
/// </summary>
public sealed partial class EvidenceKeeper(NodeContext node, EvidenceStore store, KeepingOptions options, TimeSpan pause, ILogger<EvidenceKeeper> logger) : BackgroundService
{
    private const string MirrorLoop = "EvidenceMirror";
    private const string RetirementLoop = "EvidenceRetirement";

    private readonly ConcurrentDictionary<Bytes32, long> _waiting = new();
    private volatile string? _trouble;

    /// <summary>Certified manifests that the mirror lacks.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Since when the longest of them has waited, unix milliseconds; null when none does.</summary>
    public long? WaitingSince => _waiting.IsEmpty ? null : _waiting.Values.DefaultIfEmpty(node.Now).Min();

    /// <summary>Why the last attempt to mirror failed; null when it did not.</summary>
    public string? Trouble => _trouble;

    /// <summary>Notes what is to be mirrored and deletes what may go. Called by whoever has the book; never throws for the disk's or the bucket's sake.</summary>
    public void Tend(ManifestBook book)
    {
        if (options.Mirror is { } mirror)
            foreach (var hash in book.Certified.Values)
                if (!mirror.IsComplete(hash)) _waiting.TryAdd(hash, node.Now);
        try
        {
            Retire(book);
            node.Watch.Succeeded(RetirementLoop);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            node.Watch.Failed(RetirementLoop, trouble.Message);
        }
    }

    /// <summary>Puts into the mirror what waits for it. What this machine has lost is passed over and stays waiting, for a person to see.</summary>
    /// <exception cref="S3Exception">The store refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="FileNotFoundException">A segment is neither here nor there; the rest is mirrored.</exception>
    public async Task MirrorAsync(CancellationToken cancellation)
    {
        if (options.Mirror is not { } mirror) return;
        FileNotFoundException? lost = null;
        try
        {
            foreach (var (hash, _) in _waiting.OrderBy(waiting => waiting.Value))
            {
                try
                {
                    if (store.TryGetManifest(hash, out var manifest)) await mirror.PutAsync(store, manifest, cancellation);
                    _waiting.TryRemove(hash, out _);
                }
                catch (FileNotFoundException missing)
                {
                    lost ??= missing;
                }
            }
            if (lost is not null) throw lost;
            _trouble = null;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            _trouble = fault.Message;
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => ServiceLoop.RunAsync(MirrorAsync, pause, node, logger, stoppingToken, MirrorLoop);

    private void Retire(ManifestBook book)
    {
        if (OldestKept() is not { } oldest) return;
        var retired = book.Retire(oldest, manifest => options.Mirror is null || options.Mirror.IsComplete(manifest));
        if (retired > 0) LogRetired(retired, oldest.Value);
    }

    // An epoch that was declared empty has no report: its evidence counts in a later one, and may go when that is old enough.
    private EpochNumber? OldestKept()
    {
        if (options.Keep is not { } keep) return null;
        return node.History.Read(state =>
        {
            var limit = node.Now - (long)(keep + state.ActivationDelay + state.Grace).TotalMilliseconds;
            var old = state.Reports.Where(report => report.Stage == ReportStage.Active && state.Clock.EndOf(new EpochNumber(report.Report.Epoch)) < limit).Select(report => report.Report.Epoch).DefaultIfEmpty().Max();
            return old == 0 ? (EpochNumber?)null : new EpochNumber(old + 1);
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Segments} segments of epochs before {Epoch} were old enough and are deleted.")]
    private partial void LogRetired(int segments, ulong epoch);
}
