using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Tests.Rules;

public sealed class OrderBookTests
{
    private static readonly EpochNumber Epoch = new(10);

    [Fact]
    public void Higher_nonce_wins_in_any_order()
    {
        ServiceOrder[] orders = [World.Order(nonce: 1, cap: 1), World.Order(nonce: 3, cap: 3), World.Order(nonce: 2, cap: 2)];
        for (var carried = 0; carried <= 3; carried++)
            Assert.Equal(3UL, OrderBook.Advance(orders[..carried], orders[carried..]).Orders.Single().CapPerEpoch);
        Assert.Equal(3UL, OrderBook.Advance([], orders.Reverse()).Orders.Single().CapPerEpoch);
    }

    [Fact]
    public void Of_two_with_one_nonce_the_first_stays_and_the_carried_one_is_first()
    {
        Assert.Equal(1UL, OrderBook.Advance([], [World.Order(cap: 1), World.Order(cap: 2)]).Orders.Single().CapPerEpoch);
        Assert.Equal(1UL, OrderBook.Advance([World.Order(cap: 1)], [World.Order(cap: 2)]).Orders.Single().CapPerEpoch);
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(1, 9, false)]
    [InlineData(11, 20, false)]
    public void Order_is_in_force_from_its_first_epoch_to_its_last(ulong from, ulong until, bool inForce) =>
        Assert.Equal(inForce, OrderBook.Advance([], [World.Order(from: from, until: until)]).TryGet(World.Customer(1), "lorawan-data", Epoch, out _));

    [Fact]
    public void Customers_and_services_are_apart_and_sorted()
    {
        ServiceOrder[] orders = [World.Order(2, service: "b"), World.Order(1), World.Order(2, service: "B"), World.Order(3)];
        var sorted = OrderBook.Advance([], orders).Orders.Select(order => (order.Customer, order.Service)).ToList();
        Assert.Equal(orders.Select(order => (order.Customer, order.Service)).OrderBy(key => key.Customer).ThenBy(key => key.Service, StringComparer.Ordinal), sorted);
        Assert.False(OrderBook.Advance([], orders).TryGet(World.Customer(2), "lorawan-data", Epoch, out _));
    }

    /// <summary>Orders are public evidence: anybody can hand one in again. A customer's short last order must not give his old one its force back.</summary>
    [Fact]
    public void Replaced_order_stays_replaced_when_the_one_that_replaced_it_has_expired()
    {
        var old = World.Order(nonce: 1, until: 1_000);
        var book = OrderBook.Advance([old], [World.Order(nonce: 2, until: 10, cap: 0)]);
        for (var epoch = Epoch.Next; epoch.Value < 20; epoch = epoch.Next)
        {
            book = OrderBook.Advance(book.Orders, [old]);
            Assert.False(book.TryGet(World.Customer(1), "lorawan-data", epoch, out _));
        }
    }
}
