using System.Numerics;

namespace Turnpike.Evm.Rpc;

/// <summary>What a transaction offers per gas, in wei. On a chain without base fee both are the one gas price.</summary>
/// <param name="MaxFeePerGas">Most that is paid per gas, base fee included.</param>
/// <param name="MaxPriorityFeePerGas">Most that the block's producer gets of it.</param>
/// <param name="IsLegacy">Whether the chain has no base fee, so that a legacy transaction is due.</param>
public readonly record struct GasFees(BigInteger MaxFeePerGas, BigInteger MaxPriorityFeePerGas, bool IsLegacy)
{
    /// <summary>
    /// Fees that replace a transaction in every known pool: both raised by at least 12.5 %, rounded up, and by at least 1 wei (go-ethereum asks 10 % and more than before; others 12.5 %), and not below
    /// <paramref name="market"/>. Null when that exceeds <paramref name="cap"/>.
    /// </summary>
    public GasFees? Raised(GasFees market, BigInteger cap)
    {
        var (fee, tip) = (Raise(MaxFeePerGas), Raise(MaxPriorityFeePerGas));
        if (fee > cap) return null;
        fee = BigInteger.Min(BigInteger.Max(fee, market.MaxFeePerGas), cap);
        if (IsLegacy) return new GasFees(fee, fee, true);
        return new GasFees(fee, BigInteger.Max(tip, BigInteger.Min(market.MaxPriorityFeePerGas, fee)), false);
    }

    private static BigInteger Raise(BigInteger wei) => BigInteger.Max((wei * 9 + 7) / 8, wei + 1);
}

/// <summary>How fees are suggested.</summary>
public sealed class FeeOptions
{
    /// <summary>Blocks of history looked at. Default 20.</summary>
    public int HistoryBlocks { get; init; } = 20;

    /// <summary>Percentile, 0 to 100, of the tips paid in each block. Default 50.</summary>
    public double TipPercentile { get; init; } = 50;

    /// <summary>The fee cap is this many times the next base fee, plus the tip. Default 2: the base fee rises by at most 1/8 a block (EIP-1559), so five full blocks are survived.</summary>
    public int BaseFeeMultiple { get; init; } = 2;

    /// <summary>Least tip in wei. Default 1 gwei; some chains refuse less than their own floor.</summary>
    public BigInteger MinTip { get; init; } = 1_000_000_000;

    /// <summary>Most tip in wei for a suggestion. Default 50 gwei.</summary>
    public BigInteger MaxTip { get; init; } = 50_000_000_000;

    /// <summary>Most wei per gas that is ever offered, also when a stuck transaction is raised. Default 500 gwei.</summary>
    public BigInteger MaxFeePerGas { get; init; } = 500_000_000_000;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(HistoryBlocks, 1, nameof(HistoryBlocks));
        if (!(TipPercentile is >= 0 and <= 100)) throw new ArgumentOutOfRangeException(nameof(TipPercentile), "A percentile lies between 0 and 100.");
        ArgumentOutOfRangeException.ThrowIfLessThan(BaseFeeMultiple, 1, nameof(BaseFeeMultiple));
        if (MinTip < 0 || MaxTip < MinTip || MaxFeePerGas < MaxTip) throw new ArgumentException("Fees need 0 <= MinTip <= MaxTip <= MaxFeePerGas.");
    }
}

/// <summary>Suggests fees from recent blocks: EIP-1559 where the chain has a base fee, else the node's gas price.</summary>
public sealed class FeeEstimator
{
    private readonly EthereumClient _client;

    /// <summary>Asks through <paramref name="client"/>.</summary>
    public FeeEstimator(EthereumClient client, FeeOptions? options = null)
    {
        _client = client;
        Options = options ?? new FeeOptions();
        Options.Validate();
    }

    /// <summary>The settings.</summary>
    public FeeOptions Options { get; }

    /// <summary>Fees that should be mined soon, capped.</summary>
    /// <exception cref="IntentRefusedException">The chain's price of today is above the cap.</exception>
    public Task<GasFees> SuggestAsync(CancellationToken cancellationToken) => SuggestAsync(null, cancellationToken);

    /// <summary>Fees that should be mined soon, within a cap of one's own too.</summary>
    /// <exception cref="IntentRefusedException">The chain's price of today is above the lower of both caps.</exception>
    public async Task<GasFees> SuggestAsync(BigInteger? maxFeePerGas, CancellationToken cancellationToken)
    {
        var cap = CapOf(maxFeePerGas);
        try
        {
            var history = await _client.FeeHistoryAsync(Options.HistoryBlocks, BlockReference.Latest, [Options.TipPercentile], cancellationToken);
            // Chains without EIP-1559 answer with no base fees or with zeros.
            if (history.BaseFeePerGas.Count > 0 && !history.BaseFeePerGas[^1].IsZero) return Suggest(history, Options, cap);
        }
        catch (RpcException e) when (e.Fault is RpcFault.MethodUnsupported)
        {
            // A chain from before London.
        }
        var price = await _client.GasPriceAsync(cancellationToken);
        if (price > cap) throw IntentRefusedException.FeeAboveCap(price, cap);
        return new GasFees(price, price, true);
    }

    /// <summary>The lower of the account's cap and an intent's own.</summary>
    internal BigInteger CapOf(BigInteger? maxFeePerGas) => maxFeePerGas is { } own ? BigInteger.Min(own, Options.MaxFeePerGas) : Options.MaxFeePerGas;

    /// <summary>The rule itself: median over the blocks that used gas of the tip at the percentile, clamped; fee cap = multiple of the next base fee + tip.</summary>
    internal static GasFees Suggest(FeeHistory history, FeeOptions options, BigInteger cap)
    {
        var baseFee = history.BaseFeePerGas[^1];
        var tips = new List<BigInteger>();
        for (var i = 0; i < history.Reward.Count; i++)
        {
            // An empty block reports a tip of zero, which says nothing about the price.
            if (history.GasUsedRatio[i] > 0 && history.Reward[i].Count > 0) tips.Add(history.Reward[i][0]);
        }
        tips.Sort();
        var median = tips.Count == 0 ? options.MinTip : tips[tips.Count / 2];
        var tip = BigInteger.Min(BigInteger.Max(median, options.MinTip), options.MaxTip);
        if (baseFee + options.MinTip > cap) throw IntentRefusedException.FeeAboveCap(baseFee + options.MinTip, cap);
        var fee = BigInteger.Min(baseFee * options.BaseFeeMultiple + tip, cap);
        return new GasFees(fee, BigInteger.Min(tip, fee), false);
    }
}
