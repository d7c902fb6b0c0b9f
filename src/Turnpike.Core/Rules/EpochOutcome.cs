namespace Turnpike.Core.Rules;

/// <summary>What one device earned in an epoch, and why.</summary>
/// <param name="Device">The device.</param>
/// <param name="Beneficiary">Who is paid; zero when the device is not in the registry.</param>
/// <param name="Units">Units paid for (for usage packs: credits charged).</param>
/// <param name="Unpaid">Units delivered that the customer's balance or cap did not cover.</param>
/// <param name="Amount">What the units earned.</param>
/// <param name="Verdicts">Reports by verdict, sorted by code.</param>
public sealed record DeviceLine(DeviceId Device, Address Beneficiary, UInt128 Units, UInt128 Unpaid, Amount Amount, IReadOnlyList<VerdictCount> Verdicts);

/// <summary>One pool of the emission: what it held, what it paid to devices or to its account, what rounding left.</summary>
/// <param name="Name">The pool's name in the blueprint.</param>
/// <param name="Available">Its share of the emission.</param>
/// <param name="Paid">What it paid.</param>
/// <param name="Dust">What rounding left of the paid part.</param>
/// <param name="PassedOn">What it did not pay, dust included, and gave to another pool's account.</param>
public sealed record PoolLine(string Name, Amount Available, Amount Paid, Amount Dust, Amount PassedOn);

/// <summary>A beneficiary's reward in this epoch and in all.</summary>
public readonly record struct RewardLine(Address Account, Amount Amount, Amount Cumulative);

/// <summary>A customer's charge in this epoch and in all.</summary>
public readonly record struct ChargeLine(Address Customer, UInt128 Charged, UInt128 Unpaid, UInt128 Cumulative);

/// <summary>Everything an epoch decided. Amounts over all <see cref="Rewards"/> sum to exactly <see cref="Mint"/>.</summary>
public sealed record EpochOutcome
{
    /// <summary>What is minted when the epoch becomes active.</summary>
    public required Amount Mint { get; init; }

    /// <summary>Sorted by device.</summary>
    public required IReadOnlyList<DeviceLine> Devices { get; init; }

    /// <summary>In the order of the pack's parameters.</summary>
    public required IReadOnlyList<PoolLine> Pools { get; init; }

    /// <summary>Every account ever paid, sorted by account: the reward tree's leaves.</summary>
    public required IReadOnlyList<RewardLine> Rewards { get; init; }

    /// <summary>Every customer ever charged, sorted: the charge tree's leaves.</summary>
    public required IReadOnlyList<ChargeLine> Charges { get; init; }

    /// <summary>Sorted by device, boot, sequence.</summary>
    public required IReadOnlyList<CloneFault> Clones { get; init; }

    /// <summary>What the next epoch starts from.</summary>
    public required CarryOver Carry { get; init; }
}
