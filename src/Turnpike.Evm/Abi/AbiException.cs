namespace Turnpike.Evm.Abi;

/// <summary>Bytes that are no strict ABI encoding of the expected type, or a text that is no ABI type or description. The only exception the decoders and parsers of this namespace throw for bad input.</summary>
public sealed class AbiException(string message) : Exception(message);
