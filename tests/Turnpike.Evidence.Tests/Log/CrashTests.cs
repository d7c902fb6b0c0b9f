using System.Diagnostics;

namespace Turnpike.Evidence.Tests.Log;

/// <summary>A process killed by SIGKILL at random moments. It proves the log's own order of steps; that fsync survives power loss is the kernel's promise and not tested here.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Rounds = 50;

    private readonly Samples.Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_random_moments_nothing_acknowledged_is_lost_or_doubled()
    {
        var random = new Random(20260101);
        var acknowledged = new HashSet<string>();
        var roundsWithWork = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var before = acknowledged.Count;
            await RunAndKillAsync(TimeSpan.FromMilliseconds(random.Next(1, 200)), acknowledged);
            if (acknowledged.Count > before) roundsWithWork++;
            await using var log = LogHarness.Open(_folder.Path);
            var found = await log.ReadAllAsync();
            Assert.Equal(found.Count, found.Distinct().Count());
            Assert.Empty(acknowledged.Except(found));
        }
        Assert.True(roundsWithWork > Rounds / 2, $"only {roundsWithWork} of {Rounds} children acknowledged anything");
        TestContext.Current.SendDiagnosticMessage($"{acknowledged.Count} acknowledged in {Rounds} rounds");
    }

    [Fact]
    public async Task Folder_open_in_one_process_is_refused_to_another_and_free_after_its_death()
    {
        await using (LogHarness.Open(_folder.Path)) Assert.Equal("locked", await OpenInChildAsync());
        Assert.Equal("opened", await OpenInChildAsync());
    }

    /// <summary>Lets a child append for a while after its first acknowledgement, kills it, and collects what it had acknowledged.</summary>
    private async Task RunAndKillAsync(TimeSpan life, HashSet<string> acknowledged)
    {
        using var child = Child.Start("append", _folder.Path);
        if (await child.StandardOutput.ReadLineAsync() is { } first) acknowledged.Add(first);
        var reading = child.StandardOutput.ReadToEndAsync();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < life) await Task.Yield();
        child.Kill();
        var text = await reading;
        await child.WaitForExitAsync();
        var lines = text.Split('\n');
        // The last line may be cut short by the kill; only whole lines were acknowledged for certain.
        acknowledged.UnionWith(lines[..^1]);
    }

    private async Task<string?> OpenInChildAsync()
    {
        using var child = Child.Start("open-only", _folder.Path);
        var line = await child.StandardOutput.ReadLineAsync();
        await child.WaitForExitAsync();
        return line;
    }
}
