using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Backup;

/// <summary>What a finished backup is.</summary>
/// <param name="Contents">What it holds.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of the whole file.</param>
public sealed record BackupResult(BackupContents Contents, long Bytes, string Sha256);

/// <summary>
/// Copies a node's folder into one file while the node runs. Nothing is stopped or locked; the order of copying makes the copy consistent, because everything a node keeps is either replaced whole,
/// appended to, or never changed again:
///
///   1. small files (network.json, parameters.txt, node.json, the signing floor), manifests, journals, signed reports: each refers only to what exists already, which is copied later;
///   2. open segments, each up to its length at that moment: the torn end of a batch that is being written is cut when the log opens, as after a crash;
///   3. sealed segments. A segment that was sealed between 2 and 3 is now copied whole, and its open copy is left out at the restore, since a log must not find a number twice;
///   4. computed epochs. One that is replaced meanwhile by another attempt is found out by its root and computed again.
///
/// What a journal or log got after its turn is missing from the copy, as if the node had stopped in the midst of the backup. Keys are not copied unless asked for, and then only those under a
/// password; device keys, which lie open, never. The local chain of 'turnpike up' is not part of a node.
/// </summary>
public static class NodeBackup
{
    // In this order; what matches none comes first. Within a kind by path.
    private static readonly string[] LateFolders = ["manifests", "open", "segments", "epochs"];
    private static readonly string[] LeftOut = ["devices", "chain"];
    private const string KeyFolder = "keys";
    private const int Attempts = 5;

    /// <summary>Writes a backup; the file appears whole or not at all.</summary>
    /// <param name="folder">The node's folder.</param>
    /// <param name="file">Where to; must not exist.</param>
    /// <param name="withKeys">Whether to copy the keystore files, each encrypted under its password.</param>
    /// <param name="now">The time to note.</param>
    /// <exception cref="BackupException">The file exists, or the folder changes faster than it can be read.</exception>
    public static BackupResult Write(NetworkFolder folder, string file, bool withKeys, DateTimeOffset now)
    {
        var network = folder.Read();
        if (File.Exists(file)) throw new BackupException($"{file} exists already: a backup overwrites nothing. Choose another name.");
        if (Path.GetFullPath(file).StartsWith(folder.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new BackupException($"{file} lies in the node's own folder: choose a place outside, best on another disk.");
        var temporary = file + ".new";
        try
        {
            var contents = new BackupContents(BackupContents.CurrentVersion, network.Deployment.Name, network.Deployment.NetworkId.ToString(), now, withKeys, []);
            using (var target = OpenPrivate(temporary))
            {
                using (var compressed = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
                using (var tar = new TarWriter(compressed, TarEntryFormat.Pax))
                {
                    contents = contents with { Files = Copy(folder, withKeys, tar) };
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, BackupContents.EntryName) { DataStream = new MemoryStream(contents.Encode()) });
                }
                target.Flush(flushToDisk: true);
            }
            File.Move(temporary, file);
            Evidence.DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(file))!);
            return new BackupResult(contents, new FileInfo(file).Length, HashOf(file));
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    internal static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static FileStream OpenPrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static List<BackupFile> Copy(NetworkFolder folder, bool withKeys, TarWriter tar)
    {
        var written = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
        for (var stage = -1; stage < LateFolders.Length; stage++)
        {
            // Listed when its turn comes: what an earlier stage refers to exists by now.
            for (var attempt = 1; ; attempt++)
            {
                var missing = false;
                foreach (var path in List(folder.Root, stage, withKeys).Where(path => !written.ContainsKey(path))) missing |= !TryCopy(folder.Root, path, tar, written);
                if (!missing) break;
                if (attempt == Attempts) throw new BackupException($"Files of {folder.Root} vanish while they are read. Run the backup again.");
            }
        }
        return [.. written.Values];
    }

    private static IEnumerable<string> List(string root, int stage, bool withKeys) =>
        Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false })
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => StageOf(path) == stage && IsKept(path, withKeys))
            .Order(StringComparer.Ordinal);

    private static int StageOf(string path) => Array.FindIndex(LateFolders, folder => path.Split('/')[..^1].Contains(folder));

    // Temporaries carry .new; a folder of an epoch, too, until it is whole. Locks belong to the process.
    private static bool IsKept(string path, bool withKeys)
    {
        var parts = path.Split('/');
        return !parts.Any(part => part.EndsWith(".new", StringComparison.Ordinal) || part.EndsWith(".tmp", StringComparison.Ordinal)) && !path.EndsWith(".lock", StringComparison.Ordinal) && parts[^1] != "lock"
            && !LeftOut.Contains(parts[0]) && (withKeys || parts[0] != KeyFolder);
    }

    private static bool TryCopy(string root, string path, TarWriter tar, Dictionary<string, BackupFile> written)
    {
        try
        {
            using var source = new SnapshotStream(Path.Combine(root, path), path.EndsWith(".jsonl", StringComparison.Ordinal) && path.StartsWith("journal/", StringComparison.Ordinal) ? WholeLines : null);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = source, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            written[path] = new BackupFile(path, source.Length, source.Sha256);
            return true;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Sealed, pruned or replaced in this very moment: the next listing has what took its place.
            return false;
        }
    }

    // A line that is being written is not there yet.
    private static long WholeLines(FileStream journal)
    {
        var length = journal.Length;
        for (; length > 0; length--)
        {
            journal.Position = length - 1;
            if (journal.ReadByte() == '\n') break;
        }
        return length;
    }
}
