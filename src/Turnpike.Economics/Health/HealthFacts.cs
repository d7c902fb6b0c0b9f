using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>A class of hardware as its owners see it.</summary>
/// <param name="Name">Such as "indoor gateway".</param>
/// <param name="Cost">What one device costs, in credits ($0.00001).</param>
/// <param name="RunningPerEpoch">What running one costs an epoch, in credits.</param>
/// <param name="Earned">What each device of the class earned in the period, in tokens.</param>
public sealed record HardwareClass(string Name, Credits Cost, Credits RunningPerEpoch, IReadOnlyList<Amount> Earned);

/// <summary>
/// What a period of epochs did, in the network's own units: all that <see cref="NetworkHealth"/> needs. The node fills it from settled epochs, the simulator from simulated
/// ones; lists hold one entry a person or device in any order.
/// </summary>
public sealed record HealthFacts
{
    /// <summary>Epochs of the period, at least one.</summary>
    public required ulong Epochs { get; init; }

    /// <summary>Epochs of a year.</summary>
    public required ulong EpochsPerYear { get; init; }

    /// <summary>Price that values tokens; null when there is none.</summary>
    public required Price? Price { get; init; }

    /// <summary>Supply at the end of the period.</summary>
    public required Amount Supply { get; init; }

    /// <summary>Minted in the period.</summary>
    public required Amount Minted { get; init; }

    /// <summary>Burned in the period.</summary>
    public required Amount Burned { get; init; }

    /// <summary>Of <see cref="Minted"/>, what contributors got.</summary>
    public required Amount Rewards { get; init; }

    /// <summary>What customers were charged, in credits.</summary>
    public required Credits Revenue { get; init; }

    /// <summary>Of <see cref="Revenue"/>, what buyers paid to themselves: payer and earning owner are one account.</summary>
    public required Credits SelfDealt { get; init; }

    /// <summary>Tokens each operator (beneficiary) earned.</summary>
    public required IReadOnlyList<UInt128> Operators { get; init; }

    /// <summary>Credits each payer was charged.</summary>
    public required IReadOnlyList<UInt128> Payers { get; init; }

    /// <summary>Tokens of each holder, or of the largest ones: what they leave of <see cref="Supply"/> counts as held by many.</summary>
    public required IReadOnlyList<UInt128> Holders { get; init; }

    /// <summary>Hardware classes; empty when the cost of hardware is not known.</summary>
    public required IReadOnlyList<HardwareClass> Hardware { get; init; }

    /// <summary>What the treasury holds, in credits.</summary>
    public Credits Treasury { get; init; }

    /// <summary>What the treasury spends an epoch, in credits.</summary>
    public Credits SpendingPerEpoch { get; init; }
}
