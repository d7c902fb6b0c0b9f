namespace Turnpike.Agent;

/// <summary>The agent cannot work as it is set up; the message says what to do.</summary>
public sealed class AgentException(string message, Exception? inner = null) : Exception(message, inner);
