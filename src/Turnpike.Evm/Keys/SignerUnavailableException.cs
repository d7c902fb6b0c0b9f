namespace Turnpike.Evm;

/// <summary>A key cannot sign now: its file does not open, its module is locked, its service does not answer. The message says what to do; trying later is right.</summary>
public sealed class SignerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
