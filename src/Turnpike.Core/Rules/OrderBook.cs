namespace Turnpike.Core.Rules;

/// <summary>The last order of each customer and service, whether it is in force or not.</summary>
public sealed class OrderBook
{
    private readonly SortedDictionary<(Address Customer, string Service), ServiceOrder> _orders = new(KeyOrder.Instance);
    private readonly Dictionary<(Address Customer, string Service), ServiceOrder> _index = [];

    private OrderBook()
    {
    }

    /// <summary>Sorted by customer, then service (ordinal).</summary>
    public IReadOnlyCollection<ServiceOrder> Orders => _orders.Values;

    /// <summary>
    /// Carries the previous epoch's orders over and lets newly received ones replace them. Order of arrival does not matter: the higher nonce wins, and of
    /// two with one nonce the first in the list stays, so a caller lists them by (received time, identity). Expired orders stay: their nonce keeps anybody from
    /// handing in an older order again, which is public, and charging a customer by what he had replaced.
    /// </summary>
    public static OrderBook Advance(IEnumerable<ServiceOrder> carried, IEnumerable<ServiceOrder> received)
    {
        var book = new OrderBook();
        foreach (var order in carried.Concat(received))
        {
            var key = (order.Customer, order.Service);
            if (!book._orders.TryGetValue(key, out var current) || order.Nonce > current.Nonce) book._orders[key] = book._index[key] = order;
        }
        return book;
    }

    /// <summary>The customer's order for the service if it covers the epoch.</summary>
    public bool TryGet(Address customer, string service, EpochNumber epoch, out ServiceOrder order)
    {
        var found = _index.TryGetValue((customer, service), out var candidate) && candidate.FromEpoch <= epoch.Value && epoch.Value <= candidate.UntilEpoch;
        order = candidate!;
        return found;
    }

    /// <summary>By customer, then service (ordinal).</summary>
    internal static int Compare(ServiceOrder left, ServiceOrder right) => KeyOrder.Instance.Compare((left.Customer, left.Service), (right.Customer, right.Service));

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
