namespace Turnpike.Core.Geography;

/// <summary>From a place on a face to the index: digits are found from the finest resolution up, then turned into the frame of the base cell.</summary>
internal static class FaceIndex
{
    public static H3Cell Of(FaceCell cell, int resolution)
    {
        var at = cell.At;
        var digits = Digits.Mask;
        for (var r = resolution; r > 0; r--)
        {
            var isOdd = (r & 1) == 1;
            var parent = at.Up(fromOdd: isOdd);
            digits = Digits.With(digits, r, (at - parent.Down(toOdd: isOdd)).Digit);
            at = parent;
        }
        var least = Math.Min(Math.Min(at.I, at.J), 0);
        int i = at.I - least, j = at.J - least, k = -least;
        var entry = BaseCells.OnFaces[27 * cell.Face + 9 * i + 3 * j + k];
        var baseCell = entry & 0x7f;
        var turns = entry >> 7;
        if (!BaseCells.IsPentagon(baseCell)) return new H3Cell(H3Cell.Assemble(resolution, baseCell, Digits.Turn(digits, resolution, turns)));
        if (Digits.Leading(digits, resolution) == Digits.K) digits = Digits.Turn(digits, resolution, BaseCells.TurnsClockwise(baseCell, cell.Face) ? 5 : 1);
        return new H3Cell(H3Cell.Assemble(resolution, baseCell, Digits.TurnInPentagon(digits, resolution, turns)));
    }
}
