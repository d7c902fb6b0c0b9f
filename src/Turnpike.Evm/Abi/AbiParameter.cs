namespace Turnpike.Evm.Abi;

/// <summary>A parameter of a function, event or error; the name may be empty.</summary>
public sealed record AbiParameter(AbiType Type, string Name)
{
    /// <summary>Whether an event stores the parameter as a topic.</summary>
    public bool Indexed { get; init; }
}
