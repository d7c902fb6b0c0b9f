namespace Turnpike.Core.Geography.Physics;

/// <summary>
/// Cells to places and back. The only floating point behind <see cref="H3Cell"/>, and the reason why this namespace may hold doubles: everything here is made of operations that
/// IEEE 754 defines to the bit (+ - * / and square root), so the cell that holds a place is the same on every processor. Allocation-free; safe for any number of threads.
/// </summary>
public static class H3Sphere
{
    /// <summary>The cell that holds a place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate beyond 720 degrees or not a number, or no such resolution.</exception>
    public static H3Cell CellOf(SphericalPoint point, int resolution)
    {
        H3Cell.RequireResolution(resolution, 0, H3Cell.MaxResolution);
        if (!(Math.Abs(point.Latitude) <= 720 && Math.Abs(point.Longitude) <= 720)) throw new ArgumentOutOfRangeException(nameof(point), "Degrees beyond 720, or no number.");
        return FaceIndex.Of(FacePlane.CellOf(point.ToVector(), resolution), resolution);
    }

    /// <summary>The centre of a cell.</summary>
    public static SphericalPoint CenterOf(H3Cell cell)
    {
        var place = FaceCell.Of(cell.Value);
        var (x, y) = FacePlane.PointOf(place.At);
        return FacePlane.PlaceOf(place.Face, x, y, cell.Resolution).ToPoint();
    }

    /// <summary>Writes the corners of a cell counter-clockwise and returns how many, at most <see cref="H3Cell.MaxCorners"/>.</summary>
    public static int BoundaryOf(H3Cell cell, Span<SphericalPoint> corners) => CellBoundary.Of(cell, corners);

    internal static H3Cell CellOf(Position position, int resolution) => CellOf(SphericalPoint.Of(position), resolution);

    internal static Position CenterPosition(H3Cell cell) => CenterOf(cell).ToPosition();

    internal static int BoundaryPositions(H3Cell cell, Span<Position> corners)
    {
        Span<SphericalPoint> points = stackalloc SphericalPoint[H3Cell.MaxCorners];
        var count = CellBoundary.Of(cell, points);
        for (var i = 0; i < count; i++) corners[i] = points[i].ToPosition();
        return count;
    }
}
