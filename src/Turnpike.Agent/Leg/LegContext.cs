using Turnpike.Agent.Forwarders;
using Turnpike.Agent.Spool;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent.Leg;

/// <summary>What every connection to the node works with.</summary>
internal sealed class LegContext
{
    public required Uri Node { get; init; }

    public required Bytes32 Network { get; init; }

    public required IDeviceKey Key { get; init; }

    public required FrameSpool Spool { get; init; }

    public required DownlinkDesk Downlinks { get; init; }

    public required AgentCounts Counts { get; init; }

    public required LegStatus Status { get; init; }

    public required LegClientOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required string Software { get; init; }

    /// <summary>Told of frames that the node took, in order.</summary>
    public required Action<IReadOnlyList<SequencedFrame>> OnTaken { get; init; }

    /// <summary>Who vouches for the node in place of this machine's; null for those.</summary>
    public NodeTrust? Trust { get; init; }

    /// <summary>Set when there may be something to send.</summary>
    public WakeUp Signal { get; } = new();

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
