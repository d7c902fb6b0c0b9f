using System.Diagnostics;
using System.Text;

namespace Turnpike.Evidence.Tests.Log;

/// <summary>A folder that may not be written any more, and a file system that has become read-only, each for real under a running log, and each over again later.</summary>
public sealed class FolderTroubleTests : IDisposable
{
    private const string KindVariable = "TURNPIKE_EVIDENCE_CHILD_TROUBLE";
    private const string ReadOnly = "read-only";
    private const string Passed = "PASSED";

    private readonly Samples.Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Unwritable_folder_refuses_with_a_code_keeps_reads_and_recovers()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Permissions of this kind are Unix'.");
        // Root writes where it may not: it has to let go of that right first.
        if (!Environment.IsPrivilegedProcess) return EndureAsync("unwritable", null);
        if (!File.Exists("/usr/bin/setpriv")) Assert.Skip("Without setpriv (util-linux) root writes into any folder.");
        return EndureAsync("unwritable", "/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all", Child.Program);
    }

    [Fact]
    public Task Read_only_file_system_refuses_with_a_code_keeps_reads_and_recovers()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/unshare")) Assert.Skip("A file system of its own needs Linux and unshare (util-linux).");
        return EndureAsync(ReadOnly, "/usr/bin/unshare", "--mount", "--map-root-user", "--user", "sh", "-c", "mount -t tmpfs -o size=8m tmpfs \"$0\" && mkdir \"$0/log\" || exit 77; exec \"$1\"", _folder.Path, Child.Program);
    }

    private async Task EndureAsync(string kind, string? program, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var child = Child.Start("trouble", Path.Combine(_folder.Path, "log"), [(KindVariable, kind)], program, arguments);
        var output = await child.StandardOutput.ReadToEndAsync(cancellation);
        var error = await child.StandardError.ReadToEndAsync(cancellation);
        await child.WaitForExitAsync(cancellation);
        if (child.ExitCode == 77 || error.Contains("unshare", StringComparison.Ordinal)) Assert.Skip("This machine does not let a user mount a file system in a namespace: " + error.Trim());
        Assert.True(output.Trim().EndsWith(Passed, StringComparison.Ordinal), output + error);
    }

    /// <summary>The child's part.</summary>
    internal static async Task EndureAsync(string folder)
    {
        var isReadOnly = Environment.GetEnvironmentVariable(KindVariable) == ReadOnly;
        var time = new ManualTime();
        var kept = new List<string>();
        await using (var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network, SegmentBytes = 20_000 }, time))
        {
            for (var i = 0; i < 30; i++) Require(await AppendAsync(log, $"before {i}", kept), "appends are taken at first");
            Begin(isReadOnly, folder);
            // The segment that is open takes more, as its file is open; the next one cannot begin.
            var taken = 0;
            while (await AppendAsync(log, $"during {taken}", kept)) Require(++taken < 100, "a folder that cannot be written is noticed");
            Require(log.Failure is IOException or UnauthorizedAccessException, $"the failure is shown: {log.Failure}");
            Require((await log.ReadAllAsync()).SequenceEqual(kept), "reads are served, and hold what was acknowledged");
            time.Advance(TimeSpan.FromSeconds(1));
            Require(!await AppendAsync(log, "still", kept), "refused as long as it lasts");
            End(isReadOnly, folder);
            time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 30; i++) Require(await AppendAsync(log, $"after {i}", kept), $"appends are taken again: {log.Failure}");
            Require(log.Failure is null, "the failure is over");
            Require((await log.ReadAllAsync()).SequenceEqual(kept), "nothing acknowledged is lost, nothing refused is kept");
        }
        await using var again = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network }, time);
        Require((await again.ReadAllAsync()).SequenceEqual(kept), "the same after a restart");
        Console.WriteLine(Passed);
    }

    // What has become read-only is laid over the folder: what opens a path from now on meets it.
    private static void Begin(bool isReadOnly, string folder)
    {
        if (!isReadOnly)
        {
            Allow(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return;
        }
        Run("mount", "--bind", folder, folder);
        Run("mount", "-o", "remount,bind,ro", folder);
    }

    private static void End(bool isReadOnly, string folder)
    {
        if (isReadOnly) Run("umount", folder);
        else Allow(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Allow(string folder, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var part in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder)) File.SetUnixFileMode(part, mode);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Require(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static async Task<bool> AppendAsync(EvidenceLog log, string text, List<string> kept)
    {
        var padded = text.PadRight(1_000, '.');
        var outcome = await log.AppendAsync(RecordType.Evidence, Encoding.ASCII.GetBytes(padded), Samples.Now, CancellationToken.None);
        Require(outcome.IsDurable || outcome.Code == AdmissionCode.LogUnavailable, $"refused with {outcome.Code}");
        if (outcome.IsDurable) kept.Add(padded);
        return outcome.IsDurable;
    }

    private static void Require(bool condition, string what)
    {
        if (condition) return;
        Console.WriteLine("FAILED: " + what);
        Environment.Exit(1);
    }
}
