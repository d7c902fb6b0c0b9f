using Turnpike.Core;
using Turnpike.Core.Allocation;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>
/// Rules whose pool follows a schedule: a dollar band (HIP-149), work and availability (Render), a mint with a share of burns (Hivemapper), levels (DIMO). They differ in how a week's
/// pool is sized; all divide it pro rata. What is re-emitted is smoothed epoch by epoch, as on chain.
/// </summary>
public sealed class PoolRules : IWeeklyRules
{
    private readonly RulesTerms _terms;
    private readonly EmissionSchedule _schedule;
    private readonly LifetimeCap? _cap;
    private readonly NetEmission _reemission;
    private Amount _smoothed;
    private Amount _minted;

    /// <summary>Rules over a schedule.</summary>
    public PoolRules(RulesTerms terms, EmissionSchedule schedule, Amount? lifetimeCap)
    {
        (_terms, _schedule, _cap) = (terms, schedule, lifetimeCap is { } cap ? new LifetimeCap(cap) : null);
        _reemission = new NetEmission(terms.ReemissionCap, terms.SmoothingEpochs);
    }

    /// <inheritdoc/>
    public WeekOutcome Settle(in WeekFacts week, ReadOnlySpan<UInt128> units)
    {
        var burned = new RevenueBurn(_terms.BurnShare).Tokens(week.Revenue, week.Price);
        var (minted, pool) = (Amount.Zero, Amount.Zero);
        var burnEach = new Amount(burned.BaseUnits / week.Epochs);
        var valueEach = new Credits(week.Revenue.Count / week.Epochs);
        for (var epoch = week.FirstEpoch; epoch < week.FirstEpoch + week.Epochs; epoch++)
        {
            var (mint, paid) = SizeEpoch(Scheduled(epoch), burnEach, valueEach, week.Price);
            (minted, pool) = (minted + mint, pool + paid);
        }
        _minted += minted;
        var allocation = ProRata.Allocate(pool, units);
        return new WeekOutcome(minted, burned, pool - allocation.Dust - allocation.Unallocated, allocation.Amounts);
    }

    private Amount Scheduled(ulong epoch)
    {
        var scheduled = _schedule.At(new EpochNumber(epoch)) + _terms.AvailabilityPerEpoch;
        return _cap is { } cap ? cap.Allow(_minted, scheduled) : scheduled;
    }

    private (Amount Minted, Amount Pool) SizeEpoch(Amount scheduled, Amount burned, Credits value, Price price)
    {
        if (_terms.RemintShare != Ratio.Zero)
        {
            var (_, reminted) = new RemintShare(_terms.RemintShare, _terms.ReemissionCap).Split(burned);
            return (scheduled + reminted, _terms.PoolShare.FloorOf(scheduled) + reminted);
        }
        (_smoothed, var reemitted) = _reemission.Advance(_smoothed, burned);
        if (_terms.Kind != RuleKind.Band) return (scheduled + reemitted, _terms.PoolShare.FloorOf(scheduled + reemitted));
        var band = Banded.Size(new BandTerms
        {
            Emission = scheduled, SmoothedBurn = _smoothed, ReemissionCap = _terms.ReemissionCap, Share = _terms.PoolShare, ServiceValue = value,
            FloorMultiple = _terms.FloorMultiple, CapMultiple = _terms.CapMultiple, FloorPrice = price, CapPrice = price,
        });
        return (scheduled + reemitted + band.TopUp, band.Paid);
    }
}
