namespace Turnpike.Core.Geography.Physics;

/// <summary>A closed ring of corners in radians, and whether a point is inside by casting a ray along its parallel.</summary>
internal sealed class PolygonRing
{
    private readonly (double Latitude, double Longitude)[] _corners;
    private readonly bool _crossesAntimeridian;
    private readonly double _south = double.MaxValue, _north = double.MinValue, _west = double.MaxValue, _east = double.MinValue;

    public PolygonRing(ReadOnlySpan<Position> corners)
    {
        if (corners.Length < 3) throw new ArgumentException("A ring has at least three corners.", nameof(corners));
        _corners = new (double Latitude, double Longitude)[corners.Length];
        for (var i = 0; i < corners.Length; i++)
        {
            var point = SphericalPoint.Of(corners[i]);
            _corners[i] = (point.Latitude * SphericalPoint.RadiansPerDegree, point.Longitude * SphericalPoint.RadiansPerDegree);
            var before = corners[(i + corners.Length - 1) % corners.Length];
            _crossesAntimeridian |= Math.Abs((long)corners[i].LongitudeE7 - before.LongitudeE7) > 180L * Position.PerDegree;
        }
        foreach (var (latitude, longitude) in _corners)
        {
            var east = Eastern(longitude);
            if (latitude < _south) _south = latitude;
            if (latitude > _north) _north = latitude;
            if (east < _west) _west = east;
            if (east > _east) _east = east;
        }
    }

    public int Count => _corners.Length;

    /// <summary>A point on the edge from corner i to the next, so many parts of the way.</summary>
    public SphericalPoint Between(int edge, int part, int parts)
    {
        var from = _corners[edge];
        var to = _corners[(edge + 1) % _corners.Length];
        double a = Eastern(from.Longitude), b = Eastern(to.Longitude);
        var share = (double)part / parts;
        return new SphericalPoint(
            (from.Latitude + (to.Latitude - from.Latitude) * share) * SphericalPoint.DegreesPerRadian,
            (a + (b - a) * share) * SphericalPoint.DegreesPerRadian);
    }

    public bool Contains(SphericalPoint point)
    {
        // A point on a corner's parallel counts as just north of it, one on a corner's meridian as just west.
        const double Nudge = 2.220446049250313e-16;
        var latitude = point.Latitude * SphericalPoint.RadiansPerDegree;
        var longitude = Eastern(point.Longitude * SphericalPoint.RadiansPerDegree);
        if (latitude < _south || latitude > _north || longitude < _west || longitude > _east) return false;
        var isInside = false;
        for (var i = 0; i < _corners.Length; i++)
        {
            var (low, high) = (_corners[i], _corners[(i + 1) % _corners.Length]);
            if (low.Latitude > high.Latitude) (low, high) = (high, low);
            if (latitude == low.Latitude || latitude == high.Latitude) latitude += Nudge;
            if (latitude < low.Latitude || latitude > high.Latitude) continue;
            double a = Eastern(low.Longitude), b = Eastern(high.Longitude);
            if (a == longitude || b == longitude) longitude -= Nudge;
            var share = (latitude - low.Latitude) / (high.Latitude - low.Latitude);
            if (a + (b - a) * share > longitude) isInside = !isInside;
        }
        return isInside;
    }

    private double Eastern(double longitude) => _crossesAntimeridian && longitude < 0 ? longitude + 2 * Trigonometry.Pi : longitude;
}
