namespace Turnpike.Node.Settings;

/// <summary>Where and how a node takes requests.</summary>
public sealed class ListenOptions
{
    /// <summary>Address and port that the node binds, such as http://127.0.0.1:8600 behind a reverse proxy or https://0.0.0.0:443 without one. Default: the node's own URL in network.json. A port in use, or below 1024 without the right to it, ends the start.</summary>
    public Uri? Url { get; init; }

    /// <summary>PEM file with the certificate and its chain, for an https address. Default none. Read at the start: after a renewal restart the node. Absent for an https address, the node does not start.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with the certificate's private key. Default none. Readable by the node's user only, or anyone on the machine can pose as the node.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Addresses of reverse proxies whose X-Forwarded-For is believed. Default none. Missing, all strangers share the proxy's allowance; too wide, strangers choose whose allowance they use.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Most connections at once. Default 10,000. Too low, devices are turned away; too high, memory runs out under attack (about 20 KiB each).</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Longest time for an ordinary request. Default 30s. Too short, slow lines fail; too long, idle requests hold connections.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for a certificate, in which an oracle fetches a gateway's whole epoch, and for the download of a segment. Default 10m. Too short, large epochs are never certified.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(10);

    internal IEnumerable<string> Problems()
    {
        if (Url is { } url && url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) yield return $"listen.url is '{url}': it begins with http:// or https://.";
        if (Url?.Scheme == Uri.UriSchemeHttps && (Certificate is null || CertificateKey is null)) yield return "listen.url is https: set listen.certificate and listen.certificateKey, or listen on http behind a reverse proxy that has them.";
        foreach (var file in new[] { Certificate, CertificateKey }.OfType<string>().Where(file => !File.Exists(file))) yield return $"listen: there is no file {file}.";
        foreach (var proxy in TrustedProxies.Where(proxy => !System.Net.IPAddress.TryParse(proxy, out _))) yield return $"listen.trustedProxies: '{proxy}' is no IP address.";
        if (MaxConnections < 1) yield return $"listen.maxConnections is {MaxConnections}: at least 1.";
        if (RequestTimeout < TimeSpan.FromSeconds(1)) yield return $"listen.requestTimeout is {Duration.Format(RequestTimeout)}: at least 1s.";
        if (TransferTimeout < RequestTimeout) yield return $"listen.transferTimeout is {Duration.Format(TransferTimeout)}: at least listen.requestTimeout.";
    }
}
