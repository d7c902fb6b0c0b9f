using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Turnpike.Cli.Replay;
using Turnpike.Core;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Protocol;
using Turnpike.Node.Local;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.Replay;

public sealed class ReplayTests : IDisposable
{
    // A Thursday, 00:00 UTC: whole hours and whole weeks of unix time begin here.
    private const long Start = 1_630_540_800_000;
    private const long Hour = 3_600_000;
    private const long Window = 300_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-replay-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_of_the_field_testers_gives_the_exact_result()
    {
        var path = SharedData.Path("wireless/helium-field-tester.ndjson.gz");
        var (exit, output) = await RunAsync(path, "--json");

        Assert.Equal(0, exit);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["receptions", "hotspots", "sold", "refused", "credits", "epochs", "reproduced", "minted", "perHotspot"], result.EnumerateObject().Select(field => field.Name));
        Assert.Equal(17_075, result.GetProperty("receptions").GetInt32());
        Assert.Equal(348, result.GetProperty("hotspots").GetInt32());
        Assert.Equal(12_477, result.GetProperty("sold").GetInt32());
        var refused = Assert.Single(result.GetProperty("refused").EnumerateArray());
        Assert.Equal((301, "retransmission", 4_598), (refused.GetProperty("code").GetInt32(), refused.GetProperty("reason").GetString(), refused.GetProperty("receptions").GetInt32()));
        Assert.Equal(12_477, result.GetProperty("credits").GetInt32());
        Assert.Equal((88, 88), (result.GetProperty("epochs").GetInt32(), result.GetProperty("reproduced").GetInt32()));
        var hotspots = result.GetProperty("perHotspot").EnumerateArray().ToList();
        Assert.Equal((347, 1), (hotspots.Count(hotspot => TypeOf(hotspot) == HeliumKeyType.P256), hotspots.Count(hotspot => TypeOf(hotspot) == HeliumKeyType.Ed25519)));
        Assert.Equal(SoldOf(path), hotspots.ToDictionary(hotspot => hotspot.GetProperty("hotspot").GetString()!, hotspot => hotspot.GetProperty("credits").GetInt32()));
    }

    [Fact]
    public async Task Replay_refuses_a_retransmission_on_either_side_of_an_epochs_border_and_settles_a_silent_epoch()
    {
        var (a, b, c) = (SyntheticTrace.Hotspot(1), SyntheticTrace.Hotspot(2), SyntheticTrace.Hotspot(3, HeliumKeyType.Ed25519));
        var border = Start + Hour;
        var path = new SyntheticTrace()
            .Add(a, border + 20_000, frame: 7)                          // refused: sold 30 s ago, in the epoch before
            .Add(a, Start + 1_000, frame: 1)                            // sold
            .Add(b, Start + 1_000, frame: 1)                            // sold: another hotspot's copy
            .Add(a, Start + 1_000 + Window, frame: 1)                   // refused: the last moment of the window
            .Add(a, Start + 1_001 + Window, frame: 1)                   // sold: the refused copy did not prolong the window
            .Add(a, border - 10_000, frame: 7)                          // sold
            .Add(c, Start + 3 * Hour, frame: 9, payloadBytes: 25)       // sold for two credits, after an epoch without anything
            .WriteTo(Path.Combine(_folder, "trace.ndjson.gz"));

        var (exit, output) = await RunAsync(path, "--json", "--epoch", "1h");

        Assert.Equal(0, exit);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal((7, 3), (result.GetProperty("receptions").GetInt32(), result.GetProperty("hotspots").GetInt32()));
        Assert.Equal((5, 6), (result.GetProperty("sold").GetInt32(), result.GetProperty("credits").GetInt32()));
        Assert.Equal(2, Assert.Single(result.GetProperty("refused").EnumerateArray()).GetProperty("receptions").GetInt32());
        Assert.Equal((4, 4), (result.GetProperty("epochs").GetInt32(), result.GetProperty("reproduced").GetInt32()));
        // An hour mints 360 times what ten seconds of the local profile do.
        Assert.Equal(new Amount(4 * 360 * Amount.ParseTokens("2.378234398782407407").BaseUnits).ToTokenString(), result.GetProperty("minted").GetString());
        // A credit is $0.00001, a token $1.60.
        Assert.Equal([(a, 3, "0.00001875"), (b, 1, "0.00000625"), (c, 2, "0.0000125")], result.GetProperty("perHotspot").EnumerateArray()
            .Select(hotspot => (hotspot.GetProperty("hotspot").GetString()!, hotspot.GetProperty("credits").GetInt32(), hotspot.GetProperty("amount").GetString()!)).OrderByDescending(hotspot => hotspot.Item1 == a).ThenBy(hotspot => hotspot.Item2));
    }

    [Fact]
    public async Task Replay_for_people_tells_what_it_does_and_keeps_its_folder_when_asked()
    {
        var path = new SyntheticTrace().Add(SyntheticTrace.Hotspot(1), Start + 5_000, frame: 1).WriteTo(Path.Combine(_folder, "trace.ndjson"));
        var kept = Path.Combine(_folder, "kept");

        var (exit, output) = await RunAsync(path, "--epoch", "10m", "--keep", kept);

        Assert.Equal(0, exit);
        Assert.Contains("trace.ndjson: 1 receptions through 1 hotspots (1 P-256 keys), 2021-09-02 to 2021-09-02.\n", output, StringComparison.Ordinal);
        Assert.Contains("audit: 1 of 1 epochs reproduced\n", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(kept, "epochs", "1", "outcome", "devices-000000.jsonl")));
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        try
        {
            LocalChain.FindAnvil();
        }
        catch (LocalChainException missing)
        {
            Assert.Skip(missing.Message);
        }
        await using var output = new StringWriter { NewLine = "\n" };
        var root = new RootCommand { ReplayCommand.Create(WirelessModule.Packs) };
        var exit = await root.Parse(["replay", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (exit, output.ToString());
    }

    private static HeliumKeyType TypeOf(JsonElement hotspot)
    {
        Assert.True(HeliumKey.TryParse(hotspot.GetProperty("hotspot").GetString()!, out var key, out var type));
        Assert.Equal(Keccak256.Hash(key).ToString(), hotspot.GetProperty("device").GetString());
        return type;
    }

    // The rule of the issue, said again without any of the program's code.
    private static Dictionary<string, int> SoldOf(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var receptions = new List<(string Hotspot, string Packet, long At)>();
        while (reader.ReadLine() is { } line)
        {
            var delivery = JsonDocument.Parse(line).RootElement;
            var packet = string.Create(CultureInfo.InvariantCulture, $"{delivery.GetProperty("dev_eui")}/{delivery.GetProperty("devaddr")}/{delivery.GetProperty("fcnt")}");
            foreach (var hotspot in delivery.GetProperty("hotspots").EnumerateArray()) receptions.Add((hotspot.GetProperty("id").GetString()!, packet, hotspot.GetProperty("reported_at").GetInt64()));
        }
        var (lastSold, sold) = (new Dictionary<(string, string), long>(), receptions.Select(reception => reception.Hotspot).Distinct().ToDictionary(hotspot => hotspot, _ => 0));
        foreach (var (hotspot, packet, at) in receptions.OrderBy(reception => reception.At))
        {
            if (lastSold.TryGetValue((hotspot, packet), out var last) && at - last <= Window) continue;
            lastSold[(hotspot, packet)] = at;
            sold[hotspot]++;
        }
        return sold;
    }
}
