namespace Turnpike.Simulation;

/// <summary>
/// exp, log and what is built on them, from + - * / and sqrt alone, which IEEE 754 rounds the same everywhere: the platform's own differ in the last bit between processors
/// and systems, and one bit is another result hash. Within a few units in the last place; tests hold them against the platform's.
/// </summary>
public static class PortableMath
{
    // ln 2 in two parts, the first short enough that k * Ln2High is exact.
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10, InverseLn2 = 1.44269504088896338700;

    /// <summary>e^x; 0 below -745, infinity above 709.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.78) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        var k = Math.Floor(x * InverseLn2 + 0.5);
        var r = x - k * Ln2High - k * Ln2Low;
        // Taylor to the 13th power: |r| <= 0.35, so the rest is below 1e-17.
        var sum = 1.0 / 6227020800;
        sum = sum * r + 1.0 / 479001600;
        sum = sum * r + 1.0 / 39916800;
        sum = sum * r + 1.0 / 3628800;
        sum = sum * r + 1.0 / 362880;
        sum = sum * r + 1.0 / 40320;
        sum = sum * r + 1.0 / 5040;
        sum = sum * r + 1.0 / 720;
        sum = sum * r + 1.0 / 120;
        sum = sum * r + 1.0 / 24;
        sum = sum * r + 1.0 / 6;
        sum = sum * r + 0.5;
        sum = sum * r + 1;
        sum = sum * r + 1;
        return Scale(sum, (int)k);
    }

    /// <summary>ln x; negative infinity at 0, not a number below.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        var shift = 0;
        if (x < 2.2250738585072014e-308) (x, shift) = (x * 18014398509481984.0, -54);
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023 + shift;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951) (mantissa, exponent) = (mantissa / 2, exponent + 1);
        var s = (mantissa - 1) / (mantissa + 1);
        var z = s * s;
        // 2 artanh(s), |s| <= 0.1716.
        var sum = 1.0 / 23;
        for (var n = 21; n >= 3; n -= 2) sum = sum * z + 1.0 / n;
        return exponent * Ln2High + (2 * s + (2 * s * z * sum + exponent * Ln2Low));
    }

    /// <summary>x^y for x above 0.</summary>
    public static double Pow(double x, double y) => x == 1 || y == 0 ? 1 : x == 0 ? y > 0 ? 0 : double.PositiveInfinity : Exp(y * Log(x));

    /// <summary>Hyperbolic tangent.</summary>
    public static double Tanh(double x)
    {
        if (x > 20) return 1;
        if (x < -20) return -1;
        var e = Exp(2 * x);
        return (e - 1) / (e + 1);
    }

    /// <summary>The x below which a normal variable lies with probability p in (0, 1): Wichura's AS 241 (PPND16), relative error 1e-16.</summary>
    public static double NormalQuantile(double p)
    {
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - q * q;
            return q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)
                / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1);
        }
        var tail = Math.Sqrt(-Log(q < 0 ? p : 1 - p));
        double value;
        if (tail <= 5)
        {
            var r = tail - 1.6;
            value = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734)
                / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1);
        }
        else
        {
            var r = tail - 5;
            value = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772)
                / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1);
        }
        return q < 0 ? -value : value;
    }

    private static double Scale(double value, int power)
    {
        // In two halves, since the result may be subnormal.
        var half = power / 2;
        return value * BitConverter.Int64BitsToDouble((long)(half + 1023) << 52) * BitConverter.Int64BitsToDouble((long)(power - half + 1023) << 52);
    }
}
