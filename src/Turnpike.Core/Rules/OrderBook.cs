namespace Turnpike.Core.Rules;

/// <summary>The orders in force in one epoch: at most one per customer and service.</summary>
public sealed class OrderBook
{
    private readonly SortedDictionary<(Address Customer, string Service), ServiceOrder> _orders = new(KeyOrder.Instance);

    private OrderBook()
    {
    }

    /// <summary>Sorted by customer, then service (ordinal).</summary>
    public IReadOnlyCollection<ServiceOrder> Orders => _orders.Values;

    /// <summary>
    /// Carries the previous epoch's orders over and lets newly received ones replace them. Order of arrival does not matter: the higher nonce wins, and of
    /// two with one nonce the first in the list stays, so a caller lists them by (received time, identity). Expired orders are dropped.
    /// </summary>
    public static OrderBook Advance(IEnumerable<ServiceOrder> carried, IEnumerable<ServiceOrder> received, EpochNumber epoch)
    {
        var book = new OrderBook();
        foreach (var order in carried.Concat(received))
        {
            var key = (order.Customer, order.Service);
            if (!book._orders.TryGetValue(key, out var current) || order.Nonce > current.Nonce) book._orders[key] = order;
        }
        foreach (var expired in book._orders.Where(pair => pair.Value.UntilEpoch < epoch.Value).Select(pair => pair.Key).ToList()) book._orders.Remove(expired);
        return book;
    }

    /// <summary>The customer's order for the service if it covers the epoch.</summary>
    public bool TryGet(Address customer, string service, EpochNumber epoch, out ServiceOrder order)
    {
        var found = _orders.TryGetValue((customer, service), out var candidate) && candidate.FromEpoch <= epoch.Value && epoch.Value <= candidate.UntilEpoch;
        order = candidate!;
        return found;
    }

    private sealed class KeyOrder : IComparer<(Address Customer, string Service)>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare((Address Customer, string Service) x, (Address Customer, string Service) y)
        {
            var byCustomer = x.Customer.CompareTo(y.Customer);
            return byCustomer != 0 ? byCustomer : string.CompareOrdinal(x.Service, y.Service);
        }
    }
}
