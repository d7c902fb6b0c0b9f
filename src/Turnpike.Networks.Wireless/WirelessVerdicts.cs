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
    public static readonly VerdictCode NotARouter = Module.Declare(304, "not-a-router", "A usage batch or a tally of refusals counts only if the device that signed it is registered as a router and not suspended.");

    /// <summary>No device of any organisation.</summary>
    public static readonly VerdictCode UnknownSensor = Module.Declare(305, "unknown-sensor", "The router knows no sensor of any organisation by the frame's address or EUI: the packet is another network's.");

    /// <summary>No route.</summary>
    public static readonly VerdictCode NoRoute = Module.Declare(306, "no-route", "The sensor's organisation has no route that takes its packets.");

    /// <summary>Enough copies.</summary>
    public static readonly VerdictCode CopyLimit = Module.Declare(307, "copy-limit", "The organisation buys fewer copies of a packet than were heard, and others were better: stronger signal to noise, then strength, then first come.");

    /// <summary>A suspended organisation.</summary>
    public static readonly VerdictCode SuspendedCustomer = Module.Declare(308, "suspended-customer", "The organisation is suspended, for want of credits or of an order; nothing is bought for it.");

    /// <summary>After the frame was handed on.</summary>
    public static readonly VerdictCode Late = Module.Declare(309, "late", "The copy came after the packet had been handed on, or from an agent that had kept it through a lost connection.");

    /// <summary>A counter that was used.</summary>
    public static readonly VerdictCode Replayed = Module.Declare(310, "replayed", "The frame was heard before: a repetition of the sensor, or a replay by somebody else.");

    /// <summary>A wrong integrity code.</summary>
    public static readonly VerdictCode BadMic = Module.Declare(311, "bad-mic", "The frame's integrity code is right under no key of the sensors that have the address.");

    /// <summary>A counter too far ahead.</summary>
    public static readonly VerdictCode CounterJump = Module.Declare(312, "counter-jump", "The frame's counter is further ahead than the network follows.");

    /// <summary>Another region's channel.</summary>
    public static readonly VerdictCode NotInRegion = Module.Declare(313, "not-in-region", "The sensor's region has no such channel or data rate, or the router does not serve the region.");

    /// <summary>A join again.</summary>
    public static readonly VerdictCode NonceReplayed = Module.Declare(314, "nonce-replayed", "The join request's nonce was used before.");

    /// <summary>No frame.</summary>
    public static readonly VerdictCode NotAFrame = Module.Declare(315, "not-a-frame", "No LoRaWAN uplink: damaged, of another version, or of a type that routers do not take.");

    /// <summary>The network's own business.</summary>
    public static readonly VerdictCode NothingToSell = Module.Declare(316, "nothing-to-sell", "A join, or a frame with the network's own commands only: free, and no fault of the hotspot.");
}
