namespace Turnpike.Evm.Rpc;

/// <summary>
/// From a node's code and message to a numbered fault. JSON-RPC gives servers one code (-32000) for nearly everything, so the message is the only place where "nonce too low" differs
/// from "already known"; this table is the one place in Turnpike that reads message text. Codes come first where they are unambiguous. Families are lowercase fragments, tried in order.
/// Sources: go-ethereum core/error.go and core/txpool/errors.go; Nethermind AcceptTxResult; Besu JsonRpcError; Erigon txpoolcfg; Foundry anvil eth/error.rs; EIP-1474; providers' documentation of eth_getLogs limits.
/// </summary>
internal static class NodeError
{
    private static readonly string[] QuotaFragments = ["rate limit", "request limit reached", "too many requests", "compute units per second", "daily request count", "capacity exceeded", "call rate"];

    private static readonly (RpcFault Fault, string[] Fragments)[] Families =
    [
        // First, because what follows these words is the contract's own text and may imitate any other family.
        (RpcFault.Reverted, ["execution reverted", "vm execution error", "vm exception while processing transaction", "transaction execution reverted"]),
        (RpcFault.RateLimited, QuotaFragments),
        (RpcFault.InsufficientFunds, ["insufficient funds", "insufficientfunds", "upfront cost exceeds account balance", "insufficient balance"]),
        (RpcFault.AlreadyKnown, ["already known", "already imported", "alreadyknown", "known transaction", "transaction already exists", "existing tx with same hash"]),
        (RpcFault.ReplacementUnderpriced, ["replacement transaction underpriced", "could not replace existing tx", "replacement transaction too low", "replacementnotallowed", "gas price too low to replace", "future transaction tries to replace pending"]),
        (RpcFault.NonceTooLow, ["nonce too low", "oldnonce", "nonce is too low", "invalid nonce; got", "nonce has already been used"]),
        (RpcFault.NonceTooHigh, ["nonce too high", "noncegap", "nonce too far in future", "nonce too distant", "nonce gap"]),
        (RpcFault.FeeTooLow, ["underpriced", "less than block base fee", "feetoolow", "gas price below", "fee too low", "max fee per gas less than", "below current base fee", "gas price too low", "tip cap less than"]),
        (RpcFault.PoolFull, ["txpool is full", "account limit exceeded", "pool is full", "transaction pool not accepting", "in-flight transaction limit"]),
        (RpcFault.UnknownBlock, ["header not found", "unknown block", "block not found", "beyond current head", "blockoutofrange", "block is out of range", "hash is not currently canonical", "missing trie node", "cannot find block"]),
        (RpcFault.EndpointTrouble, ["timed out", "timeout", "try again", "temporarily unavailable", "service unavailable", "internal server error", "bad gateway"]),
    ];

    // Only asked for log queries: "limit exceeded" means something else everywhere else.
    private static readonly string[] RangeFragments =
    [
        "query returned more than", "response size exceeded", "response size should not", "response is too big", "response too large", "block range", "blocks range", "ranges over", "log limit", "specify less number of address", "range limit", "range is too", "range too",
        "max range", "maximum range", "exceeds the range", "exceeds limit of", "exceed max", "exceeds max", "too many results", "too many blocks", "query timeout", "query exceeds", "limited to", "result set too large",
        "results limit", "limit exceeded", "timed out", "memory capacity exceeded", "logs matched", "more than", "bigger than",
    ];

    public static RpcFault Classify(string method, int code, string message)
    {
        var text = message.ToLowerInvariant();
        if (code == -32601) return RpcFault.MethodUnsupported;
        if (code == 429) return RpcFault.RateLimited;
        if (code == 3) return RpcFault.Reverted; // geth and those that follow it: a revert with data
        var isLogQuery = method == "eth_getLogs";
        // A per-second quota is no reason to split, so that is excluded; -32002 is geth's own time-out.
        if (isLogQuery && !ContainsAny(text, QuotaFragments) && (code == -32002 || ContainsAny(text, RangeFragments)) && !text.Contains("beyond current head", StringComparison.Ordinal))
            return RpcFault.RangeRefused;
        foreach (var (fault, fragments) in Families)
        {
            if (ContainsAny(text, fragments)) return fault;
        }
        return code switch
        {
            -32005 or -32007 => isLogQuery ? RpcFault.RangeRefused : RpcFault.RateLimited, // EIP-1474 limit exceeded; -32007 is QuickNode's
            -32002 => RpcFault.EndpointTrouble, // EIP-1474 resource unavailable
            >= 500 and < 600 => RpcFault.EndpointTrouble, // gateways that put the HTTP status into the code
            -32001 when method.StartsWith("eth_getBlock", StringComparison.Ordinal) || isLogQuery => RpcFault.UnknownBlock,
            _ => RpcFault.Refused,
        };
    }

    private static bool ContainsAny(string text, string[] fragments)
    {
        foreach (var fragment in fragments)
        {
            if (text.Contains(fragment, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
