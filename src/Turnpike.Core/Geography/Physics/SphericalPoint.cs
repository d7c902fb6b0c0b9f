namespace Turnpike.Core.Geography.Physics;

/// <summary>A place in degrees, as the field's files and interfaces give it. Rules see <see cref="Position"/> and <see cref="H3Cell"/> instead.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public readonly record struct SphericalPoint(double Latitude, double Longitude)
{
    internal const double RadiansPerDegree = 0.0174532925199432957692369076848861271111;
    internal const double DegreesPerRadian = 57.29577951308232087679815481410517033240547;

    /// <summary>The same place: 1e7 divides exactly enough that equal positions are equal points everywhere.</summary>
    public static SphericalPoint Of(Position position) => new(position.LatitudeE7 / (double)Position.PerDegree, position.LongitudeE7 / (double)Position.PerDegree);

    /// <summary>To the nearest 1e-7 degree, halves away from zero; longitudes beyond 180 degrees come back from the other side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A latitude beyond 90 degrees, a longitude beyond 540, or not a number.</exception>
    public Position ToPosition()
    {
        if (!(Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 540)) throw new ArgumentOutOfRangeException(nameof(Latitude), "A latitude is at most 90 degrees.");
        var longitude = Round(Longitude);
        const long Half = 180L * Position.PerDegree;
        if (longitude > Half) longitude -= 2 * Half;
        if (longitude < -Half) longitude += 2 * Half;
        return new Position((int)Round(Latitude), (int)longitude);
    }

    internal UnitVector ToVector()
    {
        var (sinLatitude, cosLatitude) = Trigonometry.SinCos(Latitude * RadiansPerDegree);
        var (sinLongitude, cosLongitude) = Trigonometry.SinCos(Longitude * RadiansPerDegree);
        return new UnitVector(cosLongitude * cosLatitude, sinLongitude * cosLatitude, sinLatitude);
    }

    private static long Round(double degrees) => (long)(degrees * Position.PerDegree + (degrees < 0 ? -0.5 : 0.5));
}
