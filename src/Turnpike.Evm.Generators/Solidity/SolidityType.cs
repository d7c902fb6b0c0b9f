using System.Collections.Generic;
using System.Linq;

namespace Turnpike.Evm.Generators.Solidity;

internal enum SolidityKind
{
    UInt,
    Int,
    Address,
    Bool,
    FixedBytes,
    Bytes,
    String,
    Array,
    FixedArray,
    Struct,
}

/// <summary>A type of the ABI: bits or bytes or length in <see cref="Size"/>, as in the run-time library's AbiType.</summary>
internal sealed class SolidityType
{
    public const int WordBytes = 32;

    public SolidityType(SolidityKind kind, string text, int size = 0, SolidityType? element = null, SolidityStruct? record = null)
    {
        Kind = kind;
        Text = text;
        Size = size;
        Element = element;
        Struct = record;
    }

    public SolidityKind Kind { get; }

    /// <summary>Canonical, as selectors hash it.</summary>
    public string Text { get; }

    public int Size { get; }

    public SolidityType? Element { get; }

    public SolidityStruct? Struct { get; }

    public bool IsDynamic => Kind switch
    {
        SolidityKind.Bytes or SolidityKind.String or SolidityKind.Array => true,
        SolidityKind.FixedArray => Element!.IsDynamic,
        SolidityKind.Struct => Struct!.Members.Any(m => m.Type.IsDynamic),
        _ => false,
    };

    public long HeadBytes => IsDynamic ? WordBytes : FrameBytes;

    public long FrameBytes => Kind switch
    {
        SolidityKind.FixedArray => Size * Element!.HeadBytes,
        SolidityKind.Struct => Struct!.Members.Sum(m => m.Type.HeadBytes),
        _ => WordBytes,
    };

    /// <summary>An indexed value of such a type leaves only its hash in the log.</summary>
    public bool IsHashedInTopic => Kind is SolidityKind.Bytes or SolidityKind.String or SolidityKind.Array or SolidityKind.FixedArray or SolidityKind.Struct;
}

/// <summary>A struct or an unnamed tuple; equal names and types are one struct within a contract.</summary>
internal sealed class SolidityStruct
{
    public SolidityStruct(string scope, string typeName, IReadOnlyList<Member> members)
    {
        TypeName = typeName;
        QualifiedName = "global::" + scope + "." + typeName;
        Members = members;
    }

    /// <summary>The C# record's name, without the contract.</summary>
    public string TypeName { get; }

    /// <summary>For expressions, where a property of the same name would hide the type.</summary>
    public string QualifiedName { get; }

    public IReadOnlyList<Member> Members { get; }
}

/// <summary>A parameter, a result or a struct's field.</summary>
internal sealed class Member
{
    public Member(string name, SolidityType type, bool isIndexed)
    {
        Name = name;
        Type = type;
        IsIndexed = isIndexed;
    }

    /// <summary>The C# property's name.</summary>
    public string Name { get; }

    public SolidityType Type { get; }

    public bool IsIndexed { get; }
}
