namespace Turnpike.Core.Rules;

/// <summary>
/// A customer's signed (EIP-712) permission to be charged. Usage without one earns nothing; what invented usage can cost a customer is bounded by his cap and his deposit.
/// The order with the highest nonce replaces the customer's earlier ones for the same service.
/// </summary>
public sealed record ServiceOrder
{
    /// <summary>Who pays, and who signed.</summary>
    public required Address Customer { get; init; }

    /// <summary>What is bought: the pack's service name, such as "lorawan-data".</summary>
    public required string Service { get; init; }

    /// <summary>
    /// Whose word meters the usage: a gateway's account for what it received, or a router's meter address for what the router signed. The zero address accepts any
    /// registered gateway and router.
    /// </summary>
    public required Address Meter { get; init; }

    /// <summary>The most that the customer pays for one unit of the service, in credits.</summary>
    public required ulong Price { get; init; }

    /// <summary>The most that one epoch may charge, in credits.</summary>
    public required ulong CapPerEpoch { get; init; }

    /// <summary>First epoch in which it may be charged.</summary>
    public required ulong FromEpoch { get; init; }

    /// <summary>Last epoch in which it may be charged.</summary>
    public required ulong UntilEpoch { get; init; }

    /// <summary>Grows with every order of the customer.</summary>
    public required ulong Nonce { get; init; }
}
