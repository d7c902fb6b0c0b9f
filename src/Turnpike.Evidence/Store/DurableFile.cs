using System.Runtime.InteropServices;

namespace Turnpike.Evidence;

/// <summary>
/// File changes that survive power loss. On Unix a new or renamed name is durable only after its folder was fsynced too, for which .NET has no call;
/// NTFS journals names itself, so nothing is done on Windows.
/// </summary>
internal static class DurableFile
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>Either the old content or the whole new one is found after a crash.</summary>
    public static void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + TemporarySuffix;
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }
        CommitBoundary.Pass(path, "written");
        Move(temporary, path);
        CommitBoundary.Pass(path, "renamed");
    }

    public static void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        var (source, target) = (Path.GetDirectoryName(from)!, Path.GetDirectoryName(to)!);
        FlushFolder(target);
        if (source != target) FlushFolder(source);
    }

    /// <summary>Gone for good on return; a file that is not there is no error.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null) CreateFolder(parent);
        Directory.CreateDirectory(path);
        if (parent is not null) FlushFolder(parent);
    }

    /// <summary>Removes what a crash left between the writing and the renaming of a file.</summary>
    public static void DeleteTemporaries(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + TemporarySuffix)) File.Delete(path);
    }

    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(path, 0);
        if (descriptor < 0) throw Failure("open", path);
        try
        {
            if (Fsync(descriptor) != 0) throw Failure("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string call, string path) => new($"{call} of folder '{path}' failed: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int readOnlyFlags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
