namespace Turnpike.Evm.TypedData;

/// <summary>One member of a struct: the type as written, and the name.</summary>
public sealed record TypedDataField(string Type, string Name);
