using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Allocation;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>
/// Filecoin's minting day by day: what time alone mints, and what effective network time does, which stands still while raw power is below the baseline. Units are
/// quality-adjusted bytes. Gas burns are <see cref="RulesTerms.BurnShare"/> of what customers pay.
/// </summary>
public sealed class StorageRules : IWeeklyRules
{
    private const int DaysPerWeek = 7;

    // 2^60 bytes.
    private const double Exbibyte = 1_152_921_504_606_846_976;

    private readonly RulesTerms _terms;
    private readonly long _firstDay;
    private long _day;
    private BigInteger _realized;
    private Amount _mintedBefore;

    /// <summary>
    /// The baseline by which effective time is read back from realized power, as measured on the network (the reference simulator mechafil uses it too); the actor's constant is
    /// 4 % higher, since power before launch did not count.
    /// </summary>
    public static UInt128 MeasuredInitialBaseline => 2_766_213_637_444_971_000;

    /// <summary>A network that stands where its terms say.</summary>
    public StorageRules(RulesTerms terms)
    {
        _terms = terms;
        _day = _firstDay = (long)terms.Storage.Day;
        _realized = RealizedAt(terms.Storage.EffectiveDays);
        _mintedBefore = MintedAt(_day);
    }

    /// <inheritdoc/>
    public WeekOutcome Settle(in WeekFacts week, ReadOnlySpan<UInt128> units)
    {
        var power = UInt128.Zero;
        foreach (var unit in units) power += unit;
        var raw = MulDiv.Floor(power, 1_000_000, (UInt128)(ulong)(_terms.Storage.Quality * 1e6));
        var minted = Amount.Zero;
        for (var day = 0; day < DaysPerWeek; day++) minted += AdvanceDay(raw);
        var pool = _terms.PoolShare.FloorOf(minted);
        var allocation = ProRata.Allocate(pool, units);
        var burned = new RevenueBurn(_terms.BurnShare).Tokens(week.Revenue, week.Price);
        return new WeekOutcome(minted, burned, pool - allocation.Dust - allocation.Unallocated, allocation.Amounts);
    }

    /// <summary>What a day with so much raw power mints.</summary>
    public Amount AdvanceDay(UInt128 rawBytes)
    {
        _day++;
        _realized += (BigInteger)UInt128.Min(rawBytes, BaselineOn(_day)) * FilecoinMinting.EpochsPerDay;
        var minted = MintedAt(_day);
        var day = minted - _mintedBefore;
        _mintedBefore = minted;
        return day;
    }

    /// <summary>The baseline of a day: doubled every 365 days.</summary>
    public UInt128 BaselineOn(long day) => (UInt128)(_terms.Storage.BaselineEib * Exbibyte * PortableMath.Pow(2, (day - _firstDay) / 365.0));

    /// <summary>Sets what was realized so far, in byte-epochs: for histories that say it.</summary>
    internal void Realize(BigInteger byteEpochs)
    {
        _realized = byteEpochs;
        _mintedBefore = MintedAt(_day);
    }

    /// <summary>All that was minted up to now.</summary>
    internal Amount Minted => _mintedBefore;

    private Amount MintedAt(long day) => FilecoinMinting.SimpleThrough(day * FilecoinMinting.EpochsPerDay) + FilecoinMinting.BaselineThrough(BaselineClock.ThetaOf(_realized, MeasuredInitialBaseline));

    // The inverse of theta = T log2(1 + ln2 realized / (b0 T)).
    private BigInteger RealizedAt(double effectiveDays)
    {
        var years = effectiveDays / 365;
        return new BigInteger((double)MeasuredInitialBaseline * FilecoinMinting.EpochsPerYear / PortableMath.Log(2) * (PortableMath.Pow(2, years) - 1));
    }
}
