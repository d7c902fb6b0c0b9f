using System.Buffers;

namespace Turnpike.Core.Geography;

/// <summary>Who is near whom on the grid. Output goes to the caller's spans; nothing is allocated. Safe for any number of threads.</summary>
public static class H3Grid
{
    /// <summary>The largest k of a disk or ring: a ring that still fits an index of an array.</summary>
    public const int MaxK = 10_000;

    // Counter-clockwise around a ring that was entered in direction 4 (i).
    private static ReadOnlySpan<byte> Sides => [2, 3, 1, 5, 4, 6];

    /// <summary>Places that a disk needs at most: 3k(k + 1) + 1.</summary>
    public static int DiskSize(int k) => k is >= 0 and <= MaxK ? 3 * k * (k + 1) + 1 : throw new ArgumentOutOfRangeException(nameof(k), $"k is from 0 to {MaxK}.");

    /// <summary>Places that a ring needs at most: 6k, one for k = 0.</summary>
    public static int RingSize(int k) => k is >= 0 and <= MaxK ? Math.Max(6 * k, 1) : throw new ArgumentOutOfRangeException(nameof(k), $"k is from 0 to {MaxK}.");

    /// <summary>
    /// Writes all cells within k steps, nearest first, and returns how many: fewer than <see cref="DiskSize"/> where a pentagon is near. Within one distance they go around
    /// counter-clockwise, or ascend by index where a pentagon is near.
    /// </summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="DiskSize"/>.</exception>
    public static int Disk(H3Cell origin, int k, Span<H3Cell> cells)
    {
        var size = DiskSize(k);
        if (cells.Length < size) throw new ArgumentException($"{size} cells do not fit {cells.Length} places.", nameof(cells));
        return TrySpiral(origin, k, cells) ? size : Flood(origin, k, cells, out _);
    }

    /// <summary>Writes the cells exactly k steps away and returns how many; in the order of <see cref="Disk"/>.</summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="RingSize"/>.</exception>
    public static int Ring(H3Cell origin, int k, Span<H3Cell> cells)
    {
        var size = RingSize(k);
        if (cells.Length < size) throw new ArgumentException($"{size} cells do not fit {cells.Length} places.", nameof(cells));
        if (TryRing(origin, k, cells)) return size;
        var disk = ArrayPool<H3Cell>.Shared.Rent(DiskSize(k));
        var count = Flood(origin, k, disk, out var lastRing);
        disk.AsSpan(lastRing, count - lastRing).CopyTo(cells);
        ArrayPool<H3Cell>.Shared.Return(disk);
        return count - lastRing;
    }

    /// <summary>Whether two cells of one resolution share an edge. A cell is no neighbour of itself.</summary>
    public static bool AreNeighbors(H3Cell a, H3Cell b)
    {
        if (a == b || a.Resolution != b.Resolution) return false;
        for (var direction = a.IsPentagon ? 2 : 1; direction < Digits.Invalid; direction++)
        {
            var turns = 0;
            if (Steps.TryStep(a.Value, direction, ref turns, out var neighbor) && neighbor == b.Value) return true;
        }
        return false;
    }

    /// <summary>
    /// Steps from one cell to another of the same resolution. False when they are further apart than neighbouring base cells, or a pentagon lies between them in a way
    /// that cannot be unfolded; then nothing is known of their distance on the grid (see <see cref="GreatCircle"/>).
    /// </summary>
    public static bool TryDistance(H3Cell from, H3Cell to, out int steps)
    {
        var found = LocalGrid.TryPlace(from, from, out var start);
        found &= LocalGrid.TryPlace(from, to, out var end);
        steps = found ? (end - start).Length : 0;
        return found;
    }

    // Around and outward. Gives up where a pentagon is met: there the rings have fewer cells.
    private static bool TrySpiral(H3Cell origin, int k, Span<H3Cell> cells)
    {
        cells[0] = origin;
        if (k == 0) return true;
        if (origin.IsPentagon) return false;
        var current = origin.Value;
        int turns = 0, next = 1;
        for (var ring = 1; ring <= k; ring++)
        {
            if (!Steps.TryStep(current, 4, ref turns, out current) || IsPentagon(current)) return false;
            for (var step = 0; step < 6 * ring; step++)
            {
                if (!Steps.TryStep(current, Sides[step / ring], ref turns, out current) || IsPentagon(current)) return false;
                cells[next++] = new H3Cell(current);
            }
        }
        return true;
    }

    private static bool TryRing(H3Cell origin, int k, Span<H3Cell> cells)
    {
        cells[0] = origin;
        if (k == 0) return true;
        var current = origin.Value;
        var turns = 0;
        for (var ring = 0; ring < k; ring++)
        {
            if (IsPentagon(current) || !Steps.TryStep(current, 4, ref turns, out current)) return false;
        }
        var first = current;
        for (var step = 0; step < 6 * k; step++)
        {
            if (IsPentagon(current)) return false;
            if (!Steps.TryStep(current, Sides[step / k], ref turns, out current)) return false;
            cells[step] = new H3Cell(current);
        }
        // With a pentagon inside, the ring does not close.
        return current == first;
    }

    // Ring by ring: the neighbours of the last ring that are in neither of the last two.
    private static int Flood(H3Cell origin, int k, Span<H3Cell> cells, out int lastRing)
    {
        cells[0] = origin;
        int before = 0, from = 0, to = 1;
        var rent = ArrayPool<H3Cell>.Shared.Rent(36 * Math.Max(k, 1));
        for (var ring = 1; ring <= k; ring++)
        {
            var count = 0;
            foreach (var cell in cells[from..to])
            {
                for (var direction = 1; direction < Digits.Invalid; direction++)
                {
                    var turns = 0;
                    if (Steps.TryStep(cell.Value, direction, ref turns, out var neighbor)) rent[count++] = new H3Cell(neighbor);
                }
            }
            rent.AsSpan(0, count).Sort();
            var next = to;
            for (var i = 0; i < count; i++)
            {
                if (i > 0 && rent[i] == rent[i - 1]) continue;
                if (cells[before..from].BinarySearch(rent[i]) < 0 && cells[from..to].BinarySearch(rent[i]) < 0) cells[next++] = rent[i];
            }
            (before, from, to) = (from, to, next);
        }
        ArrayPool<H3Cell>.Shared.Return(rent);
        lastRing = from;
        return to;
    }

    private static bool IsPentagon(ulong index) => new H3Cell(index).IsPentagon;
}
