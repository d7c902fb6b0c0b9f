using Turnpike.Core;
using Turnpike.Node.Audit;

namespace Turnpike.Node.Replay;

/// <summary>Receptions refused for one reason.</summary>
/// <param name="Code">The verdict's number.</param>
/// <param name="Reason">Its name.</param>
/// <param name="Receptions">How many.</param>
public sealed record ReplayRefusal(ulong Code, string Reason, ulong Receptions);

/// <summary>What one hotspot earned over all epochs.</summary>
/// <param name="Hotspot">Its id as Helium writes it.</param>
/// <param name="Device">Its device id.</param>
/// <param name="Credits">Credits that customers were charged for its deliveries.</param>
/// <param name="Amount">Tokens.</param>
public sealed record ReplayEarnings(string Hotspot, DeviceId Device, Credits Credits, Amount Amount);

/// <summary>What a replay found; every number is summed from the published outcomes and the chain's logs.</summary>
public sealed record ReplayResult
{
    /// <summary>Receptions imported, each judged once.</summary>
    public required ulong Receptions { get; init; }

    /// <summary>Receptions that were sold.</summary>
    public required ulong Sold { get; init; }

    /// <summary>The others by reason, sorted by code.</summary>
    public required IReadOnlyList<ReplayRefusal> Refused { get; init; }

    /// <summary>Credits charged.</summary>
    public required Credits Credits { get; init; }

    /// <summary>Epochs settled and activated.</summary>
    public required ulong Epochs { get; init; }

    /// <summary>Tokens minted on activation.</summary>
    public required Amount Minted { get; init; }

    /// <summary>Every hotspot, sorted by its id (ordinal).</summary>
    public required IReadOnlyList<ReplayEarnings> Hotspots { get; init; }

    /// <summary>The audit, epoch by epoch; it ends at the first difference.</summary>
    public required IReadOnlyList<EpochAudit> Audits { get; init; }

    /// <summary>Epochs that the audit reproduced.</summary>
    public ulong Reproduced => (ulong)Audits.Count(audit => audit.IsReproduced);

    /// <summary>Whether the audit reproduced every epoch.</summary>
    public bool IsReproduced => Reproduced == Epochs;
}
