using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>On what terms an organisation buys a device's uplinks.</summary>
/// <param name="Organisation">Who pays.</param>
/// <param name="Route">The route's name.</param>
/// <param name="MaxCopies">Most copies of a packet that are bought; 1 to 64.</param>
/// <param name="Suspension">Why nothing is bought now, in words for the customer; null when it is.</param>
public sealed record Subscription(Address Organisation, string Route, int MaxCopies, string? Suspension);

/// <summary>What the router asks of the customers' books, and writes into them.</summary>
public interface ICustomerBooks
{
    /// <summary>The terms for a device; null when no route takes its uplinks.</summary>
    ValueTask<Subscription?> SubscriptionOfAsync(EndDevice device, CancellationToken cancellation);

    /// <summary>Keeps an event for the customer and counts what it costs him; durable on return. An event whose id is kept already is kept once and costs once.</summary>
    ValueTask DeliverAsync(CustomerEvent happened, CancellationToken cancellation);
}
