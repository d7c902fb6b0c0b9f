using Turnpike.Core.Geography.Physics;

namespace Turnpike.Core.Geography;

/// <summary>Distances over the surface of H3's sphere (radius 6371.007180918475 km, the one with the area of WGS 84).</summary>
public static class GreatCircle
{
    /// <summary>Millimetres between two places, rounded to the nearest; the same number on every machine.</summary>
    public static long Millimetres(Position a, Position b) => SphericalDistance.Millimetres(a, b);
}
