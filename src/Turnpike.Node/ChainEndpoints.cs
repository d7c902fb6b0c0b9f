using Turnpike.Evm.Rpc;
using Turnpike.Ledger;

namespace Turnpike.Node;

/// <summary>The chain as a node sees it: through every endpoint that is configured, with the answers that decide what is signed compared.</summary>
public static class ChainEndpoints
{
    /// <summary>Joins the endpoints.</summary>
    /// <param name="endpoints">At least one, the preferred one first.</param>
    /// <param name="history">The ledger that is built from them.</param>
    /// <param name="time">The network's clock.</param>
    /// <param name="onAlert">Told what an operator should know; null for none.</param>
    public static EthereumClient Join(IReadOnlyList<IJsonRpc> endpoints, LedgerHistory history, TimeProvider time, Action<EndpointAlert>? onAlert)
    {
        var options = new EndpointsOptions { ChainId = history.Deployment.ChainId, Confirm = new LedgerAgreement(history).ConfirmAsync, OnAlert = onAlert };
        return new EthereumClient(new JsonRpcEndpoints(endpoints, time, options));
    }

    /// <summary>How one of several is spoken to: where there is another, it is asked rather than the first one again and again.</summary>
    public static JsonRpcOptions OptionsOf(int endpoints) => new() { CustomErrors = ContractErrors.Known, MaxAttempts = endpoints > 1 ? 2 : 4 };
}
