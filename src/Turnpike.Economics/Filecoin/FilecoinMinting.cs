using System.Globalization;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Filecoin's block reward, bit for bit (builtin-actors, reward/logic.rs): 330 million FIL by time alone and 770 million by "effective network time" theta, which advances
/// only while the network's raw power keeps up with a baseline that doubles every year.
/// <code>
/// simple(k)        = S * (e^lambda - 1) * e^(-lambda k)
/// supply(theta)    = B * (1 - e^(-lambda theta))
/// reward(k)        = floor(simple(k) + supply(theta after) - supply(theta before))
/// </code>
/// lambda = ln 2 over six years of 30-second epochs. All shifts round down; theta and the exponentials are in <see cref="Q128"/>.
/// </summary>
public static class FilecoinMinting
{
    /// <summary>30-second epochs of a day.</summary>
    public const int EpochsPerDay = 2_880;

    /// <summary>Epochs of a year of 365 days.</summary>
    public const int EpochsPerYear = 365 * EpochsPerDay;

    /// <summary>attoFIL minted by time alone, in the end.</summary>
    public static BigInteger SimpleTotal { get; } = 330_000_000 * (BigInteger)Amount.PerToken;

    /// <summary>attoFIL minted by effective network time, in the end.</summary>
    public static BigInteger BaselineTotal { get; } = 770_000_000 * (BigInteger)Amount.PerToken;

    private static readonly BigInteger Lambda = Read("37396271439864487274534522888786");
    private static readonly BigInteger ExpLambdaLessOne = Read("37396273494747879394193016954629");

    /// <summary>The reward of an epoch, in attoFIL, between two effective times.</summary>
    public static Amount Reward(long epoch, BigInteger thetaBefore, BigInteger thetaAfter) => Reward(epoch, thetaBefore, thetaAfter, SimpleTotal, BaselineTotal);

    /// <summary>The reward with other totals.</summary>
    public static Amount Reward(long epoch, BigInteger thetaBefore, BigInteger thetaAfter, BigInteger simpleTotal, BigInteger baselineTotal)
    {
        var simple = (simpleTotal * ExpLambdaLessOne * Q128.ExpNeg(epoch * Lambda)) >> Q128.Bits;
        var baseline = BaselineSupply(thetaAfter, baselineTotal) - BaselineSupply(thetaBefore, baselineTotal);
        return new Amount((UInt128)((simple + baseline) >> Q128.Bits));
    }

    /// <summary>What so many epochs mint by time alone in the closed form S * (1 - e^(-lambda n)), rounded down once; the actor's own sum is e^lambda times it, 1.1e-7 more.</summary>
    public static Amount SimpleThrough(long epochs) => new((UInt128)((SimpleTotal * (Q128.One - Q128.ExpNeg(epochs * Lambda))) >> Q128.Bits));

    /// <summary>All that is minted up to an effective time, rounded down once.</summary>
    public static Amount BaselineThrough(BigInteger theta) => new((UInt128)(BaselineSupply(theta, BaselineTotal) >> Q128.Bits));

    private static BigInteger BaselineSupply(BigInteger theta, BigInteger total) => total * (Q128.One - Q128.ExpNeg((theta * Lambda) >> Q128.Bits));

    private static BigInteger Read(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
