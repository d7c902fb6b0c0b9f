using System.Numerics;

namespace Turnpike.Economics;

/// <summary>
/// Arweave's price of storing for ever (ar_pricing.erl): bytes * P * minutes of a year * 20 replicas * kryder / (-ln 0.995 * GiB), of which the endowment gets all and the
/// miner a twentieth on top. If the cost of storage falls by 0.5 % a year, the endowment lasts for ever; at today's cost it is 199.5 years. Winston, 10^-12 AR, rounded down.
/// </summary>
/// <param name="WinstonPerGibMinute">P: the network's estimate of one GiB for one minute on one replica.</param>
/// <param name="Kryder">Multiplier, doubled when the endowment once ran dry.</param>
public readonly record struct StoragePrice(UInt128 WinstonPerGibMinute, uint Kryder = 1)
{
    /// <summary>Replicas that are paid for.</summary>
    public const uint Replicas = 20;

    /// <summary>Bytes of a GiB.</summary>
    public const ulong Gib = 1UL << 30;

    /// <summary>Data is billed in chunks of 256 KiB.</summary>
    public const ulong Chunk = 256 << 10;

    /// <summary>Bytes billed for the transaction itself.</summary>
    public const ulong HeaderBytes = 3_210;

    /// <summary>The price falls by this yearly: -ln(0.995), in units of 10^-18.</summary>
    public const ulong Decay = 5_012_541_823_544_286;

    private const ulong MinutesPerYear = 525_600;

    /// <summary>What is billed for so many bytes of data.</summary>
    public static UInt128 BilledBytes(UInt128 data) => (data + Chunk - 1) / Chunk * Chunk + HeaderBytes;

    /// <summary>What the endowment gets for storing so many bytes for ever.</summary>
    public UInt128 Endowment(UInt128 bytes) =>
        (UInt128)((BigInteger)bytes * WinstonPerGibMinute * MinutesPerYear * Replicas * Kryder * 1_000_000_000_000_000_000 / ((BigInteger)Decay * Gib));

    /// <summary>What the uploader pays: the endowment's part and a twentieth of it for the miner.</summary>
    public (UInt128 Fee, UInt128 Miner) Fee(UInt128 bytes)
    {
        var endowment = Endowment(bytes);
        var miner = endowment / 20;
        return (endowment + miner, miner);
    }

    /// <summary>What storing so many bytes costs for so many seconds, all replicas.</summary>
    public UInt128 Cost(UInt128 bytes, ulong seconds) =>
        (UInt128)((BigInteger)Replicas * bytes * WinstonPerGibMinute * seconds / (60 * (BigInteger)Gib));
}
