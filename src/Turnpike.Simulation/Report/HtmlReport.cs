using System.Globalization;
using System.Text;

namespace Turnpike.Simulation;

/// <summary>What a report is made of: one set of rules, or two side by side.</summary>
/// <param name="Runs">The results, each with the name it is told apart by.</param>
/// <param name="Sensitivity">Effects by result, for the first; empty where not measured.</param>
/// <param name="Scenario">What the scenario is called; null for none.</param>
/// <param name="Command">How to make it again.</param>
public sealed record ReportContent(IReadOnlyList<(string Name, MonteCarloResult Result)> Runs, IReadOnlyDictionary<Metric, IReadOnlyList<Sensitivity>> Sensitivity, string? Scenario, string Command);

/// <summary>
/// The report as one HTML file that needs nothing else: style, charts and script are inside, so it can be mailed and opened without a network, in light or dark, on a phone.
/// </summary>
public static class HtmlReport
{
    private static readonly string[] Colours = ["var(--a,#2563c9)", "var(--b,#c2410c)"];

    private static readonly (string Title, string Words, Metric[] Metrics)[] Sections =
    [
        ("The token", "Price and supply decide what everyone else's numbers are worth.", [Metric.Price, Metric.Supply, Metric.Minted, Metric.Burned, Metric.BurnToMint, Metric.Dilution]),
        ("Operators", "Owners of hardware stay while it covers its running costs and join when it pays back soon enough.", [Metric.Operators, Metric.PaybackP50, Metric.PaybackP10, Metric.PaybackP90, Metric.HardwareDebt, Metric.Gini]),
        ("Customers", "What they would spend, what the network can serve, and how much of contributors' pay it covers.", [Metric.Demand, Metric.Revenue, Metric.Rewards, Metric.Subsidy, Metric.Utilisation, Metric.Runway]),
    ];

