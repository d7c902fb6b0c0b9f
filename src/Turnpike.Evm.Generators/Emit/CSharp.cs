using System.Collections.Generic;
using System.Linq;
using Turnpike.Evm.Generators.Solidity;

namespace Turnpike.Evm.Generators.Emit;

/// <summary>C# types for Solidity types: the smallest that holds every value.</summary>
internal static class CSharp
{
    public const string Abi = "global::Turnpike.Evm.Abi.";
    public const string Core = "global::Turnpike.Core.";
    public const string Bytes = "global::System.ReadOnlySpan<byte>";
    private const string BigInteger = "global::System.Numerics.BigInteger";

    public static string Type(SolidityType type) => type.Kind switch
    {
        SolidityKind.UInt => Unsigned(type.Size),
        SolidityKind.Int => Signed(type.Size),
        SolidityKind.Address => Core + "Address",
        SolidityKind.Bool => "bool",
        SolidityKind.FixedBytes when type.Size == SolidityType.WordBytes => Core + "Bytes32",
        SolidityKind.FixedBytes or SolidityKind.Bytes => "byte[]",
        SolidityKind.String => "string",
        SolidityKind.Struct => type.Struct!.TypeName,
        _ => "global::System.Collections.Generic.IReadOnlyList<" + Type(type.Element!) + ">",
    };

    /// <summary>The type of an event's property: the hash, where the log has nothing more.</summary>
    public static string EventType(Member member) => member.IsIndexed && member.Type.IsHashedInTopic ? Core + "Bytes32" : Type(member.Type);

    /// <summary>The reader and writer know three widths; every other is a narrower check on one of them.</summary>
    public static string WideInteger(SolidityType type) => type.Kind == SolidityKind.UInt
        ? type.Size <= 64 ? "ulong" : Unsigned(type.Size)
        : type.Size <= 64 ? "long" : Signed(type.Size);

    public static string ReadInteger(SolidityType type) => (type.Kind == SolidityKind.UInt ? "ReadUInt" : "ReadInt") + (type.Size <= 64 ? "64" : type.Size <= 128 ? "128" : "256");

    public static string Parameters(IEnumerable<Member> members) => string.Join(", ", members.Select(m => EventType(m) + " " + m.Name));

    private static string Unsigned(int bits) => bits <= 8 ? "byte" : bits <= 16 ? "ushort" : bits <= 32 ? "uint" : bits <= 64 ? "ulong" : bits <= 128 ? "global::System.UInt128" : BigInteger;

    private static string Signed(int bits) => bits <= 8 ? "sbyte" : bits <= 16 ? "short" : bits <= 32 ? "int" : bits <= 64 ? "long" : bits <= 128 ? "global::System.Int128" : BigInteger;
}
