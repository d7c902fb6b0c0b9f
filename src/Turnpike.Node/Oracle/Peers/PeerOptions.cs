namespace Turnpike.Node.Oracle.Peers;

/// <summary>How nodes talk to each other.</summary>
public sealed record PeerOptions
{
    /// <summary>How far a request's time may be from this node's clock, either way. Default 30 s. Shorter refuses honest peers whose clocks differ, longer remembers more requests.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests that one sender may make each second in the long run. Default 20.</summary>
    public int RequestsPerSecond { get; init; } = 20;

    /// <summary>Requests that one sender may make at once. Default 100.</summary>
    public int Burst { get; init; } = 100;

    /// <summary>How long a peer may take to answer. Default 5 s; it is silent after that, and asked again.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an oracle may take to fetch and prove a manifest's evidence before the gateway asks again. Default 10 minutes.</summary>
    public TimeSpan CertificateLimit { get; init; } = TimeSpan.FromMinutes(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Freshness, TimeSpan.Zero, nameof(Freshness));
        ArgumentOutOfRangeException.ThrowIfLessThan(RequestsPerSecond, 1, nameof(RequestsPerSecond));
        ArgumentOutOfRangeException.ThrowIfLessThan(Burst, 1, nameof(Burst));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerLimit, TimeSpan.Zero, nameof(AnswerLimit));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CertificateLimit, TimeSpan.Zero, nameof(CertificateLimit));
    }
}
