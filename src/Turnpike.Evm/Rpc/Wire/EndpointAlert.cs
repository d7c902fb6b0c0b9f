namespace Turnpike.Evm.Rpc;

/// <summary>What an operator should know about the endpoints of a chain. Numbers are stable; they become metric labels.</summary>
public enum EndpointAlertCode
{
    /// <summary>An endpoint fails; the others are asked for a while.</summary>
    Failing = 1,

    /// <summary>An endpoint is far behind the others and is not asked what is final.</summary>
    Lagging = 2,

    /// <summary>Two endpoints state different things about a final block: nothing is signed until they agree.</summary>
    Disagreeing = 3,

    /// <summary>An endpoint speaks for another chain; it is asked nothing more.</summary>
    WrongChain = 4,

    /// <summary>An endpoint does not know the finalized tag; a number of confirmations stands for it.</summary>
    NoFinalizedTag = 5,

    /// <summary>What was reported of an endpoint is over.</summary>
    Recovered = 6,

    /// <summary>A block that was final is not on the chain any more.</summary>
    FinalityBroken = 7,
}

/// <summary>One alert.</summary>
/// <param name="Code">Which.</param>
/// <param name="Endpoint">Host and port concerned.</param>
/// <param name="Message">What happened and what to do.</param>
public sealed record EndpointAlert(EndpointAlertCode Code, string Endpoint, string Message);
