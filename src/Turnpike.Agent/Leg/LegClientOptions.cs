namespace Turnpike.Agent.Leg;

/// <summary>How the agent keeps its line to the node.</summary>
internal sealed record LegClientOptions
{
    /// <summary>First pause after a lost connection. A node that restarts is back within seconds.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause. Longer, frames wait after an outage; shorter, a node that comes up meets everybody at once.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time to connect and be let in.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two pings. The node takes 60 s of silence for the end.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Silence of the node after which the connection is given up.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(45);
}
