namespace Turnpike.Core.Geography.Physics;

/// <summary>
/// The corners of a cell. They are points of a grid three times as fine, at an even resolution; each is carried to the face that it lies on and projected from there. At odd
/// resolutions edges cross those of the icosahedron, where the projection bends: the crossing becomes a corner of its own.
/// </summary>
internal static class CellBoundary
{
    private const double Rise = 0.8660254037844386467637231707529361834714;

    public static int Of(H3Cell cell, Span<SphericalPoint> corners)
    {
        var center = FaceCell.Of(cell.Value);
        var resolution = cell.Resolution;
        var isOdd = (resolution & 1) == 1;
        var isPentagon = cell.IsPentagon;
        var sides = isPentagon ? 5 : 6;
        ReadOnlySpan<Hexagon> even = [new(2, 1), new(1, 2), new(-1, 1), new(-2, -1), new(-1, -2), new(1, -1)];
        ReadOnlySpan<Hexagon> odd = [new(5, 4), new(1, 5), new(-4, 1), new(-5, -4), new(-1, -5), new(4, -1)];
        var middle = center.At * 3;
        if (isOdd)
        {
            middle = middle.Down(toOdd: false);
            resolution++;
        }
        var count = 0;
        var last = default(FaceCell);
        var lastCrossing = FaceCell.Crossing.None;
        for (var side = 0; side <= sides; side++)
        {
            var flat = middle + (isOdd ? odd : even)[side % sides];
            var corner = new FaceCell(center.Face, flat);
            var crossing = Walk(ref corner, resolution, isPentagon);
            if (isOdd && side > 0)
            {
                if (isPentagon) corners[count++] = PentagonCrossing(last, corner, resolution).ToPoint();
                else if (corner.Face != last.Face && lastCrossing != FaceCell.Crossing.OnEdge
                    && TryCrossing(center.Face, corner.Face == center.Face ? last.Face : corner.Face, middle + odd[(side + 5) % 6], flat, resolution, out var place)) corners[count++] = place.ToPoint();
            }
            if (side < sides)
            {
                var (x, y) = FacePlane.PointOf(corner.At);
                corners[count++] = FacePlane.PlaceOf(corner.Face, x, y, resolution, 1.0 / 3).ToPoint();
            }
            last = corner;
            lastCrossing = crossing;
        }
        return count;
    }

    private static FaceCell.Crossing Walk(ref FaceCell corner, int resolution, bool isPentagon)
    {
        var crossing = corner.Cross(resolution, isInSector4: false, isCorner: true);
        // A pentagon lies on five faces: its corners may be two edges away.
        while (isPentagon && crossing == FaceCell.Crossing.NewFace) crossing = corner.Cross(resolution, isInSector4: false, isCorner: true);
        return crossing;
    }

    // Each edge of an odd pentagon crosses one of the icosahedron's. The newer corner is seen from the older one's face.
    private static UnitVector PentagonCrossing(FaceCell last, FaceCell corner, int resolution)
    {
        var seen = corner;
        seen.CrossTo(last.Face, resolution);
        var edge = FaceCell.EdgeBetween(last.Face, corner.Face);
        var (x, y) = Intersection(FacePlane.PointOf(last.At), FacePlane.PointOf(seen.At), edge, resolution);
        return FacePlane.PlaceOf(last.Face, x, y, resolution, 1.0 / 3);
    }

    private static bool TryCrossing(int face, int otherFace, Hexagon from, Hexagon to, int resolution, out UnitVector place)
    {
        var start = FacePlane.PointOf(from);
        var end = FacePlane.PointOf(to);
        var (x, y) = Intersection(start, end, FaceCell.EdgeBetween(face, otherFace), resolution);
        place = FacePlane.PlaceOf(face, x, y, resolution, 1.0 / 3);
        return !IsSame(start, x, y) && !IsSame(end, x, y);
    }

    private static bool IsSame((double X, double Y) corner, double x, double y)
    {
        const double Tolerance = 1.1920928955078125e-7;
        return Math.Abs(corner.X - x) < Tolerance && Math.Abs(corner.Y - y) < Tolerance;
    }

    private static (double X, double Y) Intersection((double X, double Y) a, (double X, double Y) b, int edge, int resolution)
    {
        var extent = FaceCell.Extent(resolution);
        (double X, double Y) i = (3.0 * extent, 0), j = (-1.5 * extent, 3 * Rise * extent), k = (-1.5 * extent, -3 * Rise * extent);
        var (from, to) = edge switch
        {
            FaceCell.EdgeIJ => (i, j),
            FaceCell.EdgeJK => (j, k),
            _ => (k, i),
        };
        double dx = b.X - a.X, dy = b.Y - a.Y, ex = to.X - from.X, ey = to.Y - from.Y;
        var t = (ex * (a.Y - from.Y) - ey * (a.X - from.X)) / (dx * ey - ex * dy);
        return (a.X + t * dx, a.Y + t * dy);
    }
}
