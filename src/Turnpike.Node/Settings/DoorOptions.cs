namespace Turnpike.Node.Settings;

/// <summary>What strangers may ask of a node. An address is an IPv4 address or an IPv6 network of 64 bits; beyond its allowance it is answered 429 with Retry-After.</summary>
public sealed class DoorOptions
{
    /// <summary>Requests a second that one address may make over time. Default 200: an office of gateways behind one address. Too low, honest devices wait.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests that one address may make at once after a silence. Default 2000.</summary>
    public int RequestBurst { get; init; } = 2000;

    /// <summary>Heavy questions (why, claim and charge proofs) a minute from one address. Default 60. Too high, one stranger keeps a core busy.</summary>
    public int HeavyPerMinute { get; init; } = 60;

    /// <summary>Heavy questions answered at the same time, from everybody. Default 4; as many wait, further ones are answered 429. Too high, settlement competes with questions.</summary>
    public int HeavyAtOnce { get; init; } = 4;

    /// <summary>Whether requests from this machine itself are not counted. Default true; a request that carries X-Forwarded-For is counted all the same.</summary>
    public bool ExemptLoopback { get; init; } = true;

    /// <summary>Credits that a customer must have deposited, and not spent, before his orders are taken. Default 10; code 121. At 0 anybody can fill the log with orders.</summary>
    public ulong OrderDeposit { get; init; } = 10;

    /// <summary>Orders that a gateway takes from one customer in an epoch. Default 20; code 122. Too high, a customer fills the log for the price of one deposit.</summary>
    public int OrdersPerEpoch { get; init; } = 20;

    internal IEnumerable<string> Problems()
    {
        if (RequestsPerSecond < 1) yield return $"door.requestsPerSecond is {RequestsPerSecond}: at least 1.";
        if (RequestBurst < RequestsPerSecond) yield return $"door.requestBurst is {RequestBurst}: at least door.requestsPerSecond.";
        if (HeavyPerMinute < 1) yield return $"door.heavyPerMinute is {HeavyPerMinute}: at least 1.";
        if (HeavyAtOnce < 1) yield return $"door.heavyAtOnce is {HeavyAtOnce}: at least 1.";
        if (OrdersPerEpoch < 1) yield return $"door.ordersPerEpoch is {OrdersPerEpoch}: at least 1.";
    }
}
