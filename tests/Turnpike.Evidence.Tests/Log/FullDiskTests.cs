using System.Text;

namespace Turnpike.Evidence.Tests.Log;

/// <summary>A real full disk: a child in a mount namespace of its own with a 3 MiB file system.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Passed = "PASSED";

    private readonly Samples.Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Full_disk_refuses_with_a_code_keeps_reads_and_recovers_with_nothing_lost()
    {
        const string Mount = "mount -t tmpfs -o size=3m tmpfs \"$0\" || exit 77; exec \"$1\"";
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/unshare")) Assert.Skip("A file system of its own needs Linux and unshare (util-linux).");
        using var child = Child.Start("full-disk", _folder.Path, "/usr/bin/unshare", "--mount", "--map-root-user", "--user", "sh", "-c", Mount, _folder.Path, Child.Program);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (child.ExitCode == 77 || error.Contains("unshare", StringComparison.Ordinal)) Assert.Skip("This machine does not let a user mount a file system in a namespace: " + error.Trim());
        Assert.True(output.Trim().EndsWith(Passed, StringComparison.Ordinal), output + error);
    }

    /// <summary>The child's part.</summary>
    internal static async Task FillTheDiskAsync(string folder)
    {
        var filler = Path.Combine(folder, "filler");
        File.WriteAllBytes(filler, new byte[1_500_000]);
        var time = new ManualTime();
        var kept = new List<string>();
        await using (var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network, SegmentBytes = 100_000 }, time))
        {
            var refused = await FillAsync(log, kept);
            Require(kept.Count > 100 && refused > 0, $"the disk did not fill: {kept.Count} kept, {refused} refused");
            Require(log.Failure is IOException, "the failure is shown");
            Require((await log.ReadAllAsync()).SequenceEqual(kept), "reads are served while full, and hold what was acknowledged");
            File.Delete(filler);
            Require(!(await AppendAsync(log, "too early")).IsDurable, "no attempt before the retry delay");
            time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 20; i++)
            {
                Require((await AppendAsync(log, $"after {i}")).IsDurable, "appends are taken again once there is space");
                kept.Add($"after {i}");
            }
            Require(log.Failure is null, "the failure is over");
            await SealWhileFullAsync(log, filler, kept);
            Require((await log.ReadAllAsync()).SequenceEqual(kept), "nothing acknowledged is lost, nothing refused is kept");
        }
        await using var again = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network }, time);
        Require((await again.ReadAllAsync()).SequenceEqual(kept), "the same after a restart");
        Console.WriteLine(Passed);
    }

    /// <summary>The summary beside a sealed segment finds no room: sealing fails, what it would seal stays readable, and the next try completes it.</summary>
    private static async Task SealWhileFullAsync(EvidenceLog log, string filler, List<string> kept)
    {
        var sealedBefore = log.Store.Segments.Count;
        FillTo(filler);
        var failed = await Assert.ThrowsAnyAsync<IOException>(() => log.SealSegmentAsync(CancellationToken.None));
        Require(failed == log.Failure && log.Store.Segments.Count == sealedBefore, "sealing fails for want of space");
        Require((await log.ReadAllAsync()).SequenceEqual(kept), "what waits to be sealed is read all the same");
        File.Delete(filler);
        await log.SealSegmentAsync(CancellationToken.None);
        Require(log.Store.Segments.Count == sealedBefore + 1 && log.ReadOpenSegment().Count == 0, "sealing completes once there is space");
    }

    private static void FillTo(string filler)
    {
        using var file = File.Create(filler, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full to the last page, which is what was wanted.
        }
    }

    private static async Task<int> FillAsync(EvidenceLog log, List<string> kept)
    {
        for (var i = 0; i < 2_000; i++)
        {
            var texts = Enumerable.Range(0, 4).Select(part => $"{i}.{part} " + new string('x', 2_000)).ToArray();
            var outcomes = await Task.WhenAll(texts.Select(text => AppendAsync(log, text)));
            kept.AddRange(texts.Where((_, part) => outcomes[part].IsDurable));
            if (outcomes.Any(outcome => !outcome.IsDurable)) return outcomes.Count(outcome => outcome.Code == AdmissionCode.LogUnavailable);
        }
        return 0;
    }

    private static Task<AppendOutcome> AppendAsync(EvidenceLog log, string text) => log.AppendAsync(RecordType.Evidence, Encoding.ASCII.GetBytes(text), Samples.Now, CancellationToken.None);

    private static void Require(bool condition, string what)
    {
        if (condition) return;
        Console.WriteLine("FAILED: " + what);
        Environment.Exit(1);
    }
}
