using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>What Render's availability pool knows of a node.</summary>
/// <param name="IdlePpm">Share of the epoch that it was online and idle, millionths.</param>
/// <param name="Benchmark">OctaneBench score.</param>
/// <param name="Vram">Memory of the GPU, GB.</param>
/// <param name="AgeDays">Days since it joined.</param>
/// <param name="WalletNodes">Nodes of its owner's wallet.</param>
public readonly record struct AvailableNode(uint IdlePpm, ulong Benchmark, ulong Vram, ulong AgeDays, uint WalletNodes);

/// <summary>
/// A node's weight in Render's availability pool (RNP-015): idle * (3 log OB / log mean OB + 3 log VRAM / log mean VRAM + log age / log mean age) * penalty, where the penalty
/// is 1 up to three nodes in a wallet and e^(-0.65 (n - 3)) beyond. The published formula is in floating point; here logarithms are integers of 2^-64, and the pool is then
/// divided pro rata to the weights. A benchmark, size or age below 2 counts as 2, since log 1 would make the mean's logarithm vanish.
/// </summary>
public static class AvailabilityWeight
{
    private const int Bits = 64;
    private const uint FreeNodes = 3;

    // e^-0.65 in units of 2^-128, rounded down.
    private static readonly BigInteger Decay = Q128.ExpNeg(Q128.One * 65 / 100);

    /// <summary>Weights in the nodes' order, in millionths of 2^-32; to be divided by <see cref="Core.Allocation.ProRata"/>.</summary>
    public static UInt128[] Of(IReadOnlyList<AvailableNode> nodes)
    {
        if (nodes.Count == 0) return [];
        var benchmark = Log(Mean(nodes, node => node.Benchmark));
        var vram = Log(Mean(nodes, node => node.Vram));
        var age = Log(Mean(nodes, node => node.AgeDays));
        return [.. nodes.Select(node => Weigh(node, Relative(node.Benchmark, benchmark) * 3 + Relative(node.Vram, vram) * 3 + Relative(node.AgeDays, age)))];
    }

    /// <summary>Share of its weight that a node of a wallet with so many keeps, Q.128.</summary>
    public static BigInteger Penalty(uint walletNodes)
    {
        var kept = Q128.One;
        for (var node = FreeNodes; node < walletNodes && kept > 0; node++) kept = (kept * Decay) >> Q128.Bits;
        return kept;
    }

    private static UInt128 Weigh(AvailableNode node, UInt128 factors) =>
        (UInt128)((((BigInteger)factors * node.IdlePpm) * Penalty(node.WalletNodes)) >> (Q128.Bits + Bits - 32));

    private static UInt128 Relative(ulong value, UInt128 logOfMean) => MulDiv.Floor(Log((UInt128)value << 32), UInt128.One << Bits, logOfMean);

    // Means are of 2^-32, so that a mean between two whole numbers keeps its logarithm.
    private static UInt128 Mean(IReadOnlyList<AvailableNode> nodes, Func<AvailableNode, ulong> of) =>
        nodes.Aggregate(UInt128.Zero, (sum, node) => checked(sum + of(node))) * (UInt128.One << 32) / (ulong)nodes.Count;

    private static UInt128 Log(UInt128 value) => (UInt128)(Q128.Log2((BigInteger)UInt128.Max(value, (UInt128)2 << 32) << (Q128.Bits - 32), Bits) >> (Q128.Bits - Bits));
}
