namespace Turnpike.Evidence;

/// <summary>Stored bytes are not what was once written. Nothing is repaired silently: restore the file from a mirror, or move it away.</summary>
public sealed class EvidenceCorruptException : Exception
{
    /// <summary>The file and what is wrong with it.</summary>
    public EvidenceCorruptException(string path, string problem, SegmentFault? fault = null)
        : base($"'{path}' is corrupt: {problem}. Restore it from a mirror by its hash, or move it out of the folder; it is not repaired silently.")
    {
        Path = path;
        Fault = fault;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where in the segment, if it is one.</summary>
    public SegmentFault? Fault { get; }
}