    /// <summary>Writes the page.</summary>
    public static string Write(ReportContent content)
    {
        var main = content.Runs[0].Result;
        var title = content.Runs.Count > 1 ? $"{content.Runs[0].Name} against {content.Runs[1].Name}" : main.Economy.Title;
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Chart.Escape(title)}: simulation</title><style>{ReportStyle.Css}</style></head><body><header><p class=\"kicker\">Simulation{(content.Scenario is null ? "" : ": " + Chart.Escape(content.Scenario))}</p><h1>{Chart.Escape(title)}</h1><p class=\"lead\">{Chart.Escape(main.Economy.Description)}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"quiet\">{main.Seeds:N0} futures of {main.Weeks / 52.0:0.#} years, week by week, under the network's own rules. Lines are medians; bands hold 50% and 90% of the futures.</p></header><main>");
        Summary(page, content);
        if (content.Runs.Count > 1) Legend(page, content);
        foreach (var section in Sections) Charts(page, content, section.Title, section.Words, section.Metrics);
        Attackers(page, content);
        Sensitivities(page, content);
        Assumptions(page, content);
        Provenance(page, content);
        return page.Append(CultureInfo.InvariantCulture, $"</main><script>{ReportStyle.Script}</script></body></html>\n").ToString();
    }

    private static void Summary(StringBuilder page, ReportContent content)
    {
        page.Append("<section><h2>At the end</h2><div class=\"cards\">");
        foreach (var metric in new[] { Metric.Price, Metric.Supply, Metric.Operators, Metric.Revenue, Metric.Subsidy, Metric.PaybackP50 })
        {
            var (title, unit) = Metrics.Describe(metric);
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"card\"><h3>{title}</h3>");
            for (var i = 0; i < content.Runs.Count; i++)
            {
                var bands = content.Runs[i].Result.Bands[(int)metric];
                page.Append(CultureInfo.InvariantCulture, $"<p class=\"figure\" style=\"color:{(content.Runs.Count > 1 ? Colours[i] : "inherit")}\">{Value(metric, bands[^1].Quantile(0.5))}</p><p class=\"quiet\">{Value(metric, bands[^1].Quantile(0.05))} to {Value(metric, bands[^1].Quantile(0.95))}{(i == 0 ? $"; at the start {Value(metric, bands[0].Quantile(0.5))}" : "")}</p>");
            }
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"quiet\">{Chart.Escape(unit)}</p></div>");
        }
        page.Append("</div><ul class=\"findings\">");
        foreach (var finding in Findings.Of(content.Runs[0].Result)) page.Append(CultureInfo.InvariantCulture, $"<li class=\"{finding.Mood}\">{Chart.Escape(finding.Text)}</li>");
        page.Append("</ul></section>");
    }

    private static string Value(Metric metric, double value) =>
        metric is Metric.PaybackP10 or Metric.PaybackP50 or Metric.PaybackP90 && value >= Metrics.NeverPaysBack * 0.99 ? "never" : Readable.Number(value);

    private static void Legend(StringBuilder page, ReportContent content)
    {
        page.Append("<p class=\"legend\">");
        for (var i = 0; i < content.Runs.Count; i++) page.Append(CultureInfo.InvariantCulture, $"<span><i style=\"background:{Colours[i]}\"></i>{Chart.Escape(content.Runs[i].Name)}</span>");
        page.Append("</p>");
    }

    private static void Charts(StringBuilder page, ReportContent content, string heading, string words, Metric[] metrics)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>{heading}</h2><p class=\"quiet\">{words}</p><div class=\"grid\">");
        foreach (var metric in metrics)
        {
            if (content.Runs.All(run => run.Result.Bands[(int)metric].All(sketch => sketch.Count == 0))) continue;
            var (title, unit) = Metrics.Describe(metric);
            Figure(page, title, unit, content, (int)metric);
        }
        page.Append("</div></section>");
    }

    private static void Figure(StringBuilder page, string title, string unit, ReportContent content, int series)
    {
        var main = content.Runs[0].Result;
        double[] weeks = [.. Enumerable.Range(0, main.Samples).Select(sample => main.WeekOf(sample) / 52.0)];
        var lines = content.Runs.Select((run, i) => LineOf(run.Name, Colours[i], run.Result.Bands[series], content.Runs.Count == 1)).ToList();
        page.Append(CultureInfo.InvariantCulture, $"<figure data-x=\"{Data(weeks)}\" data-low=\"{Data(lines[0].Outer!.Value.Low)}\" data-mid=\"{Data(lines[0].Middle)}\" data-high=\"{Data(lines[0].Outer!.Value.High)}\"><figcaption>{Chart.Escape(title)} <output></output></figcaption>{Chart.Render(title, unit, weeks, "years", lines, value => value.ToString("0.#", CultureInfo.InvariantCulture))}</figure>");
    }

    private static ChartLine LineOf(string name, string colour, QuantileSketch[] bands, bool hasInner)
    {
        double[] At(double share) => [.. bands.Select(sketch => sketch.Quantile(share))];
        return new ChartLine(name, colour, At(0.5), (At(0.05), At(0.95)), hasInner ? (At(0.25), At(0.75)) : null);
    }

    private static string Data(double[] values) => string.Join(' ', values.Select(value => double.IsNaN(value) ? "-" : value.ToString("G5", CultureInfo.InvariantCulture)));

    private static void Attackers(StringBuilder page, ReportContent content)
    {
        if (content.Runs.All(run => run.Result.Economy.Attackers.Count == 0)) return;
        page.Append("<section><h2>Does cheating pay?</h2><p class=\"quiet\">What each attacker has gained by the end, all costs taken off. Pays: more than half of the futures end with a profit.</p><div class=\"wide\"><table><thead><tr><th>Attack</th><th>Rules</th><th class=\"n\">Median profit</th><th class=\"n\">Best 5%</th><th class=\"n\">Worst 5%</th><th class=\"n\">Chance of profit</th><th>Verdict</th></tr></thead><tbody>");
        foreach (var (name, result) in content.Runs)
            for (var i = 0; i < result.Economy.Attackers.Count; i++)
            {
                var sketch = result.Bands[Metrics.Count + i][^1];
                var chance = sketch.ShareAboveZero;
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Chart.Escape(result.Economy.Attackers[i].Name)}</td><td>{Chart.Escape(name)}</td><td class=\"n\">{Readable.Dollars(sketch.Quantile(0.5))}</td><td class=\"n\">{Readable.Dollars(sketch.Quantile(0.95))}</td><td class=\"n\">{Readable.Dollars(sketch.Quantile(0.05))}</td><td class=\"n\">{Readable.Percent(chance)}</td><td><span class=\"tag {(chance > 0.5 ? "bad" : chance > 0.1 ? "mixed" : "good")}\">{(chance > 0.5 ? "pays" : chance > 0.1 ? "sometimes pays" : "does not pay")}</span></td></tr>");
            }
        page.Append("</tbody></table></div><div class=\"grid\">");
        var main = content.Runs[0].Result;
        for (var i = 0; i < main.Economy.Attackers.Count; i++)
        {
            var same = content with { Runs = [.. content.Runs.Where(run => run.Result.Economy.Attackers.Count > i)] };
            Figure(page, main.Economy.Attackers[i].Name, "USD gained", same, Metrics.Count + i);
        }
        page.Append("</div></section>");
    }

    private static void Sensitivities(StringBuilder page, ReportContent content)
    {
        if (content.Sensitivity.Count == 0) return;
        page.Append("<section><h2>What it depends on</h2><p class=\"quiet\">Morris' elementary effects: how many percent (points for the subsidy) the result changes when one assumption goes from half to twice of what is written, in the mean over random settings of all others.</p><div class=\"grid\">");
        foreach (var (metric, effects) in content.Sensitivity)
            page.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Metrics.Describe(metric).Title} at the end</figcaption>{Chart.Bars(Metrics.Describe(metric).Title, [.. effects.Select(effect => (effect.Factor, Math.Min(effect.Effect, 1e6), Readable.Number(effect.Effect) + (metric == Metric.Subsidy ? "" : "%")))])}</figure>");
        page.Append("</div></section>");
    }

    private static void Assumptions(StringBuilder page, ReportContent content)
    {
        page.Append("<section><details><summary><h2>Assumptions</h2></summary><div class=\"wide\"><table><tbody>");
        foreach (var (name, result) in content.Runs)
            foreach (var (what, value) in AssumptionList.Of(result.Economy))
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{(content.Runs.Count > 1 ? Chart.Escape(name) + ": " : "")}{Chart.Escape(what)}</td><td class=\"n\">{Chart.Escape(value)}</td></tr>");
        page.Append("</tbody></table></div></details></section>");
    }

    private static void Provenance(StringBuilder page, ReportContent content)
    {
        page.Append("<section class=\"quiet\"><h2>How it was made</h2>");
        foreach (var (name, result) in content.Runs)
            page.Append(CultureInfo.InvariantCulture, $"<p>{Chart.Escape(name)}: {result.Updates:N0} operator-weeks. Result hash <code>{result.Hash}</code>: the same files, seeds and length give it on every machine.</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p>Again: <code>{Chart.Escape(content.Command)}</code></p><p>Rules are exact: the code that settles real epochs. Behaviour is assumed, as written above. docs/validation.md says how far such assumptions were right in the past. This is no forecast and no advice.</p></section>");
    }
}
