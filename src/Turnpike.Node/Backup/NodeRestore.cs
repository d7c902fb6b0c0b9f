using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Backup;

/// <summary>
/// Makes a node's folder out of a backup. Everything is unpacked beside the target and compared with the hashes inside before the target appears, so a damaged backup leaves nothing behind. An existing
/// folder is never touched. The new folder is marked: see <see cref="SigningFloor"/> for what its oracle then abstains from.
/// </summary>
public static class NodeRestore
{
    /// <summary>Restores a backup.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="target">A folder that does not exist yet, or is empty.</param>
    /// <param name="moved">Whether the node has not run since the backup was taken, so that the backup holds all that it ever signed: nothing is abstained from.</param>
    /// <exception cref="BackupException">The target is in use, or the backup is damaged.</exception>
    public static BackupContents Read(string file, NetworkFolder target, bool moved)
    {
        if (!File.Exists(file)) throw new BackupException($"There is no backup {file}.");
        if (Directory.Exists(target.Root) && Directory.EnumerateFileSystemEntries(target.Root).Any()) throw new BackupException($"{target.Root} is not empty: a restore overwrites nothing. Name a new folder, or move the old one away.");
        var temporary = target.Root + ".restoring";
        if (Directory.Exists(temporary)) throw new BackupException($"{temporary} is left from a restore that was cut short: delete it and run the command again.");
        CreatePrivate(temporary);
        try
        {
            var contents = Unpack(file, temporary);
            LeaveOutSealedTwice(temporary, contents);
            var unpacked = new NetworkFolder(temporary);
            unpacked.Read();
            if (!moved) SigningFloor.Mark(unpacked);
            if (Directory.Exists(target.Root)) Directory.Delete(target.Root);
            Directory.CreateDirectory(Path.GetDirectoryName(target.Root)!);
            Directory.Move(temporary, target.Root);
            Evidence.DurableFolder.Flush(Path.GetDirectoryName(target.Root)!);
            return contents;
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new BackupException($"{file} is damaged: {fault.Message}");
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }

    private static BackupContents Unpack(string file, string folder)
    {
        using var source = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var tar = new TarReader(source);
        var found = new Dictionary<string, (long Bytes, string Sha256)>(StringComparer.Ordinal);
        BackupContents? contents = null;
        while (tar.GetNextEntry() is { } entry)
        {
            if (contents is not null) throw new BackupException($"{file} goes on after its list of contents.");
            if (entry.EntryType != TarEntryType.RegularFile || !IsInside(entry.Name)) throw new BackupException($"{file} holds '{entry.Name}', which no backup of a node does.");
            if (entry.Name == BackupContents.EntryName) contents = ReadContents(entry);
            else if (!found.TryAdd(entry.Name, Write(entry, Path.Combine(folder, entry.Name)))) throw new BackupException($"{file} holds {entry.Name} twice.");
        }
        if (contents is null) throw new BackupException($"{file} is no complete backup: its list of contents is missing.");
        if (found.Count != contents.Files.Count) throw new BackupException($"{file} holds {found.Count} files, its list {contents.Files.Count}.");
        foreach (var listed in contents.Files)
            if (!found.TryGetValue(listed.Path, out var got) || got != (listed.Bytes, listed.Sha256)) throw new BackupException($"{file} is damaged: {listed.Path} is not what was backed up.");
        return contents;
    }

    private static bool IsInside(string name) => name.Length > 0 && !name.Contains('\\', StringComparison.Ordinal) && !Path.IsPathRooted(name) && name.Split('/').All(part => part is not ("" or "." or ".."));

    private static BackupContents ReadContents(TarEntry entry)
    {
        using var buffer = new MemoryStream();
        entry.DataStream?.CopyTo(buffer);
        return BackupContents.Decode(buffer.ToArray());
    }

    private static (long Bytes, string Sha256) Write(TarEntry entry, string path)
    {
        CreatePrivate(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var target = new FileStream(path, options);
        entry.DataStream?.CopyTo(target);
        target.Flush(flushToDisk: true);
        target.Position = 0;
        return (target.Length, Convert.ToHexStringLower(SHA256.HashData(target)));
    }

    // Names begin with partition and number: an open segment whose number is sealed was sealed while the backup was taken.
    private static void LeaveOutSealedTwice(string folder, BackupContents contents)
    {
        foreach (var open in contents.Files.Where(file => file.Path.Split('/')[..^1].Contains("open")))
        {
            var log = new DirectoryInfo(Path.Combine(folder, open.Path)).Parent!.Parent!;
            var name = Path.GetFileNameWithoutExtension(open.Path);
            if (Evidence.EvidenceStore.Open(log.FullName).Segments.Any(segment => name == FormattableString.Invariant($"{segment.Partition:x8}-{segment.Number:d20}"))) File.Delete(Path.Combine(folder, open.Path));
        }
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
