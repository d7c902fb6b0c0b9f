using System.CommandLine;
using System.Text;
using Turnpike.Blueprints;
using Turnpike.Cli;
using Turnpike.Cli.Replay;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Node.Replay;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.Replay;

public sealed class ReplayInputTests : IDisposable
{
    private const long Start = 1_630_540_800_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-replay-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Absent_file_is_named()
    {
        var path = Path.Combine(_folder, "absent.ndjson.gz");
        Assert.Equal($"There is no file {path}.", (await RefusalAsync(path)).Message);
    }

    [Fact]
    public async Task Folder_in_place_of_a_file_is_refused() =>
        Assert.Equal($"{_folder} is a folder; name a file such as helium-field-tester.ndjson.gz.", (await RefusalAsync(_folder)).Message);

    [Fact]
    public async Task File_that_is_no_gzip_is_refused()
    {
        var path = new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start, frame: 1).WriteTo(Path.Combine(_folder, "trace.ndjson"));
        File.Move(path, path + ".gz");
        Assert.StartsWith($"{path}.gz is not a gzip file, or a damaged one: ", (await RefusalAsync(path + ".gz")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_ends_within_its_gzip_stream_is_refused()
    {
        var trace = new SyntheticTrace();
        for (var i = 0U; i < 500; i++) trace.Add(SyntheticTrace.Hotspot((int)i % 7), Start + i * 997, frame: i * 31);
        var path = trace.WriteTo(Path.Combine(_folder, "trace.ndjson.gz"));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^200]);
        Assert.ThrowsAny<Exception>(() => ReplayTrace.Load(path)).ShouldBeRefusal();
    }

    [Fact]
    public async Task Empty_file_is_refused()
    {
        var path = new SyntheticTrace().AddLine("").WriteTo(Path.Combine(_folder, "empty.ndjson.gz"));
        Assert.Equal($"{path} holds no reception.", (await RefusalAsync(path)).Message);
    }

    [Theory]
    [InlineData("7", "--epoch is '7'; write a duration from 10m to 31d, a whole number and one of s, m, h, d, such as 24h.")]
    [InlineData("1s", "--epoch is '1s'; write a duration from 10m to 31d, a whole number and one of s, m, h, d, such as 24h.")]
    [InlineData("32d", "--epoch is '32d'; write a duration from 10m to 31d, a whole number and one of s, m, h, d, such as 24h.")]
    public async Task Epoch_outside_its_limits_is_refused(string epoch, string message) =>
        Assert.Equal(message, Assert.IsType<CommandException>(await RefusalAsync("trace.ndjson", "--epoch", epoch)).Message);

    [Fact]
    public async Task Blueprint_that_does_not_exist_is_refused() =>
        Assert.Equal("There is no blueprint and no file 'helium-oit'. See: turnpike blueprint list", (await RefusalAsync("trace.ndjson", "--blueprint", "helium-oit")).Message);

    [Fact]
    public async Task Folder_to_keep_that_exists_is_refused() =>
        Assert.Equal($"--keep names {_folder}, which exists already; choose a new folder.", (await RefusalAsync("trace.ndjson", "--keep", _folder)).Message);

    [Fact]
    public void Trace_of_too_many_epochs_asks_for_longer_ones()
    {
        var path = new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start, 1).Add(SyntheticTrace.Hotspot(1), Start + 5_000 * 600_000L, 2).WriteTo(Path.Combine(_folder, "long.ndjson"));
        var refusal = Assert.Throws<ReplayException>(() => ReplayCalendar.Of(ReplayTrace.Load(path), TimeSpan.FromMinutes(10)));
        Assert.Equal("The trace spans 5001 epochs of 10m, more than 5000; choose a longer --epoch.", refusal.Message);
    }

    [Fact]
    public void Calendar_begins_at_a_whole_epoch_of_unix_time_and_ends_with_the_last_reception()
    {
        var path = new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start + 86_400_000 + 1, 1).Add(SyntheticTrace.Hotspot(2), Start + 7 * 86_400_000L, 2).WriteTo(Path.Combine(_folder, "trace.ndjson"));
        var weekly = ReplayCalendar.Of(ReplayTrace.Load(path), TimeSpan.FromDays(7));
        var brief = ReplayCalendar.Of(ReplayTrace.Load(path), TimeSpan.FromMinutes(20));
        Assert.Equal((Start / 1000, 2UL), (weekly.Clock.StartUnixSeconds, weekly.Last.Value));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)), (weekly.Pause, brief.Pause));
        Assert.Equal(Start / 1000 + 86_400, brief.Clock.StartUnixSeconds);
    }

    [Fact]
    public void Profile_pays_archives_and_scales_the_emission_with_the_epoch()
    {
        var local = LocalBlueprint();
        var path = new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start, 1).WriteTo(Path.Combine(_folder, "trace.ndjson"));
        var profile = ReplayProfile.Of(local, ReplayCalendar.Of(ReplayTrace.Load(path), TimeSpan.FromHours(1)));
        Assert.Equal(0UL, profile.Parameters.Integer(Usage2026Names.MinimumTrust));
        Assert.Equal(local.Parameters.Values.Where(value => value.Key != Usage2026Names.MinimumTrust), profile.Parameters.Values.Where(value => value.Key != Usage2026Names.MinimumTrust));
        Assert.Equal(local.Emission.Steps[0].PerEpoch * 360, profile.Emission.Steps[0].PerEpoch);
        Assert.Equal((1u, 0u, 1u), (profile.Oracles.Count, profile.Oracles.Faulty, profile.Gateways.Count));
    }

    [Fact]
    public void Profile_of_a_network_without_packets_is_refused()
    {
        var local = LocalBlueprint();
        var other = local with { Network = local.Network with { Module = "storage" } };
        var path = new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start, 1).WriteTo(Path.Combine(_folder, "trace.ndjson"));
        var refusal = Assert.Throws<ReplayException>(() => ReplayProfile.Of(other, ReplayCalendar.Of(ReplayTrace.Load(path), TimeSpan.FromHours(1))));
        Assert.Equal("The trace holds packets of a wireless network; the blueprint 'helium-iot' is of the module 'storage'.", refusal.Message);
    }

    [Fact]
    public void Random_bytes_are_refused_in_one_sentence()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            var path = Path.Combine(_folder, i % 2 == 0 ? "noise.ndjson.gz" : "noise.ndjson");
            File.WriteAllBytes(path, bytes);
            Assert.ThrowsAny<Exception>(() => ReplayTrace.Load(path)).ShouldBeRefusal();
        }
    }

    [Fact]
    public void Damaged_lines_are_refused_or_read()
    {
        var random = new Random(11);
        var path = Path.Combine(_folder, "damaged.ndjson");
        var whole = File.ReadAllBytes(new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start, 1).WriteTo(path));
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            Record.Exception(() => ReplayTrace.Load(path))?.ShouldBeRefusal();
        }
    }

    private static Blueprint LocalBlueprint() => BlueprintReader.Read(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"), WirelessModule.Packs).Local!;

    private static async Task<Exception> RefusalAsync(params string[] arguments)
    {
        var root = new RootCommand { ReplayCommand.Create(WirelessModule.Packs) };
        using var output = new StringWriter(new StringBuilder());
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => root.Parse(["replay", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken));
        Assert.Empty(output.ToString());
        return refusal;
    }
}

internal static class Refusals
{
    /// <summary>One of those that the command line shows as a sentence.</summary>
    public static void ShouldBeRefusal(this Exception problem)
    {
        Assert.True(problem is ReplayException or TraceFormatException, problem.ToString());
        Assert.DoesNotContain('\n', problem.Message);
    }
}
