using System.Numerics;
using System.Runtime.CompilerServices;

namespace Turnpike.Evm;

/// <summary>The range of an EVM word.</summary>
internal static class Word256
{
    public static readonly BigInteger Max = (BigInteger.One << 256) - 1;

    public static BigInteger Check(BigInteger value, [CallerMemberName] string? name = null) =>
        value.Sign >= 0 && value <= Max ? value : throw new ArgumentOutOfRangeException(name, "An EVM number lies in [0, 2^256).");
}
