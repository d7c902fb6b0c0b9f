using System.Globalization;
using System.Text;

namespace Turnpike.Simulation;

/// <summary>docs/validation.md and its plots: every number is computed from the data each time, and a test compares the committed page with the computation.</summary>
public static class ValidationDocument
{
    /// <summary>All back-tests over a folder of data.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    public static IReadOnlyList<Backtest> Backtests(string data)
    {
        string At(params string[] parts) => Path.Combine([data, .. parts]);
        var (history, reference) = (At("storage", "filecoin_network_daily_2022-10_2025-09.json"), At("storage", "filecoin_mechafil_reference_simulation.json"));
        var helium = At("economics", "helium_monthly_burn_issue_2023-05_2026-02.csv");
        return
        [
            IssuanceBacktest.Helium(helium), FilecoinBacktest.Monthly(history, reference), RenderBacktest.Payouts(At("economics", "render_operator_payouts_long.csv")),
            RenderBacktest.Operators(At("economics", "render_operator_payouts_long.csv"), At("economics", "render_burns_by_epoch_1-97.json")),
            BurnBacktest.Helium(helium), BurnBacktest.Geodnet(At("economics", "geodnet_monthly_2024-09_2026-03.csv")),
        ];
    }

    /// <summary>The page.</summary>
    public static string Page(IReadOnlyList<Backtest> tests)
    {
        var text = new StringBuilder();
        text.Append("# Validation\n\nHow right the simulator was about the past. Written by `./turnpike simulate validate --data DIR --out docs`; a test compares this page with what the command computes.\n\n");
        text.Append("Each history is divided: models are fitted on the first part (*training*) and judged on the rest (*test*), beside two baselines that know nothing. MAPE is the mean\nabsolute percentage error (0% is perfect), the median error is what half of the periods stay below, correlation is Pearson's, coverage is the share of test periods inside the forecast's P10 to P90 (80% is perfect).\n\n");
        text.Append("| history | test | model | MAPE | median error | correlation | coverage |\n|---|---|---|---:|---:|---:|---:|\n");
        foreach (var test in tests)
            foreach (var (i, forecast) in test.Forecasts.Index())
                text.Append(CultureInfo.InvariantCulture, $"| {(i == 0 ? test.Title : "")} | {(i == 0 ? $"{test.Labels[test.TestFrom]} to {test.Labels[^1]}" : "")} | {(i == 0 ? "**Turnpike**" : forecast.Name)} | {Percent(forecast.Mape(test.Test))} | {Percent(forecast.MedianError(test.Test))} | {Plain(forecast.Correlation(test.Test))} | {Percent(forecast.Coverage(test.Test))} |\n");
        text.Append("| Helium 2022 (hand-drawn index), for comparison | | DTSE stress test, as published, after calibration: price | 82.7% | | 0.99 | 28.8% |\n| | | the same: nodes | 29.6% | | 0.27 | 1.9% |\n\n");
        text.Append("## What follows from it\n\n- **Rules** (what is minted, divided, burned for what is paid) are right to the digit, because they are the networks' own. Trust these.\n- **Operators** are right while rules and price are what moves them: leaving is slow and steady, joining needs a payback. What comes from outside (a grant, a new product) is not foreseen.\n- **Demand and price** are assumptions. Burns are not predictable from their own past with the data there is; price is not tested as a forecast at all, since no model here claims to know it. Use bands, scenarios and sensitivity, never the median alone.\n\n");
        foreach (var test in tests)
            text.Append(CultureInfo.InvariantCulture, $"## {test.Title}\n\n![{test.Title}](validation/{test.Id}.svg)\n\n{test.Reading}\n\n");
        text.Append("## Data\n\nPublic figures collected for tests and not shipped: HNT and GEOD burns and issuance (Zukowski / Tokenization Systems, CC BY 4.0), Render epochs and payouts (RENDER_RNP20_Tools, MIT), Filecoin's power and the reference simulation (mechafil-server; no licence stated, so the figures stay out of the repository).\n");
        return text.ToString();
    }

    /// <summary>The plots by file name.</summary>
    public static IReadOnlyDictionary<string, string> Plots(IReadOnlyList<Backtest> tests) => tests.ToDictionary(test => test.Id + ".svg", Plot, StringComparer.Ordinal);

    private static string Plot(Backtest test)
    {
        double[] x = [.. Enumerable.Range(0, test.Actual.Length).Select(i => (double)i)];
        double[] Padded(double[] values) => [.. Enumerable.Repeat(double.NaN, test.TestFrom), .. values];
        var ours = test.Forecasts[0];
        var lines = new List<ChartLine>
        {
            new("Turnpike", "#2563c9", Padded(ours.Values), ours.Low is null || ours.High is null ? null : (Padded(ours.Low), Padded(ours.High))),
            new("random walk", "#9aa3ae", Padded(test.Forecasts[1].Values), Dashed: true),
            new("what happened", "#1b2330", test.Actual),
        };
        var chart = Chart.Render(test.Title, "", x, "", lines, value => test.Labels[(int)Math.Round(value)]);
        // A file of its own: name space and a white ground, then a legend.
        var legend = new StringBuilder();
        foreach (var (i, line) in lines.Index())
            legend.Append(CultureInfo.InvariantCulture, $"<rect x=\"{58 + i * 90}\" y=\"7\" width=\"12\" height=\"4\" fill=\"{line.Colour}\"/><text x=\"{73 + i * 90}\" y=\"13\" font-size=\"10\" fill=\"#1b2330\">{Chart.Escape(line.Name)}</text>");
        return chart.Replace("<svg class=\"chart\"", "<svg xmlns=\"http://www.w3.org/2000/svg\"", StringComparison.Ordinal)
            .Replace("font-size=\"12\">", "font-size=\"12\"><rect width=\"440\" height=\"240\" fill=\"#fff\"/>", StringComparison.Ordinal)
            .Replace("</svg>", legend + "</svg>\n", StringComparison.Ordinal);
    }

    private static string Percent(double share) => double.IsNaN(share) ? "–" : share >= 10 ? (100 * share).ToString("N0", CultureInfo.InvariantCulture) + "%" : (100 * share).ToString(share is > 0 and < 0.0001 ? "0.0e0" : "0.0", CultureInfo.InvariantCulture) + "%";

    private static string Plain(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture);
}
