using System.Formats.Tar;
using System.IO.Compression;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Node.Backup;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Tests.Operations;

public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("turnpike-backup-");
    private readonly OperationsWorld _world = OperationsWorld.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NetworkFolder Node => _world.Node.Folder;

    private string Target => Path.Combine(_folder.FullName, "restored");

    [Fact]
    public async Task Backup_of_a_log_that_is_written_meanwhile_holds_all_that_was_durable_before_it()
    {
        var log = _world.Log;
        var written = 0;
        for (; written < 500; written++) await AppendAsync(log, written);
        using var end = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var i = written; !end.IsCancellationRequested; i++)
            {
                await AppendAsync(log, i);
                if (i % 50 == 0) await log.SealSegmentAsync(CancellationToken.None);
            }
        }, Stop);
        for (var round = 0; round < 5; round++)
        {
            var file = Path.Combine(_folder.FullName, $"{round}.tgz");
            NodeBackup.Write(Node, file, withKeys: false, DateTimeOffset.UnixEpoch);
            var restored = new NetworkFolder(Target + round);
            NodeRestore.Read(file, restored, moved: false);
            await using var again = EvidenceLog.Open(new EvidenceLogOptions { Folder = restored.Evidence, NetworkId = OperationsWorld.Deployment.NetworkId }, TimeProvider.System);
            await again.SealSegmentAsync(Stop);
            Assert.Equal(again.Store.Segments.Select(segment => segment.Number).Distinct(), again.Store.Segments.Select(segment => segment.Number));
            Assert.InRange(again.Store.Segments.Sum(segment => segment.Count), 500, int.MaxValue);
        }
        await end.CancelAsync();
        await writer;
    }

    [Fact]
    public void Restored_files_are_what_they_were_and_keys_stay_out_unless_asked_for()
    {
        Write("keys/oracle.json", "encrypted");
        Write("devices/box1.p256", "open");
        Write("signed/1-1.signed", "0x1");
        Write("epochs/1/outcome/header-000000.jsonl", "{}\n");
        Write("epochs/2.new/outcome/header-000000.jsonl", "half");
        Write("journal/0x1.jsonl", "{\"whole\":1}\n{\"torn");
        Write("running.lock", "");
        NodeBackup.Write(Node, Path.Combine(_folder.FullName, "a.tgz"), withKeys: false, DateTimeOffset.UnixEpoch);
        NodeRestore.Read(Path.Combine(_folder.FullName, "a.tgz"), new NetworkFolder(Target), moved: true);
        Assert.Equal(["epochs/1/outcome/header-000000.jsonl", "journal/0x1.jsonl", "network.json", "parameters.txt", "signed/1-1.signed"], FilesOf(Target));
        Assert.Equal("{\"whole\":1}\n", File.ReadAllText(Path.Combine(Target, "journal/0x1.jsonl")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Node.Root, "network.json")), File.ReadAllBytes(Path.Combine(Target, "network.json")));
        NodeBackup.Write(Node, Path.Combine(_folder.FullName, "b.tgz"), withKeys: true, DateTimeOffset.UnixEpoch);
        NodeRestore.Read(Path.Combine(_folder.FullName, "b.tgz"), new NetworkFolder(Target + "-keys"), moved: true);
        Assert.Contains("keys/oracle.json", FilesOf(Target + "-keys"));
        Assert.DoesNotContain("devices/box1.p256", FilesOf(Target + "-keys"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "b.tgz")));
    }

    [Fact]
    public void File_that_its_writer_holds_for_itself_is_copied_too()
    {
        Directory.CreateDirectory(Path.Combine(Node.Root, "journal"));
        using var held = new FileStream(Path.Combine(Node.Root, "journal", "0x1.jsonl"), FileMode.Create, FileAccess.Write, FileShare.None);
        held.Write("{}\n"u8);
        held.Flush();
        Assert.Contains(NodeBackup.Write(Node, Path.Combine(_folder.FullName, "a.tgz"), withKeys: false, DateTimeOffset.UnixEpoch).Contents.Files, file => file.Path == "journal/0x1.jsonl" && file.Bytes == 3);
    }

    [Fact]
    public void Nothing_is_overwritten()
    {
        var file = Path.Combine(_folder.FullName, "a.tgz");
        NodeBackup.Write(Node, file, withKeys: false, DateTimeOffset.UnixEpoch);
        Assert.Contains("exists already", Assert.Throws<BackupException>(() => NodeBackup.Write(Node, file, withKeys: false, DateTimeOffset.UnixEpoch)).Message, StringComparison.Ordinal);
        Assert.Contains("own folder", Assert.Throws<BackupException>(() => NodeBackup.Write(Node, Path.Combine(Node.Root, "a.tgz"), withKeys: false, DateTimeOffset.UnixEpoch)).Message, StringComparison.Ordinal);
        Assert.Contains("is not empty", Assert.Throws<BackupException>(() => NodeRestore.Read(file, Node, moved: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flipped_byte_changes_no_restored_file_and_a_refused_backup_leaves_nothing_behind()
    {
        Write("signed/1-1.signed", new string('s', 300));
        var file = Path.Combine(_folder.FullName, "a.tgz");
        NodeBackup.Write(Node, file, withKeys: false, DateTimeOffset.UnixEpoch);
        var unpacked = Unpack(file);
        var (random, refused, contents) = (new Random(7), 0, Contents(Node.Root));
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])unpacked.Clone();
            damaged[random.Next(damaged.Length)] ^= 1;
            Pack(damaged, file + ".damaged");
            try
            {
                NodeRestore.Read(file + ".damaged", new NetworkFolder(Target), moved: true);
                // Padding, a mode or a time: nothing that was backed up.
                Assert.Equal(contents, Contents(Target));
                Directory.Delete(Target, recursive: true);
            }
            catch (BackupException)
            {
                refused++;
                Assert.False(Directory.Exists(Target));
                Assert.False(Directory.Exists(Target + ".restoring"));
            }
        }
        Assert.InRange(refused, 10, 199);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("/etc/escape")]
    [InlineData("a/../../escape")]
    public void Entry_outside_the_folder_is_refused(string name)
    {
        var file = Path.Combine(_folder.FullName, "evil.tgz");
        using (var zip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        using (var tar = new TarWriter(zip))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1]) });
        Assert.Contains("which no backup of a node does", Assert.Throws<BackupException>(() => NodeRestore.Read(file, new NetworkFolder(Target), moved: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restored_oracle_signs_nothing_for_epochs_that_had_begun()
    {
        var file = Path.Combine(_folder.FullName, "a.tgz");
        NodeBackup.Write(Node, file, withKeys: false, DateTimeOffset.UnixEpoch);
        var folder = new NetworkFolder(Target);
        NodeRestore.Read(file, folder, moved: false);
        Assert.True(SigningFloor.Forbids(folder, new EpochNumber(1000)));
        SigningFloor.Fix(folder, new EpochNumber(7));
        Assert.True(SigningFloor.Forbids(folder, new EpochNumber(7)));
        Assert.False(SigningFloor.Forbids(folder, new EpochNumber(8)));
        // Started again later, it does not abstain anew; restored again, the floor never sinks.
        SigningFloor.Fix(folder, new EpochNumber(9));
        Assert.Equal(new EpochNumber(8), SigningFloor.Read(folder));
        SigningFloor.Mark(folder);
        SigningFloor.Fix(folder, new EpochNumber(3));
        Assert.Equal(new EpochNumber(8), SigningFloor.Read(folder));
    }

    [Fact]
    public void Node_that_was_never_restored_or_only_moved_signs_everything()
    {
        SigningFloor.Fix(Node, new EpochNumber(7));
        Assert.False(SigningFloor.Forbids(Node, new EpochNumber(1)));
    }

    public void Dispose()
    {
        _world.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task AppendAsync(EvidenceLog log, int i) =>
        Assert.True((await log.AppendAsync(RecordType.Evidence, BitConverter.GetBytes(i), 1_900_000_000_000 + i, CancellationToken.None)).IsDurable);

    private void Write(string path, string content)
    {
        var full = Path.Combine(Node.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private static string[] FilesOf(string root) => [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];

    private static Dictionary<string, string> Contents(string root) => FilesOf(root).ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(Path.Combine(root, path))));

    private static byte[] Unpack(string file)
    {
        using var zip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Pack(byte[] bytes, string file)
    {
        using var zip = new GZipStream(File.Create(file), CompressionLevel.Fastest);
        zip.Write(bytes);
    }
}
