using System.Buffers.Binary;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>A function known at run time.</summary>
public sealed class AbiFunction
{
    /// <summary>Describes a function.</summary>
    public AbiFunction(string name, IReadOnlyList<AbiParameter> inputs, IReadOnlyList<AbiParameter> outputs)
    {
        (Name, Inputs, Outputs) = (name, inputs, outputs);
        InputTuple = AbiType.Tuple([.. inputs.Select(p => p.Type)]);
        OutputTuple = AbiType.Tuple([.. outputs.Select(p => p.Type)]);
        Signature = name + InputTuple;
        Selector = SelectorOf(Signature);
    }

    /// <summary>The name without parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>The results.</summary>
    public IReadOnlyList<AbiParameter> Outputs { get; }

    /// <summary>Name and canonical types, as in <c>transfer(address,uint256)</c>.</summary>
    public string Signature { get; }

    /// <summary>The first four bytes of the signature's hash, as a big-endian number.</summary>
    public uint Selector { get; }

    /// <summary>The parameters as one type.</summary>
    public AbiType InputTuple { get; }

    /// <summary>The results as one type.</summary>
    public AbiType OutputTuple { get; }

    /// <summary>The first four bytes of the hash of a canonical signature, as a big-endian number.</summary>
    public static uint SelectorOf(string signature)
    {
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        Keccak256.Hash(Encoding.UTF8.GetBytes(signature), digest);
        return BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    /// <summary>Reads <c>[function] name(type [name], ...)</c>, without results.</summary>
    /// <exception cref="AbiException">Anything else.</exception>
    public static AbiFunction Parse(string text)
    {
        var (name, inputs) = AbiTypeParser.ParseSignature(text, "function");
        return new AbiFunction(name, inputs, []);
    }

    /// <summary>Calldata: the selector and the values.</summary>
    public byte[] EncodeCall(IReadOnlyList<object> values) => AbiCodec.Write(new AbiWriter(Selector, InputTuple.FrameBytes), InputTuple, values);

    /// <summary>The values in calldata that must begin with the selector.</summary>
    /// <exception cref="AbiException">Another selector or no strict encoding.</exception>
    public object[] DecodeCall(ReadOnlySpan<byte> calldata) => AbiCodec.Read(AbiReader.AfterSelector(calldata, Selector, InputTuple.FrameBytes), InputTuple);

    /// <summary>The values that a call returned.</summary>
    /// <exception cref="AbiException">No strict encoding.</exception>
    public object[] DecodeResult(ReadOnlySpan<byte> data) => AbiCodec.Decode(OutputTuple, data);
}
