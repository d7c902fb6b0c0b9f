using Turnpike.Core.Geography.Physics;

namespace Turnpike.Core.Geography;

/// <summary>Polygons to cells. Edges are straight in latitude and longitude, as in GeoJSON; two polygons that share an edge share no cell.</summary>
public static class H3Polygon
{
    /// <summary>The cells whose centres are inside the outer ring and outside every hole, in ascending order.</summary>
    /// <param name="outer">Corners in order; the last is joined to the first. A ring wider than 180 degrees is taken to cross the antimeridian.</param>
    /// <param name="holes">Rings cut out of it.</param>
    /// <param name="resolution">Of the cells.</param>
    /// <param name="most">Refuses a polygon that needs more cells than this.</param>
    /// <exception cref="ArgumentException">A ring has fewer than three corners, or there are more cells than <paramref name="most"/>.</exception>
    public static H3Cell[] Cells(ReadOnlySpan<Position> outer, ReadOnlySpan<Position[]> holes, int resolution, int most = 10_000_000) => PolygonFill.Cells(outer, holes, resolution, most);
}
