namespace Turnpike.Core.Geography.Physics;

/// <summary>The haversine formula on H3's sphere.</summary>
public static class SphericalDistance
{
    /// <summary>Radius of the sphere with the area of WGS 84's ellipsoid, in kilometres.</summary>
    public const double EarthRadiusKilometres = 6371.007180918475;

    /// <summary>The angle between two places, in radians.</summary>
    public static double Radians(SphericalPoint a, SphericalPoint b)
    {
        double latitudeA = a.Latitude * SphericalPoint.RadiansPerDegree, latitudeB = b.Latitude * SphericalPoint.RadiansPerDegree;
        var sinLatitude = Trigonometry.Sin((latitudeB - latitudeA) * 0.5);
        var sinLongitude = Trigonometry.Sin((b.Longitude * SphericalPoint.RadiansPerDegree - a.Longitude * SphericalPoint.RadiansPerDegree) * 0.5);
        var haversine = sinLatitude * sinLatitude + Trigonometry.Cos(latitudeA) * Trigonometry.Cos(latitudeB) * sinLongitude * sinLongitude;
        return 2 * Trigonometry.Atan2(Math.Sqrt(haversine), Math.Sqrt(haversine < 1 ? 1 - haversine : 0));
    }

    /// <summary>The way over the surface, in kilometres.</summary>
    public static double Kilometres(SphericalPoint a, SphericalPoint b) => Radians(a, b) * EarthRadiusKilometres;

    internal static long Millimetres(Position a, Position b) => (long)(Kilometres(SphericalPoint.Of(a), SphericalPoint.Of(b)) * 1e6 + 0.5);
}
