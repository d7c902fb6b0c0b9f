using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>GPS time, which LoRaWAN gives to devices: seconds since 1980-01-06 without leap seconds.</summary>
internal static class GpsTime
{
    private const long Epoch = 315_964_800_000;

    // Leap seconds between GPS and UTC; 18 since 2017 (IERS Bulletin C), none since.
    private const long LeapMilliseconds = 18_000;

    public static MacCommand Answer(long unixMilliseconds)
    {
        var gps = unixMilliseconds - Epoch + LeapMilliseconds;
        return MacCommand.DeviceTimeAns((uint)(gps / 1000), (byte)(gps % 1000 * 256 / 1000));
    }
}
