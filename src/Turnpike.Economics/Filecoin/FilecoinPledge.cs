using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Collateral of Filecoin sectors (builtin-actors, miner/monies.rs, with FIP-0081's blend): twenty days of expected reward, and a share of 30 % of what circulates,
/// at most one FIL per 32 GiB of quality-adjusted power. Power in bytes. Roundings as the actor's, down, but the expected reward is what the caller expects:
/// the actor's alpha-beta filter is not repeated here.
/// </summary>
public static class FilecoinPledge
{
    /// <summary>Days of expected reward in the storage part.</summary>
    public const int StorageDays = 20;

    /// <summary>Days over which three quarters of a reward vest.</summary>
    public const int VestingDays = 180;

    /// <summary>What vests; the rest is free at once.</summary>
    public static Ratio LockedShare { get; } = new(3, 4);

    private static readonly Ratio LockTarget = new(3, 10);
    private static readonly Ratio BaselineWeight = new(7, 10);

    /// <summary>Expected reward of a power over an epoch's reward.</summary>
    public static Amount ExpectedReward(Amount rewardPerEpoch, UInt128 power, UInt128 networkPower, ulong epochs) =>
        new(MulDiv.Floor(checked(rewardPerEpoch.BaseUnits * epochs), power, UInt128.Max(networkPower, 1)));

    /// <summary>The initial pledge of a power.</summary>
    public static Amount Initial(Amount rewardPerEpoch, Amount circulating, UInt128 power, UInt128 networkPower, UInt128 baseline)
    {
        var storage = ExpectedReward(rewardPerEpoch, power, networkPower, StorageDays * FilecoinMinting.EpochsPerDay);
        var target = LockTarget.FloorOf(circulating);
        var byBaseline = MulDiv.Floor(BaselineWeight.FloorOf(target).BaseUnits, power, UInt128.Max(UInt128.Max(baseline, networkPower), power));
        var byNetwork = MulDiv.Floor((target - BaselineWeight.FloorOf(target)).BaseUnits, power, UInt128.Max(networkPower, power));
        var most = MulDiv.Floor(Amount.PerToken, power, (UInt128)32 << 30);
        return Amount.Min(storage + new Amount(byBaseline + byNetwork), new Amount(most));
    }
}
