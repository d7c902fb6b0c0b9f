using Turnpike.Evidence;
using Turnpike.Node.Settings;

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
    /// <exception cref="NodeConfigurationException">A variable is no number or URL, or another one is missing.</exception>
    public static KeepingOptions FromEnvironment(HttpClient http, TimeProvider time)
    {
        TimeSpan? keep = null;
        if (Environment.GetEnvironmentVariable(KeepVariable) is { Length: > 0 } days)
            keep = uint.TryParse(days, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? TimeSpan.FromDays(number) : throw Wrong($"{KeepVariable} is a number of days, not '{days}'.");
        if (Environment.GetEnvironmentVariable(EndpointVariable) is not { Length: > 0 } endpoint) return new KeepingOptions { Keep = keep };
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url)) throw Wrong($"{EndpointVariable} is a URL, not '{endpoint}'.");
        var bucket = new S3BucketOptions
        {
            Endpoint = url,
            Bucket = Environment.GetEnvironmentVariable(BucketVariable) is { Length: > 0 } name ? name : throw Wrong($"{EndpointVariable} is set: set {BucketVariable} too."),
            Region = Environment.GetEnvironmentVariable(RegionVariable) is { Length: > 0 } region ? region : "us-east-1",
        };
        return new KeepingOptions { Keep = keep, Mirror = new EvidenceMirror(new S3Bucket(bucket, Credentials(), http, time)) };
    }

    private static S3Credentials Credentials()
    {
        try
        {
            return S3Credentials.FromEnvironment();
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw Wrong(fault.Message);
        }
    }

    private static NodeConfigurationException Wrong(string problem) => new([problem]);
}
