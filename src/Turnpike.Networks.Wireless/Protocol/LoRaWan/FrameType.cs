namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>MType: the highest three bits of a frame's first byte (LoRaWAN 1.0.4, 4.2.1).</summary>
public enum FrameType
{
    /// <summary>A device asks to join.</summary>
    JoinRequest = 0,

    /// <summary>A network lets it.</summary>
    JoinAccept = 1,

    /// <summary>Data from a device that wants no acknowledgement.</summary>
    UnconfirmedUp = 2,

    /// <summary>Data to a device that is to give no acknowledgement.</summary>
    UnconfirmedDown = 3,

    /// <summary>Data from a device, to be acknowledged.</summary>
    ConfirmedUp = 4,

    /// <summary>Data to a device, to be acknowledged.</summary>
    ConfirmedDown = 5,

    /// <summary>A device of LoRaWAN 1.1 asks for a new context.</summary>
    Rejoin = 6,

    /// <summary>Whatever a maker wants.</summary>
    Proprietary = 7,
}
