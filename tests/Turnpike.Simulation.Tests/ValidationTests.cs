using Turnpike.Tests;

namespace Turnpike.Simulation.Tests;

/// <summary>docs/validation.md says what the computation says. TURNPIKE_WRITE_DOCS=1 rewrites it and its plots.</summary>
public class ValidationTests
{
    private static readonly string Docs = Path.Combine(SharedData.RepositoryRoot, "docs");

    [Fact]
    public void Published_page_and_plots_are_what_the_data_give()
    {
        var data = Path.GetDirectoryName(Path.GetDirectoryName(SharedData.Path("economics/render_operator_payouts_long.csv")))!;
        SharedData.Path("storage/filecoin_mechafil_reference_simulation.json");
        var tests = ValidationDocument.Backtests(data);
        var (page, plots) = (ValidationDocument.Page(tests), ValidationDocument.Plots(tests));
        if (Environment.GetEnvironmentVariable("TURNPIKE_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.Combine(Docs, "validation"));
            File.WriteAllText(Path.Combine(Docs, "validation.md"), page);
            foreach (var (name, plot) in plots) File.WriteAllText(Path.Combine(Docs, "validation", name), plot);
        }
        Assert.Equal(page, File.ReadAllText(Path.Combine(Docs, "validation.md")));
        Assert.All(plots, plot => Assert.Equal(plot.Value, File.ReadAllText(Path.Combine(Docs, "validation", plot.Key))));
    }

    [Fact]
    public void Rules_are_right_about_the_past()
    {
        var helium = IssuanceBacktest.Helium(SharedData.Path("economics/helium_monthly_burn_issue_2023-05_2026-02.csv"));
        // From September 2025 on only the two rules issue, and burns are above the cap: exact but for the file's binary noise.
        var (ours, actual) = (helium.Forecasts[0].Values[^6..], helium.Test[^6..]);
        Assert.All(ours.Zip(actual), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.True(helium.Forecasts[0].Mape(helium.Test) < helium.Forecasts[1].Mape(helium.Test));
        Assert.InRange(RenderBacktest.Payouts(SharedData.Path("economics/render_operator_payouts_long.csv")).Forecasts[0].MedianError(RenderBacktest.Payouts(SharedData.Path("economics/render_operator_payouts_long.csv")).Test), 0, 1e-4);
    }

    [Fact]
    public void Figures_of_merit_are_as_by_hand()
    {
        var forecast = new Forecast("x", [110, 90, 300], [100, 95, 0], [120, 130, 1_000]);
        double[] actual = [100, 100, 200];
        Assert.Equal((0.1 + 0.1 + 0.5) / 3, forecast.Mape(actual), 1e-12);
        Assert.Equal(0.1, forecast.MedianError(actual), 1e-12);
        Assert.Equal(1, forecast.Coverage(actual), 1e-12);
        Assert.InRange(forecast.Correlation(actual), 0.99, 1);
        Assert.True(double.IsNaN(new Forecast("flat", [5, 5, 5]).Correlation(actual)));
    }
}
