using Turnpike.Core;

namespace Turnpike.Networks.Wireless;

/// <summary>Verdicts of the wireless packs, 300 to 399.</summary>
public static class WirelessVerdicts
{
    /// <summary>The range.</summary>
    public static readonly VerdictModule Module = new("wireless", 300, 399);

    /// <summary>A copy of what was just sold.</summary>
    public static readonly VerdictCode Retransmission = Module.Declare(301, "retransmission", "The same packet through the same gateway was sold a moment ago; the sensor repeated it.");

    /// <summary>The order does not pay the tariff.</summary>
    public static readonly VerdictCode PriceBelowTariff = Module.Declare(302, "price-below-tariff", "The organisation's order pays less for a unit than the network's tariff.");

    /// <summary>The order trusts another meter.</summary>
    public static readonly VerdictCode OtherMeter = Module.Declare(303, "other-meter", "The organisation's order accepts the metering of another gateway or router only.");

    /// <summary>A batch that only a router may sign.</summary>
    public static readonly VerdictCode NotARouter = Module.Declare(304, "not-a-router", "A usage batch counts only if the device that signed it is registered as a router and not suspended.");
}
