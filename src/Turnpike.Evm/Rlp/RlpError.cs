namespace Turnpike.Evm;

/// <summary>Why bytes are not canonical RLP within the limits. Numbers are stable.</summary>
public enum RlpError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The input ends inside an item.</summary>
    Truncated = 1,

    /// <summary>Bytes follow the item.</summary>
    TrailingBytes = 2,

    /// <summary>A byte below 0x80 was written with a length prefix instead of as itself.</summary>
    NonCanonicalByte = 3,

    /// <summary>A length has a leading zero, or its long form holds less than 56.</summary>
    NonCanonicalLength = 4,

    /// <summary>A length is beyond 2^31 - 1.</summary>
    LengthTooLarge = 5,

    /// <summary>The input is longer than the limit.</summary>
    InputTooLarge = 6,

    /// <summary>Lists are nested deeper than the limit.</summary>
    TooDeep = 7,

    /// <summary>The input holds more items than the limit.</summary>
    TooManyItems = 8,

    /// <summary>A list stands where bytes belong, or bytes where a list belongs.</summary>
    UnexpectedKind = 9,

    /// <summary>A number has a leading zero byte.</summary>
    LeadingZero = 10,

    /// <summary>A number or byte string has a length that its field does not allow.</summary>
    WrongSize = 11,
}
