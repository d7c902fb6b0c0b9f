using Turnpike.Node.Settings;

namespace Turnpike.Node.Tests.Operations;

public sealed class NodeConfigurationTests : IDisposable
{
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Variables_of_the_launcher_are_no_settings()
    {
        var launcher = File.ReadAllText(Path.Combine(Turnpike.Tests.SharedData.RepositoryRoot, "turnpike"));
        Assert.Contains("export TURNPIKE_", launcher, StringComparison.Ordinal);
        Assert.DoesNotContain(NodeConfiguration.VariablePrefix, launcher, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_right_and_named_so()
    {
        File.Delete(_file);
        var read = NodeConfiguration.Read(_file, NoEnvironment);
        Assert.Empty(read.Problems);
        Assert.All(read.Values, value => Assert.Equal("default", value.Source));
    }

    [Fact]
    public void Environment_goes_before_the_file_and_the_file_before_defaults()
    {
        File.WriteAllText(_file, """{ "chain": { "confirmations": 7, "blockTime": "40s", "rpc": ["http://a/", "http://b/"] }, "door": { "exemptLoopback": false } }""");
        var read = NodeConfiguration.Read(_file, new Dictionary<string, string> { ["TURNPIKE_NODE_CHAIN__CONFIRMATIONS"] = "9", ["PATH"] = "/bin", ["TURNPIKE_NETWORK"] = "x" });
        Assert.Empty(read.Problems);
        Assert.Equal((9, TimeSpan.FromSeconds(40), false), (read.Options.Chain.Confirmations, read.Options.Chain.BlockTime, read.Options.Door.ExemptLoopback));
        Assert.Equal(["http://a/", "http://b/"], read.Options.Chain.Rpc.Select(url => url.ToString()));
        Assert.Equal(("9", "TURNPIKE_NODE_CHAIN__CONFIRMATIONS"), ValueOf(read, "chain.confirmations"));
        Assert.Equal(("40s", "node.json"), ValueOf(read, "chain.blockTime"));
    }

    [Theory]
    [InlineData("""{ "chain": { "confirmation": 7 } }""", "there is no setting chain.confirmation")]
    [InlineData("""{ "chain": { "Confirmations": 7 } }""", "It is written chain.confirmations")]
    [InlineData("""{ "chain": { "confirmations": "many" } }""", "chain.confirmations is 'many'; it takes a whole number")]
    [InlineData("""{ "chain": { "confirmations": 0 } }""", "chain.confirmations is 0: 1 to 1000")]
    [InlineData("""{ "chain": { "blockTime": "3 s" } }""", "chain.blockTime is '3 s'; it takes a duration")]
    [InlineData("""{ "chain": { "rpc": ["nowhere"] } }""", "chain.rpc is 'nowhere'; it takes URLs")]
    [InlineData("""{ "chain": { "rpc": "ftp://x/" } }""", "it begins with http:// or https://")]
    [InlineData("""{ "chain": 3 }""", "chain is no section")]
    [InlineData("[]", "it holds one object")]
    [InlineData("{", "cannot be read")]
    [InlineData("""{ "listen": { "url": "https://0.0.0.0:443" } }""", "set listen.certificate and listen.certificateKey")]
    [InlineData("""{ "listen": { "certificate": "/nowhere.pem" } }""", "there is no file /nowhere.pem")]
    [InlineData("""{ "listen": { "trustedProxies": ["proxy"] } }""", "'proxy' is no IP address")]
    [InlineData("""{ "telemetry": { "logLevel": "Loud" } }""", "telemetry.logLevel is 'Loud'; it takes one of")]
    [InlineData("""{ "telemetry": { "otlpProtocol": "smoke" } }""", "http/protobuf or grpc")]
    [InlineData("""{ "health": { "minFreeBytes": 5 } }""", "health.minFreeBytes is 5")]
    [InlineData("""{ "door": { "requestBurst": 1 } }""", "door.requestBurst is 1")]
    [InlineData("""{ "roles": { "passwordFile": "/nowhere" } }""", "there is no file /nowhere")]
    public void Fault_is_told_in_a_sentence(string json, string expected)
    {
        File.WriteAllText(_file, json);
        Assert.Contains(expected, string.Join('\n', NodeConfiguration.Read(_file, NoEnvironment).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_variable_is_a_fault() =>
        Assert.Contains("names no setting", NodeConfiguration.Read(_file + "-none", new Dictionary<string, string> { ["TURNPIKE_NODE_CHAIN__CONFIRMATION"] = "9" }).Problems.Single(), StringComparison.Ordinal);

    [Fact]
    public void Every_setting_reads_back_what_it_was_written_as()
    {
        var options = new NodeOptions();
        foreach (var setting in Setting.All.Where(setting => setting.Read(options) is not null))
        {
            var text = setting.Read(options)!;
            Assert.True(setting.TryWrite(options, text, out var problem), problem);
            Assert.Equal(text, setting.Read(options));
        }
    }

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("30s", 30_000)]
    [InlineData("90s", 90_000)]
    [InlineData("2m", 120_000)]
    [InlineData("36h", 129_600_000)]
    [InlineData("7d", 604_800_000)]
    public void Duration_is_read_and_written_alike(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal((milliseconds, text), ((long)duration.TotalMilliseconds, Duration.Format(duration)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("367d")]
    [InlineData("99999999999999999999s")]
    [InlineData("10")]
    public void Nonsense_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));

    public void Dispose() => File.Delete(_file);

    private static (string?, string) ValueOf(NodeConfiguration read, string name) => read.Values.Where(value => value.Name == name).Select(value => (value.Value, value.Source)).Single();
}
