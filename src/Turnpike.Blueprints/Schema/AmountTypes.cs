namespace Turnpike.Blueprints.Schema;

/// <summary>How money is written.</summary>
internal static class AmountTypes
{
    private const ulong OneToken = 1_000_000_000_000_000_000; // Base units, 18 decimals.
    private const ulong OneDollar = 100_000_000; // 8 decimals, as Chainlink feeds have.

    // Far above any real supply, far below what 128 bits hold: sums of a hundred cannot overflow.
    private static readonly UInt128 MostTokens = (UInt128)1_000_000_000_000 * OneToken;

    internal static ScalarType<UInt128> Tokens { get; } = new(
        "an amount of tokens from 0 to 1000000000000 with up to 18 decimals, such as 20547.94520548",
        ScalarTypes.FixedPoint(18, 0, MostTokens, "").Parse);

    internal static ScalarType<UInt128> PositiveTokens { get; } = new(
        "an amount of tokens above 0 up to 1000000000000 with up to 18 decimals, such as 1000.5",
        ScalarTypes.FixedPoint(18, 1, MostTokens, "").Parse);

    internal static ScalarType<UInt128> Dollars { get; } = new(
        "a price in USD above 0 up to 1000000 with up to 8 decimals, such as 1.60",
        ScalarTypes.FixedPoint(8, 1, 1_000_000 * (UInt128)OneDollar, "").Parse);
}
