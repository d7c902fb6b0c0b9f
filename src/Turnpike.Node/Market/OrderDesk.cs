using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Settings;
using Turnpike.Node.Telemetry;

namespace Turnpike.Node.Market;

/// <summary>
/// Whether a gateway takes a customer's order. Every order is kept for ever, so it must cost somebody something: the customer needs unspent credits on deposit, and may send a bounded number an epoch.
/// Whoever has no deposit holds no place in the count, so the count is bounded by the customers there are. Thread-safe.
/// </summary>
public sealed class OrderDesk(LedgerHistory history, DoorOptions options, MarketMetrics? metrics = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, int> _orders = [];
    private EpochNumber _epoch;

    /// <summary>Judges an order whose signature is right.</summary>
    /// <param name="order">The order.</param>
    /// <param name="now">Unix milliseconds.</param>
    public AdmissionCode Judge(ServiceOrder order, long now)
    {
        var (deposit, drawn, epoch) = history.Read(state => (state.Deposits.GetValueOrDefault(order.Customer), state.Drawn.GetValueOrDefault(order.Customer), state.Clock.TryAt(now, out var running) ? running : default));
        if (deposit < drawn + options.OrderDeposit) return AdmissionCode.NoDeposit;
        lock (_lock)
        {
            if (epoch != _epoch)
            {
                _orders.Clear();
                _epoch = epoch;
            }
            var count = _orders.GetValueOrDefault(order.Customer);
            if (count >= options.OrdersPerEpoch) return AdmissionCode.TooManyOrders;
            _orders[order.Customer] = count + 1;
        }
        return AdmissionCode.Admitted;
    }

    /// <summary>Notes how an order ended.</summary>
    public void Note(AdmissionCode code) => metrics?.NoteOrder(code);
}
