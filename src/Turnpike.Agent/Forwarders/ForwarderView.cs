using System.Net;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Agent.Forwarders;

/// <summary>A packet forwarder as the agent knows it.</summary>
public sealed record ForwarderView
{
    /// <summary>The gateway id that it says.</summary>
    public required Eui64 Gateway { get; init; }

    /// <summary>Version of the protocol.</summary>
    public required byte Version { get; init; }

    /// <summary>Last PUSH_DATA; null when there was none.</summary>
    public required DateTimeOffset? LastPush { get; init; }

    /// <summary>Last PULL_DATA; null when there was none.</summary>
    public required DateTimeOffset? LastPull { get; init; }

    /// <summary>Where frames to send go.</summary>
    public required IPEndPoint? Downstream { get; init; }

    /// <summary>Frames taken.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames with a wrong check sum.</summary>
    public required long BadCrc { get; init; }

    /// <summary>Frames without one.</summary>
    public required long NoCrc { get; init; }

    /// <summary>Frames that could not be read.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Receptions that came twice.</summary>
    public required long Repeated { get; init; }

    /// <summary>Frames handed to it to send and accepted.</summary>
    public required long Sent { get; init; }

    /// <summary>Its own account, the last one.</summary>
    public required GatewayStat? Stat { get; init; }
}
