namespace Turnpike.Evidence;

/// <summary>Another process has the evidence folder open for writing.</summary>
public sealed class EvidenceLockedException(string folder, Exception inner)
    : Exception($"Another process has the evidence folder '{folder}' open. Stop it, or give this one a folder of its own.", inner);
