namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>Why bytes are no LoRaWAN frame.</summary>
public enum FrameProblem
{
    /// <summary>They are one.</summary>
    None = 0,

    /// <summary>Fewer bytes than a frame of this type has.</summary>
    TooShort = 1,

    /// <summary>More than 255 bytes, or more than a frame of this type has.</summary>
    TooLong = 2,

    /// <summary>The major version is not LoRaWAN R1.</summary>
    UnknownMajor = 3,

    /// <summary>Another type of frame than is read here.</summary>
    OtherType = 4,

    /// <summary>FOpts reach beyond the frame.</summary>
    OptionsTooLong = 5,

    /// <summary>MAC commands both in FOpts and under port 0.</summary>
    OptionsWithPortZero = 6,
}
