using System.Collections.Generic;
using System.Linq;

namespace Turnpike.Evm.Generators.Solidity;

/// <summary>One contract of an artifact file, with C# names.</summary>
internal sealed class Contract
{
    public Contract(string targetNamespace, string name, string bytecode) => (Namespace, Name, Bytecode) = (targetNamespace, name, bytecode);

    /// <summary>The C# namespace of the bindings.</summary>
    public string Namespace { get; }

    public string Name { get; }

    /// <summary>Hexadecimal without 0x; empty for interfaces.</summary>
    public string Bytecode { get; }

    public List<Entry> Constructors { get; } = new();

    public List<Entry> Functions { get; } = new();

    public List<Entry> Events { get; } = new();

    public List<Entry> Errors { get; } = new();

    public List<SolidityStruct> Structs { get; } = new();
}

/// <summary>A function, an event, an error or the constructor.</summary>
internal sealed class Entry
{
    public Entry(string typeName, string signature, IReadOnlyList<Member> inputs) => (TypeName, Signature, Inputs) = (typeName, signature, inputs);

    /// <summary>The C# record's name.</summary>
    public string TypeName { get; }

    /// <summary>Canonical, as selectors and topics hash it.</summary>
    public string Signature { get; }

    public IReadOnlyList<Member> Inputs { get; }

    public IReadOnlyList<Member> Outputs { get; set; } = new List<Member>();

    /// <summary>The record of several results; empty for none or one.</summary>
    public string ResultTypeName { get; set; } = "";

    public bool IsAnonymous { get; set; }

    public long HeadBytes => Inputs.Sum(m => m.Type.HeadBytes);
}
