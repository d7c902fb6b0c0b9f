using System.Text.Json;
using System.Text.Json.Serialization;

namespace Turnpike.Agent.Status;

/// <summary>Everything an operator would call about, as JSON. Times are UTC.</summary>
public sealed record AgentStatus
{
    /// <summary>Whether nothing needs doing.</summary>
    public required bool Ok { get; init; }

    /// <summary>What needs doing, the worst first.</summary>
    public required IReadOnlyList<AgentProblem> Problems { get; init; }

    /// <summary>Program and version.</summary>
    public required string Software { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The device's id.</summary>
    public required string Device { get; init; }

    /// <summary>What the node last said of the registration: registered, unknown, suspended, not a hotspot, or not asked yet.</summary>
    public required string Registration { get; init; }

    /// <summary>The network's name and id.</summary>
    public required string Network { get; init; }

    /// <summary>The network's id.</summary>
    public required string NetworkId { get; init; }

    /// <summary>Where forwarders send to.</summary>
    public required string Listen { get; init; }

    /// <summary>Packet forwarders, by gateway id.</summary>
    public required IReadOnlyList<ForwarderStatus> Forwarders { get; init; }

    /// <summary>The line to the node.</summary>
    public required LegStatusView Leg { get; init; }

    /// <summary>Frames that wait.</summary>
    public required SpoolStatus Spool { get; init; }

    /// <summary>Frames to send.</summary>
    public required DownlinkStatus Downlinks { get; init; }

    /// <summary>Usage reports; null when a router meters.</summary>
    public required ReportStatus? Reports { get; init; }

    /// <summary>What was refused or went wrong since the start, by code, newest first.</summary>
    public required IReadOnlyList<RefusalStatus> Refusals { get; init; }

    /// <summary>As JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StatusJson.Default.AgentStatus);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static AgentStatus? FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StatusJson.Default.AgentStatus);
}

/// <summary>Something that needs doing.</summary>
public sealed record AgentProblem(ushort Code, string Name, string Detail, string Advice);

/// <summary>A packet forwarder.</summary>
public sealed record ForwarderStatus(string Gateway, int Version, DateTimeOffset? LastPush, DateTimeOffset? LastPull, string? Downstream, long Frames, long BadCrc, long NoCrc, long Unreadable, long Repeated, long Sent, double? AckPercent, double? Latitude, double? Longitude);

/// <summary>The line to the node.</summary>
public sealed record LegStatusView(string Node, string State, DateTimeOffset Since, int Attempts, double? RoundTripMilliseconds, long? ClockOffsetMilliseconds, long Sent, long Taken, int InFlight, AgentProblem? LastEnd, DateTimeOffset? LastEndAt);

/// <summary>Frames that wait.</summary>
public sealed record SpoolStatus(long Frames, long Bytes, long MaximumBytes, DateTimeOffset? OldestHeardAt, long RefusedFull, long DamagedBytes);

/// <summary>Frames to send.</summary>
public sealed record DownlinkStatus(long Asked, long Sent, long InSecondWindow, long TooLate, long Refused, long Unanswered, long NoForwarder);

/// <summary>Usage reports.</summary>
public sealed record ReportStatus(int Unsigned, long Signed, int Pieces, int WithoutReceipt, long Dropped);

/// <summary>A code that was counted.</summary>
public sealed record RefusalStatus(ushort Code, string Name, long Count, DateTimeOffset LastAt, string Detail, string Advice);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(AgentStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
