using Turnpike.Evm.Rpc;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Operations;

/// <summary>The chain answers, moves on, and agrees with this machine about the time.</summary>
internal sealed class ChainCheck(NodeContext node, HealthOptions options) : INodeCheck
{
    public string Name => "chain";

    public async Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        BlockHeader? head;
        try
        {
            head = await node.Chain.BlockAsync(BlockReference.Latest, cancellation);
        }
        catch (RpcException fault)
        {
            return new CheckResult("does not answer", new Finding(AlertCode.ChainUnreachable, "", fault.Message));
        }
        if (head is null) return new CheckResult("has no block", new Finding(AlertCode.ChainUnreachable, "", $"{node.Chain.Rpc.Name} knows no newest block."));
        var age = TimeSpan.FromMilliseconds(node.Now - (long)head.Timestamp * 1000);
        var text = FormattableString.Invariant($"block {head.Number}, {Math.Max(0, age.TotalSeconds):0} s old");
        if (age > options.MaxHeadAge) return new CheckResult(text, new Finding(AlertCode.ChainStalled, "", $"The newest block, {head.Number}, is {age.TotalSeconds:0} s old."));
        return -age > options.MaxClockSkew
            ? new CheckResult(text, new Finding(AlertCode.ClockBehind, "", $"The newest block is of {-age.TotalSeconds:0} s from now by this machine's clock."))
            : new CheckResult(text);
    }
}

/// <summary>The ledger has read what the chain holds.</summary>
internal sealed class LedgerCheck(NodeContext node, HealthOptions options) : INodeCheck
{
    public string Name => "ledger";

    public async Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        var read = node.History.Block?.Number ?? 0;
        ulong head;
        try
        {
            head = await node.Chain.BlockNumberAsync(cancellation);
        }
        catch (RpcException)
        {
            // The check of the chain says so.
            return new CheckResult($"block {read}");
        }
        var lag = head > read ? head - read : 0;
        var text = lag == 0 ? $"block {read}" : $"block {read}, {lag} behind the head";
        return lag > (ulong)options.MaxLedgerLag ? new CheckResult(text, new Finding(AlertCode.LedgerBehind, "", $"The ledger has read block {read}; the head is {head}, {lag} further.")) : new CheckResult(text);
    }
}
