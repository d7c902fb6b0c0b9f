namespace Turnpike.Core.Geography;

/// <summary>
/// One step from a cell to a neighbour. A digit plus a direction gives a new digit and perhaps a step of the parent, as in adding with carry; at resolution 0 the step goes to
/// another base cell. Digits of neighbouring base cells are turned against one another, so a walk has to remember by how much the grid under it has turned.
/// </summary>
internal static class Steps
{
    // [49 * isOdd + 7 * digit + direction]: the new digit, and the parent's step times 8.
    private static readonly byte[] Sums = Table();

    /// <summary>The neighbour in a direction, turned by what the walk has turned so far; false where a pentagon has none.</summary>
    /// <param name="origin">The cell.</param>
    /// <param name="direction">1 to 6.</param>
    /// <param name="turns">Sixths of a turn so far; changed.</param>
    /// <param name="neighbor">The neighbour.</param>
    public static bool TryStep(ulong origin, int direction, ref int turns, out ulong neighbor)
    {
        var resolution = H3Cell.ResolutionOf(origin);
        var oldBase = H3Cell.BaseCellOf(origin);
        direction = Digits.Turn(direction, turns);
        var current = origin;
        var turned = 0;
        for (var r = resolution; ; r--)
        {
            if (r == 0)
            {
                var next = BaseCells.Neighbor(oldBase, direction);
                turned = BaseCells.Rotation(oldBase, direction);
                if (next == BaseCells.None)
                {
                    // The missing side of a pentagon's sector 1 borders what direction 5 borders.
                    next = BaseCells.Neighbor(oldBase, 5);
                    turned = BaseCells.Rotation(oldBase, 5);
                    current = Digits.Turn(current, resolution, 1);
                    turns++;
                }
                current = H3Cell.WithBaseCell(current, next);
                break;
            }
            var sum = Sums[49 * (r & 1) + 7 * Digits.Of(current, r) + direction];
            current = Digits.With(current, r, sum & 7);
            direction = sum >> 3;
            if (direction == Digits.Center) break;
        }
        var newBase = H3Cell.BaseCellOf(current);
        if (!BaseCells.IsPentagon(newBase)) current = Digits.Turn(current, resolution, turned);
        else if (!TryTurnInPentagon(origin, ref current, oldBase, newBase, resolution, turned, ref turns)) return Fail(out neighbor);
        turns = (turns + turned) % 6;
        neighbor = current;
        return true;
    }

    private static bool TryTurnInPentagon(ulong origin, ref ulong current, int oldBase, int newBase, int resolution, int turned, ref int turns)
    {
        var steppedOver = false;
        if (Digits.Leading(current, resolution) == Digits.K)
        {
            // The step ended in the missing sector.
            if (oldBase != newBase)
            {
                current = Digits.Turn(current, resolution, BaseCells.TurnsClockwise(newBase, BaseCells.HomeFace(oldBase)) ? 5 : 1);
                steppedOver = true;
            }
            else
            {
                switch (Digits.Leading(origin, resolution))
                {
                    case 3:
                        current = Digits.Turn(current, resolution, 1);
                        turns++;
                        break;
                    case 5:
                        current = Digits.Turn(current, resolution, 5);
                        turns += 5;
                        break;
                    default:
                        return false;
                }
            }
        }
        current = Digits.TurnInPentagon(current, resolution, turned);
        if (oldBase == newBase) return true;
        var leading = Digits.Leading(current, resolution);
        // 8 and 118 are the base cells across the missing sides of the two polar pentagons.
        if (BaseCells.IsPolarPentagon(newBase) ? oldBase is not (8 or 118) && leading != 3 : leading == 5 && !steppedOver) turns++;
        return true;
    }

    private static bool Fail(out ulong neighbor)
    {
        neighbor = 0;
        return false;
    }

    private static byte[] Table()
    {
        var table = new byte[2 * 49];
        for (var isOdd = 0; isOdd < 2; isOdd++)
        {
            for (var digit = 0; digit < 7; digit++)
            {
                for (var direction = 0; direction < 7; direction++)
                {
                    var sum = Hexagon.Unit(digit) + Hexagon.Unit(direction);
                    var parent = sum.Up(fromOdd: isOdd == 1);
                    table[49 * isOdd + 7 * digit + direction] = (byte)((parent.Digit << 3) | (sum - parent.Down(toOdd: isOdd == 1)).Digit);
                }
            }
        }
        return table;
    }
}
