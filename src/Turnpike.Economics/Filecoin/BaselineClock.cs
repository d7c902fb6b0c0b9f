using System.Globalization;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// The reward actor's state from epoch to epoch (builtin-actors, reward/state.rs). An epoch adds min(baseline, raw power) to what was realized; while that exceeds the
/// sum of baselines at effective time, effective time advances. Bytes; not safe for several threads.
/// </summary>
public sealed class BaselineClock
{
    // 2^128 * (2^(1 / 1,051,200) - 1): the part of the yearly doubling's factor above one.
    private static readonly UInt128 GrowthLessOne = UInt128.Parse("224377702615002589582494545262197", NumberStyles.None, CultureInfo.InvariantCulture);

    private UInt128 _baseline;
    private UInt128 _effectiveBaseline;
    private UInt128 _realized;
    private UInt128 _baselines;
    private ulong _effectiveTime;

    /// <summary>A clock before epoch 0.</summary>
    /// <param name="initialBaseline">Baseline of epoch 0 in bytes.</param>
    public BaselineClock(UInt128 initialBaseline)
    {
        // One step before epoch 0, as the actor is constructed.
        _baseline = (UInt128)(((((BigInteger)initialBaseline) << 256) / (Q128.One + GrowthLessOne)) >> 128);
        _effectiveBaseline = initialBaseline;
    }

    /// <summary>2.88888888 * 10^18 bytes, Filecoin's baseline at launch.</summary>
    public static UInt128 FilecoinInitial => 2_888_888_880_000_000_000;

    /// <summary>Epochs taken, so the number of the next one.</summary>
    public long Epochs { get; private set; }

    /// <summary>The last epoch's baseline, bytes.</summary>
    public UInt128 Baseline => _baseline;

    /// <summary>Effective network time in epochs, Q.128.</summary>
    public BigInteger Theta => _effectiveTime == 0 ? BigInteger.Zero : ((BigInteger)_effectiveTime << Q128.Bits) - (((BigInteger)(_baselines - _realized) << Q128.Bits) / _effectiveBaseline);

    /// <summary>Takes one epoch with so much raw power.</summary>
    public void Advance(UInt128 rawPower)
    {
        _baseline = Grown(_baseline);
        _realized += UInt128.Min(_baseline, rawPower);
        while (_realized > _baselines)
        {
            _effectiveTime++;
            _effectiveBaseline = Grown(_effectiveBaseline);
            _baselines += _effectiveBaseline;
        }
        Epochs++;
    }

    /// <summary>Takes one epoch and says its reward.</summary>
    public Amount AdvanceWithReward(UInt128 rawPower)
    {
        var before = Theta;
        Advance(rawPower);
        return FilecoinMinting.Reward(Epochs - 1, before, Theta);
    }

    /// <summary>
    /// Effective time after so many byte-epochs, by the closed form theta = T log2(1 + ln2 realized / (b0 T)): for steps of a day, where the epochs within do not matter.
    /// Differs from the clock by less than one epoch.
    /// </summary>
    public static BigInteger ThetaOf(BigInteger realizedByteEpochs, UInt128 initialBaseline)
    {
        var x = Q128.One + Q128.Ln2 * realizedByteEpochs / ((BigInteger)initialBaseline * FilecoinMinting.EpochsPerYear);
        return Q128.Log2(x) * FilecoinMinting.EpochsPerYear;
    }

    private static UInt128 Grown(UInt128 baseline) => baseline + Q128.MultiplyHigh(baseline, GrowthLessOne);
}
