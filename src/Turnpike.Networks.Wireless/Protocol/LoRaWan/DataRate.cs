using System.Globalization;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>How bits become waves: LoRa with a spreading factor and bandwidth, or FSK with a bit rate.</summary>
/// <param name="SpreadingFactor">5 to 12; 0 for FSK.</param>
/// <param name="Bandwidth">Hz; 0 for FSK.</param>
/// <param name="BitRate">Bits per second, FSK only.</param>
public readonly record struct DataRate(int SpreadingFactor, int Bandwidth, int BitRate)
{
    private const int MaxTextLength = 12;

    /// <summary>A LoRa rate.</summary>
    public static DataRate LoRa(int spreadingFactor, int kilohertz) => new(spreadingFactor, kilohertz * 1000, 0);

    /// <summary>An FSK rate.</summary>
    public static DataRate Fsk(int bitRate) => new(0, 0, bitRate);

    /// <summary>Whether it is LoRa.</summary>
    public bool IsLoRa => SpreadingFactor != 0;

    /// <summary>The least signal to noise ratio at which a receiver still demodulates, in tenths of a dB: -7.5 dB at SF7, 2.5 dB less for each step (SX1276 data sheet, table 13).</summary>
    public int RequiredSnr => -75 - 25 * (SpreadingFactor - 7);

    /// <summary>Reads "SF7BW125" or, for FSK, bits per second.</summary>
    public static bool TryParse(string? text, out DataRate rate)
    {
        rate = default;
        if (text is not { Length: > 0 and <= MaxTextLength }) return false;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            rate = Fsk(bits);
            return bits is > 0 and <= 1_000_000;
        }
        var separator = text.IndexOf("BW", StringComparison.Ordinal);
        if (!text.StartsWith("SF", StringComparison.Ordinal) || separator < 3
            || !int.TryParse(text.AsSpan(2, separator - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var factor) || factor is < 5 or > 12
            || !int.TryParse(text.AsSpan(separator + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var kilohertz) || kilohertz is not (125 or 250 or 500 or 203 or 406 or 812 or 1625)) return false;
        rate = LoRa(factor, kilohertz);
        return true;
    }

    /// <summary>"SF7BW125", or bits per second.</summary>
    public override string ToString() => IsLoRa ? string.Create(CultureInfo.InvariantCulture, $"SF{SpreadingFactor}BW{Bandwidth / 1000}") : BitRate.ToString(CultureInfo.InvariantCulture);
}
