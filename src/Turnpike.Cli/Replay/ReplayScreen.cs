using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Turnpike.Blueprints;
using Turnpike.Networks.Wireless.Protocol;
using Turnpike.Node.Replay;

namespace Turnpike.Cli.Replay;

/// <summary>A replay as people see it: narration, a progress bar where a terminal can show one, a closing table.</summary>
internal sealed class ReplayScreen
{
    private const int MostEarning = 5;
    private const int FileWidth = 200;

    private readonly IAnsiConsole _console;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly bool _isTerminal;

    public ReplayScreen(TextWriter output)
    {
        _isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = _isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = _isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        // A file has no width; lines of narration stay whole there.
        if (!_isTerminal) _console.Profile.Width = FileWidth;
    }

    public void Begin(string file, ReplayTrace trace, ulong epochs, ReplayOptions options)
    {
        var keys = trace.Hotspots.CountBy(hotspot => hotspot.Type).OrderBy(type => type.Key).Select(type => $"{Number((ulong)type.Value)} {NameOf(type.Key)}");
        Say($"{Path.GetFileName(file)}: {Number((ulong)trace.Receptions.Count)} receptions through {Number((ulong)trace.Hotspots.Count)} hotspots ({string.Join(", ", keys)} keys), {Day(trace.FirstAt)} to {Day(trace.LastAt)}.");
        Say($"They become {Number(epochs)} epochs of {Notation.Duration(options.EpochLength)} of the network '{options.Blueprint.Network.Name}', on a local chain that begins with the trace.");
    }

    public async Task<ReplayResult> ShowAsync(Func<Action<ReplayProgress>, Task<ReplayResult>> replay)
    {
        if (!_isTerminal) return await replay(step => Narrate(step));
        return await _console.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(context =>
        {
            var bars = new Dictionary<ReplayStage, ProgressTask>();
            return replay(step =>
            {
                if (!bars.TryGetValue(step.Stage, out var bar)) bars[step.Stage] = bar = context.AddTask(Doing(step.Stage), maxValue: step.Total);
                bar.Value = step.Done;
            });
        });
    }

    public void End(ReplayResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        table.AddRow("receptions", Number(result.Receptions)).AddRow("hotspots", Number((ulong)result.Hotspots.Count)).AddRow("sold", Number(result.Sold));
        foreach (var refusal in result.Refused) table.AddRow(Markup.Escape($"refused: {refusal.Code} {refusal.Reason}"), Number(refusal.Receptions));
        table.AddRow("credits charged", Number((ulong)result.Credits.Count)).AddRow("epochs settled", Number(result.Epochs)).AddRow("tokens minted", result.Minted.ToTokenString());
        _console.Write(table);

        var earners = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("most used hotspots").NoWrap()).AddColumn(new TableColumn("credits").RightAligned()).AddColumn(new TableColumn("tokens").RightAligned());
        foreach (var hotspot in result.Hotspots.OrderByDescending(hotspot => hotspot.Credits).Take(MostEarning))
            earners.AddRow(hotspot.Hotspot[..12] + "...", Number((ulong)hotspot.Credits.Count), hotspot.Amount.ToTokenString());
        _console.Write(earners);

        foreach (var audit in result.Audits.Where(audit => !audit.IsReproduced)) _console.WriteLine($"epoch {audit.Epoch} differs: {audit.Difference}");
        _console.WriteLine($"audit: {result.Reproduced} of {result.Epochs} epochs reproduced");
        _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_watch.Elapsed.TotalSeconds:0.0} seconds"));
    }

    private void Narrate(ReplayProgress step)
    {
        if (step.Done == step.Total) Say($"{Number((ulong)step.Total)} {Done(step.Stage)}.");
    }

    private void Say(string line) => _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_watch.Elapsed.TotalSeconds,5:0.0} s  {line}"));

    private static string Doing(ReplayStage stage) => stage switch
    {
        ReplayStage.Deploy => "Deploying contracts",
        ReplayStage.Register => "Importing hotspot keys",
        ReplayStage.Settle => "Settling epochs",
        _ => "Auditing epochs",
    };

    private static string Done(ReplayStage stage) => stage switch
    {
        ReplayStage.Deploy => "contracts deployed",
        ReplayStage.Register => "hotspot keys in the archive registry",
        ReplayStage.Settle => "epochs imported, settled and activated",
        _ => "epochs audited from public data",
    };

    private static string NameOf(HeliumKeyType type) => type == HeliumKeyType.P256 ? "P-256" : "Ed25519";

    private static string Day(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
