using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Turnpike.Node.Backup;

/// <summary>A file as long as it was when it was opened, hashed while it is read. Whatever a running node appends meanwhile is not part of it.</summary>
internal sealed class SnapshotStream : Stream
{
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int NoSuchFile = 2;

    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">Gives the length to take of what there is; null takes all.</param>
    public SnapshotStream(string path, Func<FileStream, long>? limit = null)
    {
        _file = Open(path);
        Length = limit?.Invoke(_file) ?? _file.Length;
        _file.Position = 0;
    }

    public override long Length { get; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("A snapshot is read once, from its beginning.");
    }

    /// <summary>The hash of all that was read.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - _position);
        if (wanted == 0) return 0;
        var read = _file.Read(buffer[..wanted]);
        if (read == 0) throw new BackupException($"{_file.Name} became shorter while it was read. Run the backup again.");
        _hash.AppendData(buffer[..read]);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => offset == 0 && origin == SeekOrigin.Current ? _position : throw new NotSupportedException("A snapshot is read once, from its beginning.");

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // .NET marks files that it alone may write with flock, and its own opening respects that even for reading. Those marks keep writers apart, not readers, so they are passed over here.
    private static FileStream Open(string path)
    {
        if (OperatingSystem.IsWindows()) return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var descriptor = OpenForReading(path, OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux);
        if (descriptor >= 0) return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read);
        var error = Marshal.GetLastPInvokeError();
        throw error == NoSuchFile ? new FileNotFoundException($"{path} is not there any more.", path) : new IOException($"{path} cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    // Flags 0 is O_RDONLY everywhere.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenForReading([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }
}
