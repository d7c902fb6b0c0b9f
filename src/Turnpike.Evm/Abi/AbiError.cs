namespace Turnpike.Evm.Abi;

/// <summary>A custom error known at run time.</summary>
public sealed class AbiError
{
    private readonly AbiType _tuple;

    /// <summary>Describes an error.</summary>
    public AbiError(string name, IReadOnlyList<AbiParameter> inputs)
    {
        (Name, Inputs) = (name, inputs);
        _tuple = AbiType.Tuple([.. inputs.Select(p => p.Type)]);
        Signature = name + _tuple;
        Selector = AbiFunction.SelectorOf(Signature);
    }

    /// <summary>The name without parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>Name and canonical types.</summary>
    public string Signature { get; }

    /// <summary>The first four bytes of the signature's hash, as a big-endian number.</summary>
    public uint Selector { get; }

    /// <summary>Reads <c>[error] name(type [name], ...)</c>.</summary>
    /// <exception cref="AbiException">Anything else.</exception>
    public static AbiError Parse(string text)
    {
        var (name, inputs) = AbiTypeParser.ParseSignature(text, "error");
        return new AbiError(name, inputs);
    }

    /// <summary>Revert data: the selector and the values.</summary>
    public byte[] Encode(IReadOnlyList<object> values) => AbiCodec.Write(new AbiWriter(Selector, _tuple.FrameBytes), _tuple, values);

    /// <summary>The values in revert data that must begin with the selector.</summary>
    /// <exception cref="AbiException">Another selector or no strict encoding.</exception>
    public object[] Decode(ReadOnlySpan<byte> data) => AbiCodec.Read(AbiReader.AfterSelector(data, Selector, _tuple.FrameBytes), _tuple);
}
