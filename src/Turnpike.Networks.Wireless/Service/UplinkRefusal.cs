namespace Turnpike.Networks.Wireless.Service;

/// <summary>Why the network does not take an uplink. The operator sees it as the reason why a copy was not bought.</summary>
public enum UplinkRefusal
{
    /// <summary>It does.</summary>
    None = 0,

    /// <summary>No LoRaWAN frame, or of a type that the network does not take.</summary>
    NotAFrame,

    /// <summary>No device of any organisation has the address or the EUI.</summary>
    UnknownDevice,

    /// <summary>The integrity code is right under no key.</summary>
    BadMic,

    /// <summary>The counter was used before.</summary>
    Replayed,

    /// <summary>The counter is further ahead than the network follows.</summary>
    CounterJump,

    /// <summary>The region has no such channel or data rate.</summary>
    NotInRegion,

    /// <summary>The join's nonce was used before.</summary>
    NonceReplayed,

    /// <summary>The organisation is suspended.</summary>
    Suspended,

    /// <summary>The copy came after its frame was handed on.</summary>
    Late,

    /// <summary>The organisation buys fewer copies than were heard.</summary>
    CopyLimit,

    /// <summary>No route of the organisation takes the device's uplinks.</summary>
    NoRoute,

    /// <summary>Joins, and frames with the network's own commands only: nothing that is sold.</summary>
    NothingToSell,
}
