namespace Turnpike.Core.Geography.Physics;

/// <summary>
/// Sine, cosine and their inverses out of nothing but IEEE 754 additions, multiplications, divisions and square roots, which every processor rounds alike, so
/// that the last bit is the same everywhere; the platform's own functions differ from one C library to the next. Polynomials and constants are those of Sun's fdlibm.
/// Error: sine, cosine and arctangent below 1 unit in the last place, two-argument arctangent, arcsine, arccosine and tangent below 2; a test holds them to that.
/// </summary>
public static class Trigonometry
{
    /// <summary>pi, rounded.</summary>
    public const double Pi = 3.14159265358979323846;

    // Arguments further out would lose digits in the reduction below; no angle on earth is.
    private const double MostRadians = 64;

    // pi/2 in three parts: the first two have 33 bits, so that small multiples of them are exact.
    private const double HalfPiHigh = 1.57079632673412561417e+00;
    private const double HalfPiMiddle = 6.07710050630396597660e-11;
    private const double HalfPiLow = 2.02226624879595063154e-21;
    private const double TwoOverPi = 6.36619772367581382433e-01;
    private const double PiLow = 1.2246467991473531772e-16;

    /// <summary>Sine and cosine of an angle in radians.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Further than 64 from zero, or not a number.</exception>
    public static (double Sin, double Cos) SinCos(double radians)
    {
        if (!(Math.Abs(radians) <= MostRadians)) throw new ArgumentOutOfRangeException(nameof(radians), "At most 64 radians either way.");
        var quarters = (int)(radians * TwoOverPi + (radians < 0 ? -0.5 : 0.5));
        double n = quarters;
        var first = radians - n * HalfPiHigh;
        var second = n * HalfPiMiddle;
        var reduced = first - second;
        var lost = n * HalfPiLow - ((first - reduced) - second);
        var high = reduced - lost;
        var low = (reduced - high) - lost;
        var sin = KernelSin(high, low);
        var cos = KernelCos(high, low);
        return (quarters & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>Sine of an angle in radians.</summary>
    public static double Sin(double radians) => SinCos(radians).Sin;

    /// <summary>Cosine of an angle in radians.</summary>
    public static double Cos(double radians) => SinCos(radians).Cos;

    /// <summary>Tangent of an angle in radians.</summary>
    public static double Tan(double radians)
    {
        var (sin, cos) = SinCos(radians);
        return sin / cos;
    }

    /// <summary>The angle whose tangent this is: -pi/2 to pi/2.</summary>
    public static double Atan(double x) => x < 0 ? -AtanOfPositive(-x) : AtanOfPositive(x);

    /// <summary>The angle of the direction (x, y): -pi to pi; 0 of no direction.</summary>
    public static double Atan2(double y, double x)
    {
        if (y == 0 && x >= 0) return 0;
        if (x == 0) return y < 0 ? -Pi / 2 : Pi / 2;
        var angle = AtanOfPositive(Math.Abs(y / x));
        if (x < 0) angle = Pi - (angle - PiLow);
        return y < 0 ? -angle : angle;
    }

    /// <summary>The angle from -pi/2 to pi/2 whose sine this is.</summary>
    public static double Asin(double x) => Atan2(x, Math.Sqrt((1 - x) * (1 + x)));

    /// <summary>The angle from 0 to pi whose cosine this is.</summary>
    public static double Acos(double x) => Atan2(Math.Sqrt((1 - x) * (1 + x)), x);

    // |high| <= pi/4; low is what high lacks.
    private static double KernelSin(double high, double low)
    {
        var z = high * high;
        var v = z * high;
        var r = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
        return high - ((z * (0.5 * low - v * r) - low) - v * -1.66666666666666324348e-01);
    }

    private static double KernelCos(double high, double low)
    {
        var z = high * high;
        var w = z * z;
        var r = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05))
            + w * w * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
        var half = 0.5 * z;
        var top = 1 - half;
        return top + (((1 - top) - half) + (z * r - high * low));
    }

    private static double AtanOfPositive(double x)
    {
        const double Huge = 7.3786976294838206464e19;
        if (x >= Huge) return Pi / 2;
        if (x < 0.4375) return x - x * Series(x);
        // Around 1/2, 1, 3/2 and infinity; the arctangents of these in two parts each.
        double high, low;
        if (x < 0.6875) (x, high, low) = ((2 * x - 1) / (2 + x), 4.63647609000806093515e-01, 2.26987774529616870924e-17);
        else if (x < 1.1875) (x, high, low) = ((x - 1) / (x + 1), 7.85398163397448278999e-01, 3.06161699786838301793e-17);
        else if (x < 2.4375) (x, high, low) = ((x - 1.5) / (1 + 1.5 * x), 9.82793723247329054082e-01, 1.39033110312309984516e-17);
        else (x, high, low) = (-1 / x, 1.57079632679489655800e+00, 6.12323399573676603587e-17);
        return high - ((x * Series(x) - low) - x);
    }

    private static double Series(double x)
    {
        var z = x * x;
        var w = z * z;
        var odd = z * (3.33333333333329318027e-01 + w * (1.42857142725034663711e-01 + w * (9.09088713343650656196e-02 + w * (6.66107313738753120669e-02
            + w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)))));
        var even = w * (-1.99999999998764832476e-01 + w * (-1.11111104054623557880e-01 + w * (-7.69187620504482999495e-02 + w * (-5.83357013379057348645e-02
            + w * -3.65315727442169155270e-02))));
        return odd + even;
    }
}
