using System.Collections;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>What the untyped codecs accept for each family of types.</summary>
internal static class AbiValue
{
    public static BigInteger Integer(object value) => value switch
    {
        BigInteger big => big,
        int or long or short or sbyte => new BigInteger(Convert.ToInt64(value, null)),
        uint or ulong or ushort or byte => new BigInteger(Convert.ToUInt64(value, null)),
        UInt128 wide => wide,
        Int128 wide => wide,
        _ => throw Wrong(value, "an integer"),
    };

    public static ReadOnlySpan<byte> Bytes(object value) => value switch
    {
        byte[] bytes => bytes,
        Bytes32 word => word.ToArray(),
        ReadOnlyMemory<byte> memory => memory.Span,
        _ => throw Wrong(value, "bytes"),
    };

    public static IReadOnlyList<object> List(object value) => value switch
    {
        IReadOnlyList<object> list => list,
        IList list => [.. list.Cast<object>()],
        _ => throw Wrong(value, "a list"),
    };

    public static T As<T>(object value) => value is T typed ? typed : throw Wrong(value, typeof(T).Name);

    private static ArgumentException Wrong(object? value, string wanted) => new($"Expected {wanted}, got {value?.GetType().Name ?? "null"}.");
}
