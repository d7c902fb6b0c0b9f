namespace Turnpike.Core.Geography;

/// <summary>A place on earth as rules see it: integers of 1e-7 degree, about a centimetre.</summary>
public readonly record struct Position
{
    /// <summary>1e-7 degrees in a degree.</summary>
    public const int PerDegree = 10_000_000;

    private const int MostLatitude = 90 * PerDegree;
    private const int MostLongitude = 180 * PerDegree;

    /// <summary>A place by its latitude, north positive, and longitude, east positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Beyond 90 or 180 degrees.</exception>
    public Position(int latitudeE7, int longitudeE7)
    {
        if (!IsPlace(latitudeE7, longitudeE7)) throw new ArgumentOutOfRangeException(nameof(latitudeE7), $"({latitudeE7}, {longitudeE7}) is no place: at most 90 and 180 degrees of 1e7 either way.");
        LatitudeE7 = latitudeE7;
        LongitudeE7 = longitudeE7;
    }

    /// <summary>Latitude in 1e-7 degrees.</summary>
    public int LatitudeE7 { get; }

    /// <summary>Longitude in 1e-7 degrees.</summary>
    public int LongitudeE7 { get; }

    /// <summary>False beyond 90 or 180 degrees.</summary>
    public static bool TryCreate(long latitudeE7, long longitudeE7, out Position position)
    {
        var isPlace = IsPlace(latitudeE7, longitudeE7);
        position = isPlace ? new Position((int)latitudeE7, (int)longitudeE7) : default;
        return isPlace;
    }

    private static bool IsPlace(long latitudeE7, long longitudeE7) =>
        latitudeE7 is >= -MostLatitude and <= MostLatitude && longitudeE7 is >= -MostLongitude and <= MostLongitude;
}
