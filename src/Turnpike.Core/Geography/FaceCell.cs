namespace Turnpike.Core.Geography;

/// <summary>A cell by its place on a face of the icosahedron, and the way across the face's edges. Mutable: it walks.</summary>
internal struct FaceCell(int face, Hexagon at)
{
    public int Face = face;
    public Hexagon At = at;

    /// <summary>Where a walk over an edge ended.</summary>
    public enum Crossing
    {
        /// <summary>It stayed inside.</summary>
        None,

        /// <summary>It ended on the edge itself: only corners of cells do.</summary>
        OnEdge,

        /// <summary>It is on another face.</summary>
        NewFace,
    }

    // The faces over the edges IJ, KI and JK of each face. 0 to 4 surround one end of the icosahedron, 15 to 19 the other.
    private static ReadOnlySpan<byte> Neighbors =>
    [
        4, 1, 5, 0, 2, 6, 1, 3, 7, 2, 4, 8, 3, 0, 9,
        10, 14, 0, 11, 10, 1, 12, 11, 2, 13, 12, 3, 14, 13, 4,
        5, 6, 15, 6, 7, 16, 7, 8, 17, 8, 9, 18, 9, 5, 19,
        16, 19, 10, 17, 15, 11, 18, 16, 12, 19, 17, 13, 15, 18, 14,
    ];

    public const int EdgeIJ = 0;
    public const int EdgeKI = 1;
    public const int EdgeJK = 2;

    /// <summary>Which edge lies between two faces; -1 when none does.</summary>
    public static int EdgeBetween(int face, int other)
    {
        for (var edge = 0; edge < 3; edge++)
        {
            if (Neighbors[3 * face + edge] == other) return edge;
        }
        return -1;
    }

    /// <summary>The greatest i + j + k on a face, at an even resolution.</summary>
    public static int Extent(int resolution) => 2 * Sevens(resolution);

    /// <summary>The place of the cell with this index. Its digits are read down from its base cell, then it is carried over the edges that it passed.</summary>
    public static FaceCell Of(ulong index)
    {
        var resolution = H3Cell.ResolutionOf(index);
        var baseCell = H3Cell.BaseCellOf(index);
        var isPentagon = BaseCells.IsPentagon(baseCell);
        var leading = Digits.Leading(index, resolution);
        // Sector 5 of a pentagon lies beside the missing one.
        if (isPentagon && leading == 5) index = Digits.Turn(index, resolution, 5);
        var home = BaseCells.Home(baseCell);
        var cell = new FaceCell(BaseCells.HomeFace(baseCell), Down(index, resolution, home));
        // All of a hexagon in the middle of a face is on that face.
        if (!isPentagon && (resolution == 0 || home == default)) return cell;

        var unmoved = cell.At;
        var isOdd = (resolution & 1) == 1;
        if (isOdd)
        {
            cell.At = cell.At.Down(toOdd: false);
            resolution++;
        }
        if (cell.Cross(resolution, isPentagon && leading == 4, isCorner: false) == Crossing.None)
        {
            cell.At = unmoved;
            return cell;
        }
        while (isPentagon && cell.Cross(resolution, false, isCorner: false) != Crossing.None)
        {
        }
        if (isOdd) cell.At = cell.At.Up(fromOdd: false);
        return cell;
    }

    /// <summary>Follows the digits from a base cell's place down to the resolution.</summary>
    public static Hexagon Down(ulong index, int resolution, Hexagon at)
    {
        for (var r = 1; r <= resolution; r++) at = at.Down(toOdd: (r & 1) == 1) + Hexagon.Unit(Digits.Of(index, r));
        return at;
    }

    /// <summary>Carries the place over the face's edge if it lies beyond it. Corners of cells live on a grid three times as fine.</summary>
    /// <param name="resolution">Even.</param>
    /// <param name="isInSector4">A pentagon's sector 4, where the missing one has to be stepped over.</param>
    /// <param name="isCorner">Whether the place is a corner of a cell.</param>
    public Crossing Cross(int resolution, bool isInSector4, bool isCorner)
    {
        var unit = Sevens(resolution) * (isCorner ? 3 : 1);
        var extent = 2 * unit;
        var least = Math.Min(Math.Min(At.I, At.J), 0);
        int k = -least, j = At.J - least;
        var sum = At.I + At.J - 3 * least;
        if (sum < extent) return Crossing.None;
        if (sum == extent) return isCorner ? Crossing.OnEdge : Crossing.None;

        var edge = k == 0 ? EdgeIJ : j > 0 ? EdgeJK : EdgeKI;
        if (edge == EdgeKI && isInSector4)
        {
            var corner = new Hexagon(extent, 0);
            At = (At - corner).Turn(5) + corner;
        }
        Over(edge, unit);
        return isCorner && SumOf(At) == extent ? Crossing.OnEdge : Crossing.NewFace;
    }

    /// <summary>The same corner as seen from the plane of a neighbouring face, wherever it lies.</summary>
    public void CrossTo(int face, int resolution) => Over(EdgeBetween(Face, face), 3 * Sevens(resolution));

    private void Over(int edge, int unit)
    {
        // The faces of the belt, 5 to 14, stand head to head with their neighbours to both sides.
        var isBelt = Face is >= 5 and <= 14;
        var (turn, shift) = (edge, isBelt) switch
        {
            (EdgeJK, _) => (3, new Hexagon(-2, 0)),
            (EdgeIJ, true) => (3, new Hexagon(2, 2)),
            (EdgeKI, true) => (3, new Hexagon(0, -2)),
            (EdgeIJ, false) => (1, new Hexagon(0, -2)),
            _ => (5, new Hexagon(2, 2)),
        };
        Face = Neighbors[3 * Face + edge];
        At = At.Turn(turn) + shift * unit;
    }

    private static int SumOf(Hexagon at) => at.I + at.J - 3 * Math.Min(Math.Min(at.I, at.J), 0);

    private static int Sevens(int resolution)
    {
        ReadOnlySpan<int> powers = [1, 7, 49, 343, 2401, 16807, 117649, 823543, 5764801];
        return powers[resolution / 2];
    }
}
