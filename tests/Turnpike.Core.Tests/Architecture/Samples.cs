using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Turnpike.Core.Tests.Architecture;

/// <summary>Everything that a rule may not do, one member each: shows that the scan can fail.</summary>
internal static class Impure
{
    public static readonly double Field = 1;

    public static long Literal() => BitConverter.DoubleToInt64Bits(1.5);

    public static long Converted(long value) => (long)((double)value * value);

    public static long Local(long value)
    {
        var local = BitConverter.Int64BitsToDouble(value);
        return BitConverter.DoubleToInt64Bits(local) + BitConverter.DoubleToInt64Bits(-local);
    }

    public static bool Signature(float value) => value.Equals(null);

    public static Half Halved() => default;

    public static int InGeneric() => new List<double>().Count;

    public static long ThroughMath(long value) => (long)Math.Sqrt(value);

    public static long Clock() => DateTime.UtcNow.Ticks;

    public static long OffsetClock() => DateTimeOffset.Now.Ticks;

    public static long Watch() => Stopwatch.GetTimestamp();

    public static long Ticks() => Environment.TickCount64;

    public static int Chance() => Random.Shared.Next();

    public static byte[] CryptographicChance() => RandomNumberGenerator.GetBytes(1);

    public static Guid NewGuid() => Guid.NewGuid();

    public static bool File() => System.IO.File.Exists("/");

    public static object CurrentCulture() => CultureInfo.CurrentCulture;

    public static string IntegerToText(int value) => value.ToString();

    public static string WideToText(UInt128 value) => value.ToString();

    public static decimal DecimalFromText(string text) => decimal.Parse(text);

    public static int CompareText(string a, string b) => string.Compare(a, b);

    public static int CompareToText(string a, string b) => a.CompareTo(b);

    public static bool StartsWithText(string a, string b) => a.StartsWith(b);

    public static string UpperText(string a) => a.ToUpper();

    public static string FormatText(int value) => string.Format("{0}", value);

    public static string Interpolated(decimal value) => $"{value}";

    public static void SortedText(string[] texts) => Array.Sort(texts);

    public static object OrderedText(string[] texts) => texts.Order();

    public static object OrderedByText(int[] values) => values.OrderBy(value => string.Empty);

    public static void ListSorted(List<string> texts) => texts.Sort();

    public static object SortedSetOfText() => new SortedSet<string>();

    public static Func<long> InLambda() => () => DateTime.UtcNow.Ticks;
}

/// <summary>What looks alike and is allowed.</summary>
internal static class Pure
{
    public static string Invariant(UInt128 value) => value.ToString(CultureInfo.InvariantCulture);

    public static decimal Parsed(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    public static bool Ordinal(string a, string b) => a.StartsWith(b, StringComparison.Ordinal) && string.CompareOrdinal(a, b) == 0 && a == b;

    public static int Character(string a) => a.IndexOf('.') + (a.StartsWith('x') ? 1 : 0);

    public static object Sorted(string[] texts) => texts.Order(StringComparer.Ordinal).ToArray();

    public static object SortedSetOfText() => new SortedSet<string>(StringComparer.Ordinal);

    public static void SortedNumbers(int[] values) => Array.Sort(values);

    public static string Message(int value, string text) => $"{text}: {value}";

    public static long Decimal(decimal value) => (long)decimal.Round(value * 1.5m, 0, MidpointRounding.AwayFromZero);
}

/// <summary>What physics may not do.</summary>
internal static class MachinePhysics
{
    public static double PlatformSine(double x) => Math.Sin(x);

    public static double PlatformPower(double x) => Math.Pow(x, 0.5);

    public static double Fused(double x) => Math.FusedMultiplyAdd(x, x, x);

    public static double Estimated(double x) => double.MultiplyAddEstimate(x, x, x);

    public static double Single(double x) => (float)x;

    public static double Vectors(double x) => Vector128.Sum(Vector128.Create(x));

    public static double Clock() => DateTime.UtcNow.Ticks;

    public static string TextOfDouble(double x) => x.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What physics may do.</summary>
internal static class BasicPhysics
{
    public static (double, long) Basic(double x, int n) => (Math.Sqrt(x * n + 1) / Math.Abs(x - 2), BitConverter.DoubleToInt64Bits(x));
}
