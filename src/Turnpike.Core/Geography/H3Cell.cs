using System.Globalization;
using Turnpike.Core.Geography.Physics;

namespace Turnpike.Core.Geography;

/// <summary>
/// A cell of H3, the hexagonal grid of the earth in sixteen resolutions: 64 bits that hold mode 1, a resolution, a base cell and a digit for each resolution. Written as
/// lowercase hexadecimal without prefix, as everywhere in the field. The default value is no cell. Ordered by value.
/// </summary>
public readonly record struct H3Cell : IComparable<H3Cell>
{
    /// <summary>The finest resolution: cells of about one square metre.</summary>
    public const int MaxResolution = Digits.MaxResolution;

    /// <summary>Pentagons at every resolution.</summary>
    public const int PentagonCount = 12;

    /// <summary>Cells of resolution 0.</summary>
    public const int BaseCellCount = BaseCells.Count;

    /// <summary>Most corners of a boundary.</summary>
    public const int MaxCorners = 10;

    private const int ResolutionShift = 52;
    private const int BaseCellShift = 45;
    private const ulong CellMode = 1UL << 59;

    internal H3Cell(ulong value) => Value = value;

    /// <summary>The index.</summary>
    public ulong Value { get; }

    /// <summary>0 to 15.</summary>
    public int Resolution => ResolutionOf(Value);

    /// <summary>The cell of resolution 0 that it lies in: 0 to 121.</summary>
    public int BaseCell => BaseCellOf(Value);

    /// <summary>Whether it is one of the twelve cells with five neighbours.</summary>
    public bool IsPentagon => BaseCells.IsPentagon(BaseCell) && Digits.Leading(Value, Resolution) == Digits.Center;

    /// <summary>Its centre, to the nearest 1e-7 degree.</summary>
    public Position Center => H3Sphere.CenterPosition(this);

    /// <summary>The digit at a resolution from 1 to its own: the direction of that ancestor within its parent.</summary>
    public int Digit(int resolution)
    {
        RequireResolution(resolution, 1, Resolution);
        return Digits.Of(Value, resolution);
    }

    /// <summary>The cell that holds a place.</summary>
    public static H3Cell Containing(Position position, int resolution) => H3Sphere.CellOf(position, resolution);

    /// <summary>Writes the corners counter-clockwise, to the nearest 1e-7 degree, and returns how many: six, five of a pentagon, more where an edge crosses the icosahedron's.</summary>
    public int Boundary(Span<Position> corners) => H3Sphere.BoundaryPositions(this, corners);

    /// <summary>Whether the bits are a cell's.</summary>
    public static bool IsValid(ulong value)
    {
        if (value >> 56 != CellMode >> 56) return false;
        var resolution = ResolutionOf(value);
        var baseCell = BaseCellOf(value);
        if (baseCell >= BaseCells.Count) return false;
        var unused = (1UL << Digits.Shift(resolution)) - 1;
        if ((value & unused) != unused) return false;
        // A digit is 7 when all of its three bits are set.
        var digits = (value & Digits.Mask) >> Digits.Shift(resolution);
        const ulong LowBits = 0b001001001001001001001001001001001001001001001;
        if ((digits & (digits >> 1) & (digits >> 2) & LowBits) != 0) return false;
        return !BaseCells.IsPentagon(baseCell) || Digits.Leading(value, resolution) != Digits.K;
    }

    /// <summary>The cell of an index; false if the bits are no cell's.</summary>
    public static bool TryCreate(ulong value, out H3Cell cell)
    {
        var isValid = IsValid(value);
        cell = isValid ? new H3Cell(value) : default;
        return isValid;
    }

    /// <summary>The cell of an index.</summary>
    /// <exception cref="ArgumentException">The bits are no cell's.</exception>
    public static H3Cell Create(ulong value) => TryCreate(value, out var cell) ? cell : throw new ArgumentException($"0x{value:x} is no H3 cell.", nameof(value));

    /// <summary>Reads hexadecimal digits as <see cref="ToString"/> writes them; either case, nothing before or after, no leading zeros.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out H3Cell cell)
    {
        cell = default;
        return text.Length is > 0 and <= 16 && text[0] != '0'
            && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && TryCreate(value, out cell);
    }

    /// <summary>Reads hexadecimal digits as <see cref="ToString"/> writes them.</summary>
    /// <exception cref="FormatException">No cell.</exception>
    public static H3Cell Parse(ReadOnlySpan<char> text) => TryParse(text, out var cell) ? cell : throw new FormatException($"'{Hex.Shorten(text)}' is no H3 cell.");

    /// <summary>The cell that it lies in at a coarser resolution, or itself.</summary>
    public H3Cell Parent(int resolution)
    {
        RequireResolution(resolution, 0, Resolution);
        return new H3Cell(WithResolution(Value, resolution) | ((1UL << Digits.Shift(resolution)) - 1));
    }

    /// <summary>The cell in its middle at a finer resolution, or itself.</summary>
    public H3Cell CenterChild(int resolution)
    {
        RequireResolution(resolution, Resolution, MaxResolution);
        var unused = (1UL << Digits.Shift(Resolution)) - 1;
        return new H3Cell((WithResolution(Value, resolution) & ~unused) | ((1UL << Digits.Shift(resolution)) - 1));
    }

    /// <summary>How many cells of a finer resolution have it as their parent: 7^n, or 1 + 5 (7^n - 1) / 6 of a pentagon.</summary>
    public long ChildrenCount(int resolution)
    {
        RequireResolution(resolution, Resolution, MaxResolution);
        var sevens = 1L;
        for (var r = Resolution; r < resolution; r++) sevens *= 7;
        return IsPentagon ? 1 + 5 * (sevens - 1) / 6 : sevens;
    }

    /// <summary>Writes its children at a finer resolution in ascending order and returns how many.</summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="ChildrenCount"/>.</exception>
    public int Children(int resolution, Span<H3Cell> children)
    {
        var count = ChildrenCount(resolution);
        if (children.Length < count) throw new ArgumentException($"{count} children do not fit {children.Length} places.", nameof(children));
        var child = CenterChild(resolution).Value;
        for (var i = 0; ; i++)
        {
            children[i] = new H3Cell(child);
            if (i + 1 == count) return i + 1;
            // Counts in base 7; a pentagon has no children whose first digit that is not 0 is 1.
            var r = resolution;
            while (Digits.Of(child, r) == 6) child = Digits.With(child, r--, 0);
            child = Digits.With(child, r, Digits.Of(child, r) + 1);
            if (BaseCells.IsPentagon(BaseCell) && Digits.Leading(child, resolution) == Digits.K) child = Digits.With(child, r, 2);
        }
    }

    /// <summary>All cells of a resolution: 2 + 120 * 7^resolution.</summary>
    public static long Count(int resolution)
    {
        RequireResolution(resolution, 0, MaxResolution);
        var sevens = 1L;
        for (var r = 0; r < resolution; r++) sevens *= 7;
        return 2 + 120 * sevens;
    }

    /// <summary>Writes the twelve pentagons of a resolution in ascending order.</summary>
    public static void Pentagons(int resolution, Span<H3Cell> pentagons)
    {
        var next = 0;
        for (var baseCell = 0; baseCell < BaseCells.Count; baseCell++)
        {
            if (BaseCells.IsPentagon(baseCell)) pentagons[next++] = OfBaseCell(baseCell).CenterChild(resolution);
        }
    }

    /// <summary>The cell of resolution 0 with that number.</summary>
    public static H3Cell OfBaseCell(int baseCell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseCell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(baseCell, BaseCells.Count);
        return new H3Cell(Assemble(0, baseCell, Digits.Mask));
    }

    /// <inheritdoc/>
    public int CompareTo(H3Cell other) => Value.CompareTo(other.Value);

    /// <summary>Lowercase hexadecimal digits: "8928308280fffff".</summary>
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);

    internal static int ResolutionOf(ulong value) => (int)(value >> ResolutionShift) & 0xf;

    internal static int BaseCellOf(ulong value) => (int)(value >> BaseCellShift) & 0x7f;

    internal static ulong WithBaseCell(ulong value, int baseCell) => (value & ~(0x7fUL << BaseCellShift)) | ((ulong)baseCell << BaseCellShift);

    internal static ulong Assemble(int resolution, int baseCell, ulong digits) =>
        CellMode | ((ulong)resolution << ResolutionShift) | ((ulong)baseCell << BaseCellShift) | digits;

    internal static void RequireResolution(int resolution, int least, int most)
    {
        if (resolution < least || resolution > most) throw new ArgumentOutOfRangeException(nameof(resolution), $"A resolution from {least} to {most} is needed.");
    }

    private static ulong WithResolution(ulong value, int resolution) => (value & ~(0xfUL << ResolutionShift)) | ((ulong)resolution << ResolutionShift);


}
