namespace Turnpike.Evm.TypedData;

/// <summary>A document or type text that is no strict EIP-712 typed data. The only exception this namespace throws for bad input.</summary>
public sealed class TypedDataException(string message) : Exception(message);
