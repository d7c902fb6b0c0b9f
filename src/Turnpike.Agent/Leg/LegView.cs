namespace Turnpike.Agent.Leg;

/// <summary>Where the line to the node stands.</summary>
public enum LegState
{
    /// <summary>Between two attempts, or in one.</summary>
    Connecting = 0,

    /// <summary>Frames go through.</summary>
    Connected = 1,

    /// <summary>The node refused; the agent tries again later.</summary>
    Refused = 2,
}

/// <summary>The line to the node.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Since when.</param>
/// <param name="Attempts">Attempts since it was connected last.</param>
/// <param name="RoundTripMilliseconds">Of the last ping; null before one.</param>
/// <param name="ClockOffsetMilliseconds">The node's clock less this machine's; null before it is known.</param>
/// <param name="Sent">Frames sent since the start, repetitions included.</param>
/// <param name="Taken">Frames that the node took.</param>
/// <param name="InFlight">Frames sent and not taken yet.</param>
/// <param name="Last">Why the last connection or attempt ended; null while none did.</param>
/// <param name="HasBeenConnected">Whether the node let the agent in since the start.</param>
public sealed record LegView(LegState State, DateTimeOffset Since, int Attempts, double? RoundTripMilliseconds, long? ClockOffsetMilliseconds, long Sent, long Taken, int InFlight, AgentEvent? Last, bool HasBeenConnected);
