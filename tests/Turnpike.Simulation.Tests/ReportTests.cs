using System.Xml.Linq;

namespace Turnpike.Simulation.Tests;

public class ReportTests
{
    [Fact]
    public void Report_is_one_file_that_needs_no_network()
    {
        var page = Page("akash");
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        Assert.Contains("width=device-width", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_has_every_section_and_a_chart_a_metric()
    {
        var page = Page("helium-mobile");
        foreach (var text in new[] { "At the end", "Token price", "Supply", "Devices", "Demand", "Subsidy", "Payback, median", "Does cheating pay?", "Churning subscribers", "What it depends on", "Assumptions", "Result hash" })
            Assert.Contains(text, page, StringComparison.Ordinal);
        // Every chart is well-formed, so that any browser draws it.
        var charts = page.Split("<svg").Skip(1).Select(part => "<svg" + part[..(part.IndexOf("</svg>", StringComparison.Ordinal) + 6)]).ToList();
        Assert.True(charts.Count > 20, $"{charts.Count} charts");
        Assert.All(charts, chart => Assert.DoesNotContain("NaN", XElement.Parse(chart.Replace("&nbsp;", " ", StringComparison.Ordinal)).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Text_from_a_file_is_no_markup()
    {
        var (economy, blueprint) = Economies.Small("akash");
        var named = economy with { Title = "<script>alert(1)</script>", Attackers = [economy.Attackers[0] with { Name = "<b>\"x\"" }] };
        var page = HtmlReport.Write(new ReportContent([(named.Title, MonteCarlo.Run(named, blueprint, 8, 2))], new Dictionary<Metric, IReadOnlyList<Sensitivity>>(), "<i>", "turnpike \"<u>\""));
        foreach (var hostile in new[] { "<script>alert", "<b>", "<i>", "<u>" }) Assert.DoesNotContain(hostile, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rule_sets_stand_side_by_side()
    {
        var (economy, blueprint) = Economies.Small("render");
        var (left, right) = (MonteCarlo.Run(economy, blueprint, 12, 3), MonteCarlo.Run(economy with { Attackers = [] }, blueprint, 12, 3));
        var page = HtmlReport.Write(new ReportContent([("as it is", left), ("without thieves", right)], new Dictionary<Metric, IReadOnlyList<Sensitivity>>(), null, "x"));
        Assert.Contains("as it is against without thieves", page, StringComparison.Ordinal);
        Assert.Contains("var(--b", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_has_a_line_a_metric_and_record()
    {
        var (economy, blueprint) = Economies.Small("dimo");
        var result = MonteCarlo.Run(economy, blueprint, 12, 3);
        var lines = CsvReport.Write(result).TrimEnd('\n').Split('\n');
        Assert.Equal(1 + (Metrics.Count + economy.Attackers.Count) * 3, lines.Length);
        Assert.All(lines, line => Assert.Equal(10, line.Split(',').Length));
        Assert.StartsWith("\"Price\",4,3,", lines[1], StringComparison.Ordinal);
    }

    private static string Page(string name)
    {
        var (economy, blueprint) = Economies.Small(name);
        var effects = Morris.Measure(economy, blueprint, 8, [Metric.Price], paths: 1, seeds: 1);
        return HtmlReport.Write(new ReportContent([(economy.Title, MonteCarlo.Run(economy, blueprint, 26, 6))], effects, "A scenario", "turnpike simulate " + name));
    }
}
