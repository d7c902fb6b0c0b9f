using System.Numerics;
using System.Text.Json;

namespace Turnpike.Evm.Rpc;

/// <summary>Base fees, fullness and tips of a run of blocks (eth_feeHistory).</summary>
public sealed record FeeHistory
{
    /// <summary>Number of the first block of the run.</summary>
    public required ulong OldestBlock { get; init; }

    /// <summary>Wei per gas of each block, and one more: that of the block after the run.</summary>
    public required IReadOnlyList<BigInteger> BaseFeePerGas { get; init; }

    /// <summary>Gas used over gas limit, each block, 0 to 1.</summary>
    public required IReadOnlyList<double> GasUsedRatio { get; init; }

    /// <summary>For each block, the tip per gas at each percentile asked for.</summary>
    public required IReadOnlyList<IReadOnlyList<BigInteger>> Reward { get; init; }

    internal static FeeHistory Read(JsonElement history)
    {
        var ratios = RpcJson.Array(RpcJson.Property(history, "gasUsedRatio"), "gasUsedRatio", ReadRatio);
        var fees = RpcJson.Optional(history, "baseFeePerGas") is { } list ? RpcJson.Array(list, "baseFeePerGas", fee => RpcJson.BigNumber(fee, "baseFeePerGas")) : [];
        var rewards = RpcJson.Optional(history, "reward") is { } tips ? RpcJson.Array(tips, "reward", ReadTips) : [];
        if (fees.Length != 0 && fees.Length != ratios.Length + 1) throw new FormatException($"{fees.Length} base fees for {ratios.Length} blocks");
        if (rewards.Length != 0 && rewards.Length != ratios.Length) throw new FormatException($"{rewards.Length} rewards for {ratios.Length} blocks");
        return new FeeHistory { OldestBlock = RpcJson.Number(history, "oldestBlock", "feeHistory"), BaseFeePerGas = fees, GasUsedRatio = ratios, Reward = rewards };
    }

    private static double ReadRatio(JsonElement ratio) =>
        ratio.ValueKind == JsonValueKind.Number && ratio.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw new FormatException("gasUsedRatio is no number");

    private static IReadOnlyList<BigInteger> ReadTips(JsonElement tips) => RpcJson.Array(tips, "reward", tip => RpcJson.BigNumber(tip, "reward"));
}
