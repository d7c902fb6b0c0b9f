namespace Turnpike.Node.Replay;

/// <summary>The replay cannot go on; the message says what to do.</summary>
public sealed class ReplayException(string message, Exception? inner = null) : Exception(message, inner);
