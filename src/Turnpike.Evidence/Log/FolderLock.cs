namespace Turnpike.Evidence;

/// <summary>Held while a process writes to an evidence folder; the operating system lets go of it when the process ends in any way.</summary>
internal sealed class FolderLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="EvidenceLockedException">Another process, or another log of this one, holds it.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            return new FolderLock(new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
        {
            throw new EvidenceLockedException(folder, exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
