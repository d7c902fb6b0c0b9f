namespace Turnpike.Evm;

/// <summary>Inverses and square roots. The chain of powers depends on p alone, never on the element.</summary>
internal readonly partial struct FieldElement
{
    private static readonly ModularInverse Inverse = new(P0, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>The inverse; zero for zero.</summary>
    public FieldElement Invert()
    {
        var canonical = Normalize();
        var (l0, l1, l2, l3) = Inverse.Of(canonical._0, canonical._1, canonical._2, canonical._3);
        return new FieldElement(l0, l1, l2, l3);
    }

    /// <summary>The square root this^((p+1)/4); false when there is none.</summary>
    public bool TrySquareRoot(out FieldElement root)
    {
        var x2 = Square() * this;
        var (x22, x223) = RunsOfOnes(x2);
        var t = x223.SquareTimes(23) * x22;
        t = t.SquareTimes(6) * x2;
        root = t.SquareTimes(2);
        return root.Square().ValueEquals(this);
    }

    /// <summary>this^(2^22 - 1) and this^(2^223 - 1): (p + 1) / 4 begins with 223 ones, a zero and 22 ones.</summary>
    private (FieldElement X22, FieldElement X223) RunsOfOnes(in FieldElement x2)
    {
        var x3 = x2.Square() * this;
        var x6 = x3.SquareTimes(3) * x3;
        var x9 = x6.SquareTimes(3) * x3;
        var x11 = x9.SquareTimes(2) * x2;
        var x22 = x11.SquareTimes(11) * x11;
        var x44 = x22.SquareTimes(22) * x22;
        var x88 = x44.SquareTimes(44) * x44;
        var x176 = x88.SquareTimes(88) * x88;
        var x220 = x176.SquareTimes(44) * x44;
        return (x22, x220.SquareTimes(3) * x3);
    }

    private FieldElement SquareTimes(int count)
    {
        var result = this;
        for (var i = 0; i < count; i++) Square(out result, result);
        return result;
    }

    /// <summary>Inverts every element with one inversion and three products each (Montgomery); a zero is not allowed.</summary>
    public static void InvertAll(Span<FieldElement> elements)
    {
        Span<FieldElement> products = elements.Length <= OddMultiples.SmallTable ? stackalloc FieldElement[elements.Length] : new FieldElement[elements.Length];
        var running = One;
        for (var i = 0; i < elements.Length; i++)
        {
            products[i] = running;
            running *= elements[i];
        }
        var inverse = running.Invert();
        for (var i = elements.Length - 1; i >= 0; i--)
        {
            var element = elements[i];
            elements[i] = inverse * products[i];
            inverse *= element;
        }
    }
}
