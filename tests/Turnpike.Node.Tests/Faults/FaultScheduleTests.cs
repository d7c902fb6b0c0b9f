using System.Globalization;
using Turnpike.Bench.Faults;
using Turnpike.Node.Local;

namespace Turnpike.Node.Tests.Faults;

/// <summary>The seeded schedule itself, and a short run of it: a network of processes that are killed, cut off, delayed and made to lie. The long run is the command 'faults' of the benchmarks.</summary>
public sealed class FaultScheduleTests
{
    private static readonly FaultOptions Full = new() { Seed = 1 };

    [Fact]
    public void Seed_fixes_the_schedule()
    {
        Assert.Equal(FaultSchedule.Create(Full with { Seed = 7 }), FaultSchedule.Create(Full with { Seed = 7 }));
        Assert.NotEqual(FaultSchedule.Create(Full with { Seed = 7 }), FaultSchedule.Create(Full with { Seed = 8 }));
    }

    [Fact]
    public void At_most_f_oracles_are_faulty_at_any_moment_and_at_most_f_ever_lie()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var oracles = FaultSchedule.Create(Full with { Seed = seed }).Where(fault => fault.Node >= 0 && fault.Node < Full.Oracles).ToList();
            foreach (var fault in oracles)
                Assert.True(oracles.Where(other => other.From <= fault.From && fault.From <= other.Until).Select(other => other.Node).Distinct().Count() <= Full.Faulty, $"seed {seed}, {fault}");
            Assert.True(oracles.Where(fault => fault.IsLie).Select(fault => fault.Node).Distinct().Count() <= Full.Faulty);
        }
    }

    [Fact]
    public void Every_kind_of_fault_and_every_depth_comes_up()
    {
        var all = Enumerable.Range(0, 20).SelectMany(seed => FaultSchedule.Create(Full with { Seed = seed })).ToList();
        Assert.Equal(Enum.GetValues<FaultKind>().Order(), all.Select(fault => fault.Kind).Distinct().Order());
        Assert.Equal(Enumerable.Range(1, 6), all.Where(fault => fault.Kind is FaultKind.Reorganise).Select(fault => fault.Detail).Distinct().Order());
        Assert.Contains(Enumerable.Range(0, 20), seed => Enumerable.Range(0, Full.Gateways).All(gateway => FaultSchedule.Create(Full with { Seed = seed }).Any(fault => fault.Node == Full.Oracles + gateway)));
    }

    [Fact]
    public async Task Honest_reports_are_paid_exactly_once_and_no_epoch_is_lost()
    {
        var options = new FaultOptions { Seed = 6, Oracles = 4, Gateways = 2, Epochs = 4, EpochSeconds = 10, GraceSeconds = 6, FinalitySlots = 2, Reports = 2 };
        await RunAsync(options);
    }

    /// <summary>TURNPIKE_KILL_EPOCHS sets another number of epochs; each has about seven kills.</summary>
    [Fact]
    public async Task Nodes_killed_at_every_stage_of_an_epoch_go_on_and_nothing_is_settled_minted_or_paid_twice()
    {
        var epochs = int.Parse(Environment.GetEnvironmentVariable("TURNPIKE_KILL_EPOCHS") ?? "2", CultureInfo.InvariantCulture);
        var options = new FaultOptions { Seed = 3, Oracles = 4, Gateways = 2, Epochs = epochs, EpochSeconds = 16, GraceSeconds = 11, FinalitySlots = 2, Reports = 3, KillsAtStages = true, LeastKills = 6 * epochs };
        var result = await RunAsync(options);
        Assert.True(result.Kills >= options.LeastKills, $"{result.Kills} kills");
    }

    private static async Task<FaultResult> RunAsync(FaultOptions options)
    {
        try
        {
            LocalChain.FindAnvil();
        }
        catch (LocalChainException absent)
        {
            Assert.Skip(absent.Message);
        }
        var told = new List<string>();
        FaultResult result;
        try
        {
            result = await FaultRun.RunAsync(options, line => { lock (told) told.Add(line); }, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(late.Message + "\n" + string.Join('\n', told), late);
        }
        Assert.True(result.Problems.Count == 0, string.Join('\n', result.Problems.Concat(told)));
        Assert.Equal(options.Devices * options.Reports * options.Epochs, result.Reports);
        Assert.True(result.Epochs >= (ulong)options.Epochs);
        return result;
    }
}
