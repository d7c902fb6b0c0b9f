namespace Turnpike.Node.Settings;

/// <summary>The private leg: what hotspots' agents may ask of a node that has a router.</summary>
public sealed class LegOptions
{
    /// <summary>Further URLs under which agents reach this node, such as https://leg.example.org. Default none beside the node's own URL and listen.url. A URL that agents dial and that is not here: they are refused with code 9107, since somebody might pass their connections on.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Most agents connected at once. Default 5,000; further ones are refused with code 9112. Too high, memory runs out (about 60 KiB each).</summary>
    public int MaxConnections { get; init; } = 5_000;

    /// <summary>Frames a second that one hotspot may send in the long run. Default 500: more than eight LoRa channels can carry. Beyond, code 9111: its agent keeps the frames and sends them later.</summary>
    public int FramesPerSecond { get; init; } = 500;

    /// <summary>Frames that one hotspot may send at once after a silence. Default 2,000. Too low, an outage's frames come slowly.</summary>
    public int FrameBurst { get; init; } = 2_000;

    /// <summary>Frames of one hotspot that the router may have in hand. Default 1,024; code 9110 beyond. Too low, a slow disk holds a busy hotspot up.</summary>
    public int FramesInHand { get; init; } = 1_024;

    /// <summary>Frames of all hotspots in hand. Default 50,000, about 20 MB; code 9110 beyond. Too high, a router in trouble takes the node's memory.</summary>
    public int TotalInHand { get; init; } = 50_000;

    /// <summary>Longest silence of an agent, which says something every 15 s. Default 60s; code 9102 ends the connection. Too short, slow lines break; too long, dead hotspots are taken for connected.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time to answer the challenge. Default 10s. Too long, strangers hold connections.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for what a forwarder says of a downlink. Default 5s. Too short, answers of far hotspots count as none.</summary>
    public TimeSpan DownlinkTimeout { get; init; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<string> Problems()
    {
        foreach (var url in Urls.Where(url => !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)) yield return $"leg.urls: '{url}' is no URL that begins with http:// or https://.";
        if (MaxConnections < 1) yield return $"leg.maxConnections is {MaxConnections}: at least 1.";
        if (FramesPerSecond < 1) yield return $"leg.framesPerSecond is {FramesPerSecond}: at least 1.";
        if (FrameBurst < FramesPerSecond) yield return $"leg.frameBurst is {FrameBurst}: at least leg.framesPerSecond.";
        if (FramesInHand < 1) yield return $"leg.framesInHand is {FramesInHand}: at least 1.";
        if (TotalInHand < FramesInHand) yield return $"leg.totalInHand is {TotalInHand}: at least leg.framesInHand.";
        foreach (var (name, value) in new[] { ("idleTimeout", IdleTimeout), ("handshakeTimeout", HandshakeTimeout), ("downlinkTimeout", DownlinkTimeout) })
            if (value < TimeSpan.FromSeconds(1)) yield return $"leg.{name} is {Duration.Format(value)}: at least 1s.";
    }
}
