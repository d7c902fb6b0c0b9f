using System.Globalization;
using System.Numerics;

namespace Turnpike.Economics;

/// <summary>
/// Fractions in units of 2^-128, as Filecoin's actors hold them. e^-x is the ratio of two polynomials (builtin-actors, reward/expneg.rs), by Horner's scheme, each
/// product shifted down: bit for bit the network's own value.
/// </summary>
public static class Q128
{
    /// <summary>Bits below the point.</summary>
    public const int Bits = 128;

    private static readonly BigInteger[] Numerator =
    [
        Read("-648770010757830093818553637600"),
        Read("67469480939593786226847644286976"),
        Read("-3197587544499098424029388939001856"),
        Read("89244641121992890118377641805348864"),
        Read("-1579656163641440567800982336819953664"),
        Read("17685496037279256458459817590917169152"),
        Read("-115682590513835356866803355398940131328"),
        Read("340282366920938463463374607431768211456"),
    ];

    private static readonly BigInteger[] Denominator =
    [
        Read("1225524182432722209606361"),
        Read("114095592300906098243859450"),
        Read("5665570424063336070530214243"),
        Read("194450132448609991765137938448"),
        Read("5068267641632683791026134915072"),
        Read("104716890604972796896895427629056"),
        Read("1748338658439454459487681798864896"),
        Read("23704654329841312470660182937960448"),
        Read("259380097567996910282699886670381056"),
        Read("2250336698853390384720606936038375424"),
        Read("14978272436876548034486263159246028800"),
        Read("72144088983913131323343765784380833792"),
        Read("224599776407103106596571252037123047424"),
        Read("340282366920938463463374607431768211456"),
    ];

    /// <summary>One.</summary>
    public static BigInteger One { get; } = BigInteger.One << Bits;

    /// <summary>ln 2, rounded down.</summary>
    public static BigInteger Ln2 { get; } = Read("235865763225513294137944142764154484399");

    /// <summary>e^-x for x of 0 and more, rounded down.</summary>
    public static BigInteger ExpNeg(BigInteger x) => (Horner(Numerator, x) << Bits) / Horner(Denominator, x);

    /// <summary>
    /// log2(x) for x of 1 and more, rounded down at 2^-<paramref name="precision"/>: whole part from the length, each further bit from one squaring.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below one, or more than 120 bits of precision.</exception>
    public static BigInteger Log2(BigInteger x, int precision = 80)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(x, One);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 120);
        var whole = (int)x.GetBitLength() - Bits - 1;
        // In [1, 2), held in units of 2^-127 so that it fills 128 bits.
        var mantissa = (UInt128)(x >> (whole + 1));
        var fraction = BigInteger.Zero;
        for (var bit = 1; bit <= precision; bit++)
        {
            // The square of units of 2^-127 is in units of 2^-254; its upper half in units of 2^-126.
            var square = MultiplyHigh(mantissa, mantissa);
            var isTwoOrMore = square >> 127 != UInt128.Zero;
            if (isTwoOrMore) fraction += BigInteger.One << (Bits - bit);
            mantissa = isTwoOrMore ? square : square << 1;
        }
        return ((BigInteger)whole << Bits) + fraction;
    }

    /// <summary>floor(a * b / 2^128): a product with a fraction below one.</summary>
    public static UInt128 MultiplyHigh(UInt128 a, UInt128 b)
    {
        ulong a1 = (ulong)(a >> 64), a0 = unchecked((ulong)a), b1 = (ulong)(b >> 64), b0 = unchecked((ulong)b);
        var low = Math.BigMul(a0, b0, out _);
        var (cross1High, cross1Low) = (Math.BigMul(a1, b0, out var low1), low1);
        var (cross2High, cross2Low) = (Math.BigMul(a0, b1, out var low2), low2);
        var middle = (UInt128)low + cross1Low + cross2Low;
        var high = Math.BigMul(a1, b1, out var lowHigh);
        return new UInt128(high, lowHigh) + cross1High + cross2High + (middle >> 64);
    }

    private static BigInteger Horner(BigInteger[] coefficients, BigInteger x)
    {
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++) sum = ((sum * x) >> Bits) + coefficients[i];
        return sum;
    }

    private static BigInteger Read(string digits) => BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
