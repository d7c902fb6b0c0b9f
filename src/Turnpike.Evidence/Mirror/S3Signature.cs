using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Turnpike.Evidence;

/// <summary>AWS Signature Version 4 for S3, in headers: the path is signed as it is sent, neither normalised nor encoded again. Source: Amazon S3 API Reference, "Authenticating Requests".</summary>
public static class S3Signature
{
    /// <summary>Format of x-amz-date.</summary>
    public const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>The value of the Authorization header. Header names are lowercase and all given are signed; x-amz-date and x-amz-content-sha256 are among them.</summary>
    public static string Authorize(S3Credentials credentials, string region, string method, string path, string query, SortedDictionary<string, string> headers)
    {
        var date = headers["x-amz-date"];
        var scope = $"{date[..8]}/{region}/s3/aws4_request";
        var signed = string.Join(';', headers.Keys);
        var signature = Hmac(SigningKey(credentials.SecretKey, date[..8], region), StringToSign(date, scope, CanonicalRequest(method, path, query, headers)));
        return $"{Algorithm} Credential={credentials.AccessKey}/{scope},SignedHeaders={signed},Signature={Convert.ToHexStringLower(signature)}";
    }

    /// <summary>The canonical request; headers sorted by ordinal name, the query as sent with sorted parameters.</summary>
    public static string CanonicalRequest(string method, string path, string query, SortedDictionary<string, string> headers)
    {
        var text = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in headers) text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        return text.Append('\n').Append(string.Join(';', headers.Keys)).Append('\n').Append(headers["x-amz-content-sha256"]).ToString();
    }

    /// <summary>What the signature is over.</summary>
    public static string StringToSign(string date, string scope, string canonicalRequest) => $"{Algorithm}\n{date}\n{scope}\n{HexSha256(Encoding.UTF8.GetBytes(canonicalRequest))}";

    /// <summary>The key of a day and region.</summary>
    public static byte[] SigningKey(string secretKey, string day, string region) => Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), day), region), "s3"), "aws4_request");

    /// <summary>A path segment or query value, encoded as S3 wants it: every byte but RFC 3986's unreserved ones as %XX.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            if (Unreserved.Contains((char)octet)) escaped.Append((char)octet);
            else escaped.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        return escaped.ToString();
    }

    internal static string HexSha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
