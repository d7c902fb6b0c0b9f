namespace Turnpike.Evidence;

/// <summary>A key of an object store. It comes by environment or file only and is never printed.</summary>
public sealed class S3Credentials
{
    /// <summary>The variable of the access key.</summary>
    public const string AccessKeyVariable = "TURNPIKE_S3_ACCESS_KEY";

    /// <summary>The variable of the secret key.</summary>
    public const string SecretKeyVariable = "TURNPIKE_S3_SECRET_KEY";

    /// <summary>The variable that names a file with the access key in its first line and the secret key in its second.</summary>
    public const string FileVariable = "TURNPIKE_S3_CREDENTIALS_FILE";

    /// <summary>A key.</summary>
    public S3Credentials(string accessKey, string secretKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accessKey);
        ArgumentException.ThrowIfNullOrWhiteSpace(secretKey);
        AccessKey = accessKey;
        SecretKey = secretKey;
    }

    /// <summary>The public half.</summary>
    public string AccessKey { get; }

    internal string SecretKey { get; }

    /// <summary>From the environment, or from the file that it names.</summary>
    /// <exception cref="InvalidOperationException">Neither is there; says what to set.</exception>
    public static S3Credentials FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            var lines = File.ReadAllLines(path);
            return lines.Length >= 2 ? new S3Credentials(lines[0].Trim(), lines[1].Trim()) : throw new InvalidOperationException($"The file that {FileVariable} names has no two lines: access key, secret key.");
        }
        var (access, secret) = (Environment.GetEnvironmentVariable(AccessKeyVariable), Environment.GetEnvironmentVariable(SecretKeyVariable));
        return !string.IsNullOrEmpty(access) && !string.IsNullOrEmpty(secret) ? new S3Credentials(access, secret) : throw new InvalidOperationException($"Set {AccessKeyVariable} and {SecretKeyVariable}, or {FileVariable}.");
    }
}
