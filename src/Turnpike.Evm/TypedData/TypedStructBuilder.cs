using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.TypedData;

/// <summary>
/// A value of a <see cref="TypedStructType"/> under construction: type hash, then one word a member. Each method checks its member's type, so a
/// value cannot be signed under another type. Calls out of order or of the wrong type are <see cref="InvalidOperationException"/>, values out of range <see cref="ArgumentException"/>.
/// </summary>
public sealed class TypedStructBuilder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly TypedStructType _type;
    private readonly IReadOnlyList<TypedDataSchema.Member> _members;
    private readonly byte[] _words;
    private int _next;

    internal TypedStructBuilder(TypedStructType type)
    {
        _type = type;
        _members = type.Schema.Members(type.Name);
        _words = new byte[(_members.Count + 1) * Core.Bytes32.Length];
        type.TypeHash.CopyTo(_words);
    }

    /// <summary>The next member, an unsigned integer that must fit its type.</summary>
    public TypedStructBuilder UInt(UInt128 value)
    {
        var type = Atomic(AbiKind.UInt);
        if (type.Size < 128 && value >> type.Size != 0) throw AbiWriter.OutOfRange(value, "uint", type.Size);
        BinaryPrimitives.WriteUInt128BigEndian(Word()[16..], value);
        return this;
    }

    /// <summary>The next member, an unsigned integer that must fit its type.</summary>
    public TypedStructBuilder UInt(BigInteger value)
    {
        var type = Atomic(AbiKind.UInt);
        if (value.Sign < 0 || value.GetBitLength() > type.Size) throw AbiWriter.OutOfRange(value, "uint", type.Size);
        AbiWriter.WriteBig(value, Word());
        return this;
    }

    /// <summary>The next member, a signed integer that must fit its type.</summary>
    public TypedStructBuilder Int(BigInteger value)
    {
        var type = Atomic(AbiKind.Int);
        if (value.GetBitLength() > type.Size - 1) throw AbiWriter.OutOfRange(value, "int", type.Size);
        AbiWriter.WriteBig(value, Word());
        return this;
    }

    /// <summary>The next member, a bool.</summary>
    public TypedStructBuilder Bool(bool value)
    {
        Atomic(AbiKind.Bool);
        Word()[^1] = value ? (byte)1 : (byte)0;
        return this;
    }

    /// <summary>The next member, an address.</summary>
    public TypedStructBuilder Address(Address value)
    {
        Atomic(AbiKind.Address);
        value.CopyTo(Word()[12..]);
        return this;
    }

    /// <summary>The next member, a bytes32.</summary>
    public TypedStructBuilder Bytes32(Bytes32 value)
    {
        if (Atomic(AbiKind.FixedBytes).Size != Core.Bytes32.Length) throw Wrong("bytes32");
        value.CopyTo(Word());
        return this;
    }

    /// <summary>The next member, a bytesN of exactly N bytes.</summary>
    public TypedStructBuilder FixedBytes(ReadOnlySpan<byte> value)
    {
        AbiWriter.RequireLength(value.Length, Atomic(AbiKind.FixedBytes).Size);
        value.CopyTo(Word());
        return this;
    }

    /// <summary>The next member, bytes of any length.</summary>
    public TypedStructBuilder Bytes(ReadOnlySpan<byte> value)
    {
        Atomic(AbiKind.Bytes);
        Keccak256.Hash(value, Word());
        return this;
    }

    /// <summary>The next member, a text.</summary>
    public TypedStructBuilder String(string value)
    {
        Atomic(AbiKind.String);
        Keccak256.Hash(StrictUtf8.GetBytes(value), Word());
        return this;
    }

    /// <summary>The next member, a struct.</summary>
    public TypedStructBuilder Struct(TypedStructBuilder value)
    {
        RequireStruct(Next().Struct, value);
        value.Hash().CopyTo(Word());
        return this;
    }

    /// <summary>The next member, an array of structs.</summary>
    public TypedStructBuilder Structs(IReadOnlyList<TypedStructBuilder> values)
    {
        var type = Next();
        if (type.Element?.Struct is null) throw Wrong("an array of structs");
        if (type.Length is { } length) AbiWriter.RequireLength(values.Count, length);
        var hashes = new byte[values.Count * Core.Bytes32.Length];
        for (var i = 0; i < values.Count; i++)
        {
            RequireStruct(type.Element.Struct, values[i]);
            values[i].Hash().CopyTo(hashes.AsSpan(i * Core.Bytes32.Length));
        }
        Keccak256.Hash(hashes, Word());
        return this;
    }

    /// <summary>The next member, an array of any depth of anything but structs; elements as <see cref="AbiCodec"/> takes them.</summary>
    public TypedStructBuilder Array(IReadOnlyList<object> values)
    {
        var type = Next();
        if (type.Element is null) throw Wrong("an array");
        WriteUntyped(type, values, Word());
        return this;
    }

    /// <summary>hashStruct: the Keccak-256 of <see cref="Encode"/>.</summary>
    public Bytes32 Hash()
    {
        RequireComplete();
        return Keccak256.Hash(_words);
    }

    /// <summary>The type hash and one word for each member.</summary>
    public byte[] Encode()
    {
        RequireComplete();
        return [.. _words];
    }

    private void WriteUntyped(FieldType type, object value, Span<byte> word)
    {
        if (type.Element is { } element)
        {
            var values = AbiValue.List(value);
            if (type.Length is { } length) AbiWriter.RequireLength(values.Count, length);
            var words = new byte[values.Count * Core.Bytes32.Length];
            for (var i = 0; i < values.Count; i++) WriteUntyped(element, values[i], words.AsSpan(i * Core.Bytes32.Length));
            Keccak256.Hash(words, word);
        }
        else if (type.Atomic is { } atomic) AtomicWord.Write(atomic, value, word);
        else throw Wrong("an array without structs");
    }

    private FieldType Next() => _next < _members.Count ? _members[_next].Type : throw new InvalidOperationException($"{_type.Name} has {_members.Count} members, not more.");

    private AbiType Atomic(AbiKind kind) => Next().Atomic is { } type && type.Kind == kind ? type : throw Wrong(kind.ToString());

    private Span<byte> Word() => _words.AsSpan(++_next * Core.Bytes32.Length, Core.Bytes32.Length);

    // Equal names are not enough: the hash of a nested struct carries its own type text.
    private void RequireStruct(string? expected, TypedStructBuilder value)
    {
        if (expected is null || value._type.TypeHash != _type.Schema.TypeHash(expected)) throw Wrong("a struct " + value._type.EncodedType);
    }

    private void RequireComplete()
    {
        if (_next != _members.Count) throw new InvalidOperationException($"{_next} of {_members.Count} members of {_type.Name} were given.");
    }

    private InvalidOperationException Wrong(string given) => new($"The member '{_members[Math.Min(_next, _members.Count - 1)].Name}' of {_type.Name} is {_members[Math.Min(_next, _members.Count - 1)].Type.Text}, not {given}.");
}
