using System.CommandLine;
using System.Text.Json;
using Turnpike.Cli;
using Turnpike.Cli.Simulate;
using Turnpike.Networks.Wireless;

namespace Turnpike.Node.Tests.Simulate;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-simulate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Simulation_writes_a_report_and_a_table_and_says_its_hash()
    {
        var (output, first) = await RunAsync("akash", "--years", "0.5", "--seeds", "6", "--no-sensitivity");
        Assert.Contains("result ", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(first, "report.html")) && File.Exists(Path.Combine(first, "bands.csv")));
        var hash = output.Split("result ")[1].Split('\n')[0].Trim();
        Assert.Contains(hash, await File.ReadAllTextAsync(Path.Combine(first, "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(hash, (await RunAsync("akash", "--years", "0.5", "--seeds", "6", "--no-sensitivity")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_scenarios_are_compared_as_json()
    {
        var writer = new StringWriter();
        var before = Console.Out;
        Console.SetOut(writer);
        string folder;
        try
        {
            (_, folder) = await RunAsync("dimo", "--compare", "price-crash", "cold-start", "--years", "0.5", "--seeds", "3", "--no-sensitivity", "--json");
        }
        finally
        {
            Console.SetOut(before);
        }
        using var json = JsonDocument.Parse(writer.ToString());
        Assert.Equal(["The price falls to a tenth", "Cold start"], json.RootElement.EnumerateArray().Select(run => run.GetProperty("name").GetString()));
        Assert.All(json.RootElement.EnumerateArray(), run => Assert.True(run.GetProperty("end").GetProperty("price").GetProperty("p50").GetDouble() > 0));
        Assert.True(File.Exists(Path.Combine(folder, "bands-1.csv")) && File.Exists(Path.Combine(folder, "bands-2.csv")));
    }

    [Theory]
    [InlineData("There is no economy and no file 'akush'. Shipped: akash, dimo, filecoin, helium-iot, helium-mobile, hivemapper, render.", "akush")]
    [InlineData("--years is 60; it takes 0.1 to 50.", "akash", "--years", "60")]
    [InlineData("--seeds is 0; it takes 1 to 1000000.", "akash", "--seeds", "0")]
    [InlineData("'price-crash' is a scenario: name the economy too, as in: turnpike simulate akash --compare price-crash other", "--compare", "price-crash", "akash")]
    [InlineData("--fork is 'localhost'; it takes an http or https URL, such as http://127.0.0.1:8545.", "akash", "--fork", "localhost")]
    public async Task Wrong_wish_is_one_sentence(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, (await Assert.ThrowsAsync<CommandException>(() => RunAsync(arguments))).Message);

    [Fact]
    public void Economy_without_a_protocol_is_neither_started_nor_deployed()
    {
        var refusal = Assert.Throws<CommandException>(() => BlueprintFiles.Local("filecoin", WirelessModule.Packs));
        Assert.Equal("'filecoin' is an economy without a protocol: it can be simulated, but not started or deployed. Try: turnpike simulate filecoin", refusal.Message);
    }

    private async Task<(string Output, string Folder)> RunAsync(params string[] arguments)
    {
        var folder = Path.Combine(_folder, Path.GetRandomFileName());
        using var output = new StringWriter();
        var parsed = SimulateCommand.Create(WirelessModule.Packs).Parse([.. arguments, "--out", folder]);
        await parsed.InvokeAsync(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (output.ToString(), folder);
    }
}
