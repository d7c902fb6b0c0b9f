using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Operations;
using Turnpike.Node.Settings;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.Operations;

/// <summary>The tables of docs/operations.md are what the code says; TURNPIKE_WRITE_DOCS=1 rewrites them.</summary>
public sealed partial class OperationsDocumentTests
{
    private static readonly string PagePath = Path.Combine(SharedData.RepositoryRoot, "docs", "operations.md");

    [Theory]
    [InlineData("alerts")]
    [InlineData("metrics")]
    [InlineData("settings")]
    [InlineData("checks")]
    public void Table_is_what_the_code_says(string name)
    {
        var table = name switch { "alerts" => Alerts(), "metrics" => Metrics(), "settings" => Settings(), _ => Checks() };
        var page = File.ReadAllText(PagePath);
        var (begin, end) = ($"<!-- {name}: written by OperationsDocumentTests with TURNPIKE_WRITE_DOCS=1 -->\n", $"<!-- end of {name} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from);
        if (Environment.GetEnvironmentVariable("TURNPIKE_WRITE_DOCS") == "1") File.WriteAllText(PagePath, page = page[..from] + table + page[to..]);
        to = page.IndexOf(end, StringComparison.Ordinal);
        Assert.Equal(table, page[from..to]);
    }

    [Fact]
    public void Every_alert_code_is_described_once_under_a_name_of_its_own()
    {
        Assert.Equal(Enum.GetValues<AlertCode>(), AlertCodes.All.Select(described => described.Code));
        Assert.Equal(AlertCodes.All.Count, AlertCodes.All.Select(described => described.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(AlertCodes.All, described => Assert.Matches("^[a-z]+(-[a-z]+)*$", described.Name));
    }

    // What is over is no alert: it ends those that were.
    [Fact]
    public void Every_alert_of_a_transaction_sender_or_an_endpoint_has_a_code()
    {
        Assert.All(Enum.GetValues<SenderAlertCode>().Where(code => code != SenderAlertCode.Recovered), code => Assert.NotNull(AlertCodes.Describe(AlertCodes.Of(code))));
        Assert.All(Enum.GetValues<EndpointAlertCode>().Where(code => code != EndpointAlertCode.Recovered), code => Assert.NotNull(AlertCodes.Describe(AlertCodes.Of(code))));
    }

    [Fact]
    public void Every_setting_says_what_it_is_and_its_default()
    {
        var summaries = Summaries();
        Assert.All(Setting.All, setting => Assert.Contains("Default", summaries[setting.Property.DeclaringType!.FullName + "." + setting.Property.Name], StringComparison.Ordinal));
    }

    private static string Alerts()
    {
        var table = new StringBuilder("| code | name | severity | meaning | what to do |\n|---|---|---|---|---|\n");
        foreach (var alert in AlertCodes.All) table.Append(CultureInfo.InvariantCulture, $"| {(int)alert.Code} | {alert.Name} | {alert.Severity.ToString().ToLowerInvariant()} | {alert.Meaning} | {alert.Action} |\n");
        return table.ToString();
    }

    private static string Metrics()
    {
        using var world = OperationsWorld.Create();
        var instruments = new SortedDictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, world.Node.Meters)) instruments[instrument.Name] = instrument;
        };
        world.ObserveAll();
        listener.Start();
        var table = new StringBuilder("| metric | kind | unit | meter | meaning |\n|---|---|---|---|---|\n");
        foreach (var (name, instrument) in instruments)
            table.Append(CultureInfo.InvariantCulture, $"| `{name}` | {KindOf(instrument)} | {instrument.Unit} | {instrument.Meter.Name} | {instrument.Description} |\n");
        return table.ToString();
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch { "Histogram" => "histogram", "Counter" or "ObservableCounter" => "counter", _ => "gauge" };

    private static string Checks()
    {
        using var world = OperationsWorld.Create();
        var summaries = Summaries();
        var table = new StringBuilder("| check | finds all well when |\n|---|---|\n");
        foreach (var check in world.AllChecks().OrderBy(check => check.Name, StringComparer.Ordinal)) table.Append(CultureInfo.InvariantCulture, $"| {check.Name} | {summaries[check.GetType().FullName!]} |\n");
        return table.ToString();
    }

    private static string Settings()
    {
        var summaries = Summaries();
        var table = new StringBuilder("| setting | meaning, default, and what happens when it is wrong |\n|---|---|\n");
        foreach (var setting in Setting.All) table.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {summaries[setting.Property.DeclaringType!.FullName + "." + setting.Property.Name]} |\n");
        return table.ToString();
    }

    private static Dictionary<string, string> Summaries() =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Turnpike.Node.xml")).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value[2..], member => Blanks().Replace(member.Element("summary")?.Value ?? "", " ").Trim(), StringComparer.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
