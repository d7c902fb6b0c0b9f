namespace Turnpike.Core.Geography;

/// <summary>
/// A cell of a flat hexagonal grid by its two axes, i and j, 120 degrees apart. H3's three-axis form ("ijk+", no negative numbers) is this one less the common part; turning, scaling
/// and moving between resolutions are linear here, so nothing needs to be normalised in between.
/// </summary>
internal readonly record struct Hexagon(int I, int J)
{
    /// <summary>The step in the direction of each digit 0 to 6.</summary>
    public static Hexagon Unit(int digit) => digit switch
    {
        1 => new(-1, -1),
        2 => new(0, 1),
        3 => new(-1, 0),
        4 => new(1, 0),
        5 => new(0, -1),
        6 => new(1, 1),
        _ => default,
    };

    /// <summary>The digit whose step this is; 7 if it is none.</summary>
    public int Digit
    {
        get
        {
            ReadOnlySpan<byte> digits = [1, 3, Digits.Invalid, 5, 0, 2, Digits.Invalid, 4, 6];
            return (uint)(I + 1) <= 2 && (uint)(J + 1) <= 2 ? digits[3 * I + J + 4] : Digits.Invalid;
        }
    }

    /// <summary>Steps to the centre: the largest of the three axes.</summary>
    public int Length => Math.Max(Math.Max(I, J), 0) - Math.Min(Math.Min(I, J), 0);

    public static Hexagon operator +(Hexagon a, Hexagon b) => new(a.I + b.I, a.J + b.J);

    public static Hexagon operator -(Hexagon a, Hexagon b) => new(a.I - b.I, a.J - b.J);

    public static Hexagon operator *(Hexagon a, int factor) => new(a.I * factor, a.J * factor);

    /// <summary>A sixth of a turn counter-clockwise, so many times.</summary>
    public Hexagon Turn(int sixths) => sixths switch
    {
        1 => new(I - J, I),
        2 => new(-J, I - J),
        3 => new(-I, -J),
        4 => new(J - I, -I),
        5 => new(J, J - I),
        _ => this,
    };

    /// <summary>The centre child's place in the grid of the next finer resolution; odd resolutions are turned counter-clockwise against the even ones above them.</summary>
    public Hexagon Down(bool toOdd) => toOdd ? new(2 * I + J, 3 * J - I) : new(3 * I - J, I + 2 * J);

    /// <summary>The parent's place, from a grid of the resolution whose parity is named: a seventh of the area, rounded to the nearest centre (no centre is ever halfway).</summary>
    public Hexagon Up(bool fromOdd) => fromOdd ? new(Seventh(3 * I - J), Seventh(I + 2 * J)) : new(Seventh(2 * I + J), Seventh(3 * J - I));

    // To the nearest, without a branch: floor((2n + 7) / 14) through an offset that keeps the numerator positive for every grid of the sphere.
    private static int Seventh(int n) => (int)((uint)(2L * n + 7 + 14L * Offset) / 14) - Offset;

    private const int Offset = 1 << 27;
}
