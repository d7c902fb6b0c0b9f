namespace Turnpike.Evidence;

/// <summary>
/// The moments between two changes of the disk at which a crash leaves something else behind. They are named so that a test can end the process at each;
/// outside tests nothing listens.
/// </summary>
internal static class CommitBoundary
{
    public const string AppendBegins = "append-begins";
    public const string AppendWritten = "append-written";
    public const string AppendSynced = "append-synced";
    public const string SegmentMoved = "segment-moved";
    public const string SegmentRetired = "segment-retired";
    public const string SummaryRetired = "summary-retired";
    public const string NoteRetired = "note-retired";

    /// <summary>Told each boundary that is passed.</summary>
    public static Action<string>? Passed { get; set; }

    public static void Pass(string name) => Passed?.Invoke(name);

    /// <summary>A boundary of a file that is replaced as a whole: named after its folder.</summary>
    public static void Pass(string path, string step)
    {
        if (Passed is { } passed) passed(Path.GetFileName(Path.GetDirectoryName(path)) + "-" + step);
    }
}
