namespace Turnpike.Node.Tests.Oracles;

/// <summary>What becomes of a request on its way.</summary>
internal enum Fate
{
    /// <summary>It arrives.</summary>
    Arrives,

    /// <summary>The connection fails.</summary>
    Lost,

    /// <summary>The peer takes it and never answers.</summary>
    Hangs,

    /// <summary>The peer says that it has no such thing.</summary>
    NotFound,

    /// <summary>It arrives twice; the first answer counts.</summary>
    Twice,

    /// <summary>It arrives late, after requests that were sent later.</summary>
    Late,
}

/// <summary>The network as one node sees it: everything it asks of others, the chain included, goes through here and may be hindered.</summary>
internal sealed class PeerFaults : DelegatingHandler
{
    private static readonly Func<HttpRequestMessage, Fate> Nothing = _ => Fate.Arrives;

    public PeerFaults()
        : base(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
    }

    /// <summary>Decides what becomes of each request; may be set anew at any time.</summary>
    public Func<HttpRequestMessage, Fate> Rule { get; set; } = Nothing;

    /// <summary>How late a late request is.</summary>
    public TimeSpan Lateness { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>No faults from now on.</summary>
    public void Heal() => Rule = Nothing;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (Rule(request))
        {
            case Fate.Lost:
                throw new HttpRequestException("The connection was cut by the test.");
            case Fate.Hangs:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case Fate.NotFound:
                return new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { RequestMessage = request };
            case Fate.Twice:
                var copy = await CopyAsync(request, cancellationToken);
                var answer = await base.SendAsync(request, cancellationToken);
                (await base.SendAsync(copy, cancellationToken)).Dispose();
                return answer;
            case Fate.Late:
                await Task.Delay(Lateness, cancellationToken);
                break;
        }
        return await base.SendAsync(request, cancellationToken);
    }

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers) copy.Headers.TryAddWithoutValidation(name, values);
        if (request.Content is null) return copy;
        copy.Content = new ByteArrayContent(await request.Content.ReadAsByteArrayAsync(cancellation));
        foreach (var (name, values) in request.Content.Headers) copy.Content.Headers.TryAddWithoutValidation(name, values);
        return copy;
    }
}
