namespace Turnpike.Core.Geography.Physics;

/// <summary>Walks along all rings and marks the cells passed, then floods from these over every neighbour whose centre is inside.</summary>
internal static class PolygonFill
{
    // Steps along an edge, as a share of the mean distance between centres at the resolution: the smallest cells, beside pentagons, are about 0.6 of the mean across.
    private const double StepShare = 0.4;

    // Mean edge of resolution 0 times the square root of 3, in radians; each resolution is smaller by the square root of 7.
    private const double MeanSpacing = 0.348;

    public static H3Cell[] Cells(ReadOnlySpan<Position> outer, ReadOnlySpan<Position[]> holes, int resolution, int most)
    {
        H3Cell.RequireResolution(resolution, 0, H3Cell.MaxResolution);
        var rings = new PolygonRing[1 + holes.Length];
        rings[0] = new PolygonRing(outer);
        for (var i = 0; i < holes.Length; i++) rings[i + 1] = new PolygonRing(holes[i]);

        var seen = new HashSet<H3Cell>();
        var inside = new List<H3Cell>();
        foreach (var ring in rings) Trace(ring, resolution, seen, most);
        var edge = seen.ToList();
        seen.Clear();
        foreach (var cell in edge) Visit(cell);
        for (var next = 0; next < edge.Count; next++) VisitNeighbors(edge[next]);
        for (var next = 0; next < inside.Count; next++) VisitNeighbors(inside[next]);
        inside.Sort();
        return [.. inside];

        void VisitNeighbors(H3Cell cell)
        {
            Span<H3Cell> near = stackalloc H3Cell[7];
            var count = H3Grid.Disk(cell, 1, near);
            foreach (var neighbor in near[..count]) Visit(neighbor);
        }

        void Visit(H3Cell cell)
        {
            if (!seen.Add(cell) || !IsInside(rings, H3Sphere.CenterOf(cell))) return;
            if (inside.Count == most) throw new ArgumentException($"The polygon needs more than {most} cells of resolution {resolution}.", nameof(outer));
            inside.Add(cell);
        }
    }

    private static bool IsInside(PolygonRing[] rings, SphericalPoint center)
    {
        if (!rings[0].Contains(center)) return false;
        foreach (var hole in rings.AsSpan(1))
        {
            if (hole.Contains(center)) return false;
        }
        return true;
    }

    private static void Trace(PolygonRing ring, int resolution, HashSet<H3Cell> passed, int most)
    {
        var step = MeanSpacing * StepShare;
        for (var r = 0; r < resolution; r++) step /= 2.6457513110645905905;
        for (var edge = 0; edge < ring.Count; edge++)
        {
            // Along a parallel the way is not a great circle: its length in both coordinates bounds it.
            var length = SphericalDistance.Radians(ring.Between(edge, 0, 1), ring.Between(edge, 1, 2)) + SphericalDistance.Radians(ring.Between(edge, 1, 2), ring.Between(edge, 1, 1));
            if (length / step > most) throw new ArgumentException($"The polygon needs more than {most} cells of resolution {resolution}.", nameof(ring));
            var parts = (int)(length / step) + 1;
            for (var part = 0; part < parts; part++) passed.Add(H3Sphere.CellOf(ring.Between(edge, part, parts), resolution));
        }
    }
}
