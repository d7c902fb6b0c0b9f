using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Mirror;

/// <summary>How long a gateway keeps evidence, and where it mirrors it.</summary>
public sealed class KeepingOptions
{
    /// <summary>The variable of <see cref="Keep"/>, in days.</summary>
    public const string KeepVariable = "TURNPIKE_KEEP_DAYS";

    /// <summary>The variable of the object store's URL; without it nothing is mirrored.</summary>
    public const string EndpointVariable = "TURNPIKE_S3_ENDPOINT";

    /// <summary>The variable of the bucket.</summary>
    public const string BucketVariable = "TURNPIKE_S3_BUCKET";

    /// <summary>The variable of the region.</summary>
    public const string RegionVariable = "TURNPIKE_S3_REGION";

    /// <summary>Time after the end of an epoch's dispute window for which its evidence stays. Null, the default, keeps it for ever.</summary>
    public TimeSpan? Keep { get; init; }

    /// <summary>Where certified evidence is mirrored; what is not mirrored yet is not deleted. Null mirrors nothing.</summary>
    public EvidenceMirror? Mirror { get; init; }

    /// <summary>As the environment says.</summary>
    /// <exception cref="InvalidOperationException">A variable is no number or URL, or another one is missing.</exception>
    public static KeepingOptions FromEnvironment(HttpClient http, TimeProvider time)
    {
        TimeSpan? keep = null;
        if (Environment.GetEnvironmentVariable(KeepVariable) is { Length: > 0 } days)
            keep = uint.TryParse(days, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? TimeSpan.FromDays(number) : throw new InvalidOperationException($"{KeepVariable} is a number of days, not '{days}'.");
        if (Environment.GetEnvironmentVariable(EndpointVariable) is not { Length: > 0 } endpoint) return new KeepingOptions { Keep = keep };
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url)) throw new InvalidOperationException($"{EndpointVariable} is a URL, not '{endpoint}'.");
        var bucket = new S3BucketOptions
        {
            Endpoint = url,
            Bucket = Environment.GetEnvironmentVariable(BucketVariable) is { Length: > 0 } name ? name : throw new InvalidOperationException($"{EndpointVariable} is set: set {BucketVariable} too."),
            Region = Environment.GetEnvironmentVariable(RegionVariable) is { Length: > 0 } region ? region : "us-east-1",
        };
        return new KeepingOptions { Keep = keep, Mirror = new EvidenceMirror(new S3Bucket(bucket, S3Credentials.FromEnvironment(), http, time)) };
    }
}

/// <summary>
/// Mirrors certified manifests and deletes what is old enough. An epoch's evidence may go when its report is active, so that its dispute window is over, and the time to keep it has
/// passed since the epoch's end and that window; never while the mirror lacks it.
/// </summary>
public sealed partial class EvidenceKeeper(NodeContext node, EvidenceStore store, KeepingOptions options, ILogger<EvidenceKeeper> logger)
{
    /// <summary>Does what is due.</summary>
    public async Task StepAsync(ManifestBook book, CancellationToken cancellation)
    {
        if (options.Mirror is { } mirror)
            foreach (var hash in book.Certified.Values)
                if (store.TryGetManifest(hash, out var manifest) && !mirror.IsComplete(manifest)) await mirror.PutAsync(store, manifest, cancellation);
        if (OldestKept() is not { } oldest) return;
        var retired = book.Retire(oldest, manifest => options.Mirror is null || options.Mirror.IsComplete(manifest));
        if (retired > 0) LogRetired(retired, oldest.Value);
    }

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
