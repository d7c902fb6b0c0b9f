using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Node.Mirror;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node;

/// <summary>What a node is to do and with which keys.</summary>
public sealed record NodeRoles
{
    /// <summary>The gateway's account; null for a node that takes no evidence.</summary>
    public IDigestSigner? Gateway { get; init; }

    /// <summary>The oracle's account; null for a node that signs nothing.</summary>
    public IDigestSigner? Oracle { get; init; }

    /// <summary>Where the oracle sees the token's price; null repeats the feed's last price, which suits a network whose token has no market.</summary>
    public Func<CancellationToken, Task<Price>>? Price { get; init; }

    /// <summary>Least level that is logged to the console.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How the node follows the chain.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long oracles wait for each other; null follows from the chain and its settings.</summary>
    public OracleTiming? Timing { get; init; }

    /// <summary>How this node talks to others.</summary>
    public PeerOptions Peers { get; init; } = new();

    /// <summary>Bytes of evidence that this oracle keeps for one gateway and epoch, and that this gateway takes in before they are certified. Default 4 GiB. A gateway whose oracles have less refuses too late: agree on it.</summary>
    public ulong EvidenceQuotaBytes { get; init; } = 4UL << 30;

    /// <summary>How long this gateway keeps evidence and where it mirrors it; null is as the environment says.</summary>
    public KeepingOptions? Keeping { get; init; }

    /// <summary>Whether sealing and settling wait until whoever started the node steps them, as a replay does, instead of running by themselves; prices are not observed then, and nothing is checked.</summary>
    public bool Stepped { get; init; }
}
