namespace Turnpike.Core.Geography.Physics;

/// <summary>Between the sphere and the grids on the icosahedron's faces: the gnomonic projection, which makes great circles straight.</summary>
internal static class FacePlane
{
    // Half the square root of 3: what a step along j rises.
    private const double Rise = 0.8660254037844386467637231707529361834714;

    /// <summary>The cell of a face that holds a place.</summary>
    public static FaceCell CellOf(in UnitVector place, int resolution)
    {
        var centers = IcosahedronFaces.Centers;
        var face = 0;
        var nearest = -2.0;
        for (var f = 0; f < IcosahedronFaces.Count; f++)
        {
            var cosine = centers[3 * f] * place.X + centers[3 * f + 1] * place.Y + centers[3 * f + 2] * place.Z;
            if (cosine > nearest)
            {
                nearest = cosine;
                face = f;
            }
        }
        var axes = ((resolution & 1) == 0 ? IcosahedronFaces.EvenAxes : IcosahedronFaces.OddAxes).Slice(6 * face, 6);
        var scale = IcosahedronFaces.CellsPerPlaneUnit[resolution] / nearest;
        var x = (axes[0] * place.X + axes[1] * place.Y + axes[2] * place.Z) * scale;
        var y = (axes[3] * place.X + axes[4] * place.Y + axes[5] * place.Z) * scale;
        return new FaceCell(face, Round(x, y));
    }

    /// <summary>The place of a point of a face's grid.</summary>
    public static UnitVector PlaceOf(int face, double x, double y, int resolution, double scale = 1)
    {
        var axes = ((resolution & 1) == 0 ? IcosahedronFaces.EvenAxes : IcosahedronFaces.OddAxes).Slice(6 * face, 6);
        var center = IcosahedronFaces.Centers.Slice(3 * face, 3);
        var unit = IcosahedronFaces.PlaneUnitsPerCell[resolution] * scale;
        x *= unit;
        y *= unit;
        return new UnitVector(center[0] + (x * axes[0] + y * axes[3]), center[1] + (x * axes[1] + y * axes[4]), center[2] + (x * axes[2] + y * axes[5]));
    }

    /// <summary>The centre of a cell in its grid.</summary>
    public static (double X, double Y) PointOf(Hexagon cell) => (cell.I - 0.5 * cell.J, cell.J * Rise);

    // The nearest centre: round all three cube coordinates and correct the one that was furthest off.
    private static Hexagon Round(double x, double y)
    {
        var j = y / Rise;
        var i = x + 0.5 * j;
        var third = i - j;
        double roundI = Nearest(i), roundJ = Nearest(j), roundThird = Nearest(third);
        double offI = Math.Abs(roundI - i), offJ = Math.Abs(roundJ - j), offThird = Math.Abs(roundThird - third);
        if (offI > offJ && offI > offThird) roundI = roundThird + roundJ;
        else if (offJ > offThird) roundJ = roundI - roundThird;
        return new Hexagon((int)roundI, (int)roundJ);
    }

    private static double Nearest(double value) => (int)(value + (value < 0 ? -0.5 : 0.5));
}
