using Turnpike.Core;

namespace Turnpike.Simulation;

/// <summary>What a week of the network hands to its rules.</summary>
/// <param name="FirstEpoch">First epoch of the week.</param>
/// <param name="Epochs">Epochs in it, at least one.</param>
/// <param name="Price">Price of a token.</param>
/// <param name="Revenue">What customers pay.</param>
/// <param name="Supply">Tokens that exist.</param>
public readonly record struct WeekFacts(ulong FirstEpoch, ulong Epochs, Price Price, Credits Revenue, Amount Supply);

/// <summary>What the rules made of it. Amounts are in the order of the contributions.</summary>
/// <param name="Minted">New tokens in all.</param>
/// <param name="Burned">Tokens destroyed in all.</param>
/// <param name="Rewards">Of what was minted or paid out, what contributors got.</param>
/// <param name="Amounts">What each contribution got.</param>
/// <param name="Refused">Whether customers could not buy, because a safety rule stopped it.</param>
public readonly record struct WeekOutcome(Amount Minted, Amount Burned, Amount Rewards, IReadOnlyList<Amount> Amounts, bool Refused = false);

/// <summary>
/// A network's rules over a week, in integers, with whatever state they keep. Each implementation only calls the library: Turnpike.Economics, the allocation of Turnpike.Core,
/// and for usage-2026 the rule pack that oracles and auditors run. Not safe for several threads.
/// </summary>
public interface IWeeklyRules
{
    /// <summary>Settles a week over contributions in the pool's units.</summary>
    WeekOutcome Settle(in WeekFacts week, ReadOnlySpan<UInt128> units);
}
