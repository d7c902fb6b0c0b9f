namespace Turnpike.Core.Geography;

/// <summary>
/// Cells around an origin in one flat grid, as far as the base cells around the origin's reach. Around a pentagon the plane has a sixth too little; where unfolding it is not known to
/// be right there is no answer, in the same cases as in Uber's library (localij.c), whose tables these are.
/// </summary>
internal static class LocalGrid
{
    // Sixths to turn clockwise, by the origin's first digit and the direction out of the pentagon; 9 where there is no such digit.
    private static ReadOnlySpan<byte> Turns =>
    [
        0, 9, 0, 0, 0, 0, 0,
        9, 9, 9, 9, 9, 9, 9,
        0, 9, 0, 0, 0, 1, 0,
        0, 9, 0, 0, 1, 1, 0,
        0, 9, 0, 5, 0, 0, 0,
        0, 9, 5, 5, 0, 0, 0,
        0, 9, 0, 0, 0, 0, 0,
    ];

    /// <summary>The place of a cell in the grid of the origin's base cell.</summary>
    public static bool TryPlace(H3Cell origin, H3Cell cell, out Hexagon place)
    {
        place = default;
        var resolution = origin.Resolution;
        if (cell.Resolution != resolution) return false;
        int originBase = origin.BaseCell, cellBase = cell.BaseCell, direction = 0, back = 0;
        if (originBase != cellBase)
        {
            direction = BaseCells.DirectionTo(originBase, cellBase);
            if (direction == Digits.Invalid) return false;
            back = BaseCells.DirectionTo(cellBase, originBase);
        }
        bool isOriginOnPentagon = BaseCells.IsPentagon(originBase), isCellOnPentagon = BaseCells.IsPentagon(cellBase);
        var index = cell.Value;
        if (direction != 0)
        {
            var sixths = BaseCells.Rotation(originBase, direction);
            if (isCellOnPentagon) index = Digits.TurnBackInPentagon(index, resolution, sixths);
            else index = Digits.Turn(index, resolution, (6 - sixths) % 6);
            for (var i = 0; i < sixths; i++)
            {
                back = Digits.Turn(back, 5);
                if (isCellOnPentagon && back == Digits.K) back = Digits.Turn(back, 5);
            }
        }
        var at = FaceCell.Down(index, resolution, default);
        if (direction == 0)
        {
            if (!isOriginOnPentagon) return Found(at, out place);
            int from = Digits.Leading(origin.Value, resolution), to = Digits.Leading(index, resolution);
            return TryTurns(from, to, out var within) && Found(at.Turn((6 - within) % 6), out place);
        }
        int cellTurns = 0, offsetTurns = 0;
        if (isOriginOnPentagon)
        {
            if (!TryTurns(Digits.Leading(origin.Value, resolution), direction, out offsetTurns)) return false;
            cellTurns = offsetTurns;
        }
        else if (isCellOnPentagon)
        {
            var leading = Digits.Leading(index, resolution);
            if (IsUnknown(leading, back) || Turns[7 * back + leading] == 9) return false;
            cellTurns = Turns[7 * back + leading];
        }
        var offset = Hexagon.Unit(direction);
        for (var r = 1; r <= resolution; r++) offset = offset.Down(toOdd: ((resolution - r + 1) & 1) == 1);
        return Found(at.Turn((6 - cellTurns) % 6) + offset.Turn((6 - offsetTurns) % 6), out place);
    }

    private static bool TryTurns(int from, int to, out int turns)
    {
        turns = Turns[7 * from + to];
        return !IsUnknown(from, to) && turns != 9;
    }

    private static bool IsUnknown(int from, int to) => (from, to) is (2, 4) or (2, 5) or (3, 4) or (3, 6) or (4, 2) or (4, 3) or (5, 2) or (5, 6) or (6, 3) or (6, 5);

    private static bool Found(Hexagon at, out Hexagon place)
    {
        place = at;
        return true;
    }
}
