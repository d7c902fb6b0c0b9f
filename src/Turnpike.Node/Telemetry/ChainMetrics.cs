using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Turnpike.Core;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node.Telemetry;

/// <summary>Metrics of the meter Turnpike.Chain.</summary>
public sealed class ChainMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _gas;
    private readonly Counter<long> _transactions;
    private readonly Counter<long> _alerts;
    private readonly Histogram<long> _reorganisations;
    private readonly ConcurrentDictionary<Address, double> _balances = new();
    private readonly Meter _meter;

    internal ChainMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Turnpike.Chain");
        _duration = _meter.CreateHistogram<double>("turnpike.chain.rpc.duration", "s", "Time of a JSON-RPC exchange, by method and endpoint.");
        _errors = _meter.CreateCounter<long>("turnpike.chain.rpc.errors", "{error}", "JSON-RPC exchanges that gave no result, by method, endpoint and fault.");
        _gas = _meter.CreateCounter<long>("turnpike.chain.gas", "{gas}", "Gas used by confirmed transactions of the node, by account and purpose.");
        _transactions = _meter.CreateCounter<long>("turnpike.chain.transactions", "{transaction}", "Confirmed transactions of the node, by account, purpose and state.");
        _alerts = _meter.CreateCounter<long>("turnpike.chain.sender.alerts", "{alert}", "What transaction senders reported, by account and code.");
        _reorganisations = _meter.CreateHistogram<long>("turnpike.chain.reorganisations", "{block}", "Blocks that each reorganisation took back.");
        _meter.CreateObservableGauge("turnpike.chain.balance", () => _balances.Select(balance => new Measurement<double>(balance.Value, Label("account", balance.Key.ToString()))), "{coin}", "Gas money of each account of the node, in the chain's coin.");
    }

    /// <summary>Notes an exchange.</summary>
    public void NoteExchange(string method, string endpoint, TimeSpan duration, RpcException? error)
    {
        var (name, at) = (Label("method", method), Label("endpoint", endpoint));
        _duration.Record(duration.TotalSeconds, name, at);
        // A revert is a contract's answer, not the endpoint's failure.
        if (error is not null && error.Revert is null) _errors.Add(1, name, at, Label("fault", error.Fault.ToString()));
    }

    /// <summary>Notes the end of a transaction.</summary>
    /// <param name="account">Who sent it.</param>
    /// <param name="intent">The intent's id; what precedes its first slash is its purpose.</param>
    /// <param name="outcome">How it ended.</param>
    public void NoteTransaction(Address account, string intent, TransactionOutcome outcome)
    {
        var (sender, purpose) = (Label("account", account.ToString()), Label("purpose", intent.Split('/')[0]));
        _gas.Add((long)outcome.GasUsed, sender, purpose);
        _transactions.Add(1, sender, purpose, Label("state", outcome.State.ToString()));
    }

    /// <summary>Notes what a sender reported.</summary>
    public void NoteAlert(SenderAlert alert) => _alerts.Add(1, Label("account", alert.Account.ToString()), Label("code", alert.Code.ToString()));

    /// <summary>Notes a reorganisation.</summary>
    public void NoteReorganisation(int blocks) => _reorganisations.Record(blocks);

    /// <summary>Notes an account's money, in the chain's coin.</summary>
    public void NoteBalance(Address account, double coins) => _balances[account] = coins;

    /// <summary>Shows how far the node has read the chain.</summary>
    internal void Observe(NodeContext node)
    {
        _meter.CreateObservableGauge("turnpike.chain.head", () => (long)(node.History.Block?.Number ?? 0), "{block}", "Newest block that the node's ledger has applied.");
        _meter.CreateObservableGauge("turnpike.chain.head.age", () => node.History.Block is { } block ? Math.Max(0, (node.Now - (long)block.Timestamp * 1000) / 1e3) : 0, "s", "Age of that block: rises while the chain or the endpoint stands still.");
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
