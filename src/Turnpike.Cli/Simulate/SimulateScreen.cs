using System.Globalization;
using Spectre.Console;
using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary>A simulation at the keyboard: a bar with the time left where a terminal can show one, then the findings.</summary>
internal sealed class SimulateScreen
{
    private readonly IAnsiConsole _console;
    private readonly bool _isTerminal;

    public SimulateScreen(TextWriter output)
    {
        _isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = _isTerminal ? AnsiSupport.Detect : AnsiSupport.No, Interactive = _isTerminal ? InteractionSupport.Detect : InteractionSupport.No });
        if (!_isTerminal) _console.Profile.Width = 200;
    }

    /// <summary>Runs with a bar of so many steps; the work says how many are done.</summary>
    public T Run<T>(string doing, int steps, Func<Action<int>, T> work)
    {
        if (!_isTerminal)
        {
            _console.WriteLine($"{doing}...");
            return work(_ => { });
        }
        return _console.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new ElapsedTimeColumn()).Start(context =>
        {
            var bar = context.AddTask(doing, maxValue: steps);
            return work(done => bar.Value = Math.Max(bar.Value, done));
        });
    }

    public void Show(string name, MonteCarloResult result)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(name)).AddColumn("after " + (result.Weeks / 52.0).ToString("0.#", CultureInfo.InvariantCulture) + " years")
            .AddColumn(new TableColumn("worst 5%").RightAligned()).AddColumn(new TableColumn("middle").RightAligned()).AddColumn(new TableColumn("best 5%").RightAligned());
        foreach (var metric in new[] { Metric.Price, Metric.Supply, Metric.Operators, Metric.Revenue, Metric.Rewards, Metric.Subsidy, Metric.BurnToMint, Metric.PaybackP50 })
        {
            var (title, unit) = Metrics.Describe(metric);
            var sketch = result.Bands[(int)metric][^1];
            table.AddRow(Markup.Escape(unit.Length > 0 ? $"{title}, {unit}" : title), Number(sketch.Quantile(0.05)), Number(sketch.Quantile(0.5)), Number(sketch.Quantile(0.95)));
        }
        _console.Write(table);
        foreach (var finding in Findings.Of(result)) _console.WriteLine((finding.Mood == "bad" ? "! " : "  ") + finding.Text);
        _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Seeds} runs, {result.Updates} operator-weeks in {result.Elapsed.TotalSeconds:0.0} s ({result.Updates / Math.Max(1e-9, result.Elapsed.TotalSeconds) / 1e6:0.0} million a second); result {result.Hash}"));
    }

    public void Say(string line) => _console.WriteLine(line);

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString(Math.Abs(value) >= 1000 ? "N0" : "0.####", CultureInfo.InvariantCulture);
}
