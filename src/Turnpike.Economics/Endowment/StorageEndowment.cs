using System.Numerics;

namespace Turnpike.Economics;

/// <summary>
/// Arweave's endowment, block by block: while inflation and fees do not cover what storage costs, the endowment pays the difference; when it is empty, new tokens are
/// minted as debt and the price multiplier doubles once, until the pool holds 10,000 AR again. Winston; not safe for several threads.
/// </summary>
public sealed class StorageEndowment
{
    /// <summary>Winston of one AR.</summary>
    public static UInt128 PerAr => 1_000_000_000_000;

    /// <summary>Two-minute blocks of a year.</summary>
    public const long BlocksPerYear = 262_800;

    private static readonly UInt128 Unlatch = 10_000 * PerAr;
    private static readonly BigInteger FirstYearPace = 11_000_000 * (BigInteger)PerAr;

    private bool _latched;

    /// <summary>What the endowment holds.</summary>
    public UInt128 Pool { get; private set; }

    /// <summary>What was minted beyond the schedule.</summary>
    public UInt128 Debt { get; private set; }

    /// <summary>Price multiplier.</summary>
    public uint Kryder { get; private set; } = 1;

    /// <summary>Scheduled new tokens of a block: 0.2 * 55 million * ln 2 / blocks of a year * 2^(-height / blocks of a year), rounded down.</summary>
    public static UInt128 Inflation(long height)
    {
        var halved = Q128.ExpNeg(Q128.Ln2 * height / BlocksPerYear);
        return (UInt128)(((FirstYearPace * Q128.Ln2 / BlocksPerYear) * halved) >> (2 * Q128.Bits));
    }

    /// <summary>Takes what uploaders paid in.</summary>
    public void Donate(UInt128 winston) => Pool = checked(Pool + winston);

    /// <summary>Settles a block: what the miner gets in all, of it from the endowment and as debt.</summary>
    public (UInt128 Miner, UInt128 FromPool, UInt128 Minted) Settle(UInt128 inflation, UInt128 minerFees, UInt128 storageCost)
    {
        var earned = checked(inflation + minerFees);
        var missing = storageCost > earned ? storageCost - earned : UInt128.Zero;
        var fromPool = UInt128.Min(missing, Pool);
        var minted = missing - fromPool;
        Pool -= fromPool;
        Debt += minted;
        if (minted > UInt128.Zero && !_latched) (_latched, Kryder) = (true, checked(Kryder * 2));
        else if (Pool > Unlatch) _latched = false;
        return (earned + missing, fromPool, minted);
    }
}
