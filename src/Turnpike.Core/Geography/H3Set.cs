using System.Buffers;

namespace Turnpike.Core.Geography;

/// <summary>Sets of cells: whole families of children stand for their parents.</summary>
public static class H3Set
{
    /// <summary>Replaces all seven children (six of a pentagon) by their parent, as often as possible; writes the result in ascending order by resolution, finest first, and returns how many.</summary>
    /// <param name="cells">Different cells of one resolution, in any order.</param>
    /// <param name="compacted">As long as <paramref name="cells"/> or longer; may be the same span.</param>
    /// <exception cref="ArgumentException">A cell occurs twice, resolutions differ, or the result does not fit.</exception>
    public static int Compact(ReadOnlySpan<H3Cell> cells, Span<H3Cell> compacted)
    {
        if (compacted.Length < cells.Length) throw new ArgumentException($"{cells.Length} cells may not fit {compacted.Length} places.", nameof(compacted));
        if (cells.IsEmpty) return 0;
        var rent = ArrayPool<H3Cell>.Shared.Rent(cells.Length);
        var level = rent.AsSpan(0, cells.Length);
        cells.CopyTo(level);
        level.Sort();
        Require(level);
        var written = 0;
        while (!level.IsEmpty)
        {
            var parents = 0;
            for (var i = 0; i < level.Length;)
            {
                // In ascending order a family stands together.
                var family = Family(level[i..]);
                if (family > 0) level[parents++] = level[i].Parent(level[i].Resolution - 1);
                else compacted[written++] = level[i];
                i += Math.Max(family, 1);
            }
            level = level[..parents];
        }
        ArrayPool<H3Cell>.Shared.Return(rent);
        return written;
    }

    /// <summary>Places that <see cref="Uncompact"/> needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A cell is finer than the resolution.</exception>
    public static long UncompactedCount(ReadOnlySpan<H3Cell> cells, int resolution)
    {
        var count = 0L;
        foreach (var cell in cells) count += cell.ChildrenCount(resolution);
        return count;
    }

    /// <summary>Writes the children of all cells at one resolution and returns how many.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A cell is finer than the resolution.</exception>
    public static int Uncompact(ReadOnlySpan<H3Cell> cells, int resolution, Span<H3Cell> children)
    {
        var written = 0;
        foreach (var cell in cells) written += cell.Children(resolution, children[written..]);
        return written;
    }

    private static void Require(ReadOnlySpan<H3Cell> sorted)
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) throw new ArgumentException($"{sorted[i]} occurs twice.", nameof(sorted));
            if (sorted[i].Resolution != sorted[0].Resolution) throw new ArgumentException("Cells of one resolution are compacted.", nameof(sorted));
        }
    }

    // How many cells at the start are all children of one parent; 0 if not all are there.
    private static int Family(ReadOnlySpan<H3Cell> sorted)
    {
        var resolution = sorted[0].Resolution;
        if (resolution == 0) return 0;
        var parent = sorted[0].Parent(resolution - 1);
        var size = parent.IsPentagon ? 6 : 7;
        return sorted.Length >= size && sorted[size - 1].Parent(resolution - 1) == parent ? size : 0;
    }
}
