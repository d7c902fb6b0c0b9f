using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>Whether cheating pays: what is at stake times the chance of being caught, against the gain times the chance of not.</summary>
public static class Deterrence
{
    /// <summary>The smallest bond that, with so much unvested, makes a cheat no better than honesty: gain * (1 - p) / p less what is unvested, rounded up. Null when nobody is ever caught.</summary>
    public static Amount? BondNeeded(Amount gain, Amount unvested, Ratio detection)
    {
        if (detection == Ratio.Zero) return null;
        var missed = detection.Denominator - Math.Min(detection.Numerator, detection.Denominator);
        return Amount.SubtractOrZero(new Amount(MulDiv.Ceiling(gain.BaseUnits, missed, detection.Numerator)), unvested);
    }
}
