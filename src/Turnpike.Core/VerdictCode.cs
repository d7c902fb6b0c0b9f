namespace Turnpike.Core;

/// <summary>
/// What was decided about a piece of evidence, as a number: stored, published in outcomes, used as a metric label. Numbers are stable and never reused.
/// 1xx are admission's (the gateway), 2xx are shared by all rule packs and declared here, from 300 on each module has its own range.
/// Equal and ordered by number.
/// </summary>
public sealed class VerdictCode : IEquatable<VerdictCode>, IComparable<VerdictCode>
{
    /// <summary>The codes that every rule pack shares.</summary>
    public static readonly VerdictModule Module = new("generic", 200, 299);

    /// <summary>Counted and paid.</summary>
    public static readonly VerdictCode Accepted = Module.Declare(200, "accepted", "Counted, and paid if the pool pays it.");

    /// <summary>Seen before.</summary>
    public static readonly VerdictCode Duplicate = Module.Declare(201, "duplicate", "The same signed bytes were counted before; the first copy stands.");

    /// <summary>The device's key signed two things with one sequence.</summary>
    public static readonly VerdictCode Clone = Module.Declare(202, "clone", "The device's key signed something else with the same boot and sequence; neither is paid.");

    /// <summary>Too old.</summary>
    public static readonly VerdictCode Stale = Module.Declare(203, "stale", "Older than the rules pay for: two epochs at most, or less where the pack says so.");

    /// <summary>No such device.</summary>
    public static readonly VerdictCode UnknownDevice = Module.Declare(204, "unknown-device", "The key was not in the registry at the epoch's snapshot.");

    /// <summary>A suspended device.</summary>
    public static readonly VerdictCode SuspendedDevice = Module.Declare(205, "suspended-device", "The registry showed the device as suspended at the epoch's snapshot.");

    /// <summary>Not trusted enough.</summary>
    public static readonly VerdictCode TrustTooLow = Module.Declare(206, "trust-too-low", "The piece's trust level is below the minimum that the pack pays for.");

    /// <summary>The customer's balance or cap did not cover it.</summary>
    public static readonly VerdictCode Unpaid = Module.Declare(207, "unpaid", "Delivered, but the customer's balance or the order's cap did not cover it.");

    /// <summary>The body cannot be read.</summary>
    public static readonly VerdictCode Malformed = Module.Declare(208, "malformed", "The public body is not what its evidence kind prescribes.");

    /// <summary>A kind that the pack does not read.</summary>
    public static readonly VerdictCode UnknownKind = Module.Declare(209, "unknown-kind", "The pack in force does not read this kind of evidence.");

    /// <summary>Signed or received later than can be.</summary>
    public static readonly VerdictCode FromTheFuture = Module.Declare(210, "from-the-future", "The device's time, or the gateway's time of receipt, is later than the epoch allows.");

    /// <summary>No customer's order.</summary>
    public static readonly VerdictCode NoOrder = Module.Declare(211, "no-order", "No customer had signed an order for this service and epoch.");

    /// <summary>More than the rules count.</summary>
    public static readonly VerdictCode OverQuota = Module.Declare(212, "over-quota", "More in one epoch than the pack counts for one device or place.");

    /// <summary>Buyer and provider are one.</summary>
    public static readonly VerdictCode CommonControl = Module.Declare(213, "common-control", "Buyer and provider are under common control; such demand earns no demand-linked pay.");

    internal VerdictCode(ushort number, string name, string description)
    {
        Number = number;
        Name = name;
        Description = description;
    }

    /// <summary>The number, as stored.</summary>
    public ushort Number { get; }

    /// <summary>Lowercase words joined by hyphens, as in metrics and URLs.</summary>
    public string Name { get; }

    /// <summary>One sentence for an operator.</summary>
    public string Description { get; }

    /// <inheritdoc/>
    public bool Equals(VerdictCode? other) => other is not null && Number == other.Number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerdictCode);

    /// <inheritdoc/>
    public override int GetHashCode() => Number;

    /// <inheritdoc/>
    public int CompareTo(VerdictCode? other) => other is null ? 1 : Number.CompareTo(other.Number);

    /// <summary>Such as "201 duplicate".</summary>
    public override string ToString() => DecimalText.Format(Number) + " " + Name;

    /// <summary>Same number.</summary>
    public static bool operator ==(VerdictCode? left, VerdictCode? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another number.</summary>
    public static bool operator !=(VerdictCode? left, VerdictCode? right) => !(left == right);
}
