using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Turnpike.Blueprints;
using Turnpike.Blueprints.Schema;
using Turnpike.Blueprints.Yaml;
using Turnpike.Core;
using Turnpike.Core.Parameters;
using Turnpike.Economics;
using Step = Turnpike.Economics.EmissionStep;

namespace Turnpike.Simulation;

/// <summary>What reading gave: an economy, or every problem at once, each with file, line, key and the accepted range.</summary>
/// <param name="Economy">Null when there are problems.</param>
/// <param name="Rules">The blueprint whose rule pack pays, where the economy names one.</param>
/// <param name="Problems">In the order of the files.</param>
public sealed record EconomyReading(Economy? Economy, Blueprint? Rules, IReadOnlyList<BlueprintProblem> Problems);

/// <summary>
/// Reads an economy and, laid over it, a scenario. A scenario is checked by itself first, so that its faults carry its own name and lines; then the two are read as one.
/// Whatever is wrong comes back as a problem, never as an exception.
/// </summary>
public static class EconomyReader
{
    /// <summary>Reads files.</summary>
    /// <param name="economy">The economy's file.</param>
    /// <param name="scenario">A scenario's file, or null.</param>
    /// <param name="packs">Rule packs of this program.</param>
    public static EconomyReading Read(string economy, string? scenario, IReadOnlyList<PackDescription> packs)
    {
        var problems = new List<BlueprintProblem>();
        var text = TextOf(economy, problems);
        var over = scenario is null ? null : TextOf(scenario, problems);
        if (text is null || (scenario is not null && over is null)) return new EconomyReading(null, null, problems);
        return Parse(text, economy, over, scenario, packs, name => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(economy))!, "..", name + ".yaml"));
    }

    /// <summary>Reads texts; <paramref name="blueprintOf"/> says where a named blueprint lies.</summary>
    public static EconomyReading Parse(string text, string file, string? over, string? overFile, IReadOnlyList<PackDescription> packs, Func<string, string> blueprintOf)
    {
        var problems = new ProblemList(file);
        var root = YamlTreeReader.Read(text, problems);
        if (root is null) return new EconomyReading(null, null, problems.InFileOrder());
        if (over is not null)
        {
            var overProblems = new ProblemList(overFile!);
            var laid = YamlTreeReader.Read(over, overProblems);
            var faults = laid is null ? overProblems.InFileOrder() : ScenarioFaults(laid, overProblems);
            if (faults.Count > 0) return new EconomyReading(null, null, faults);
            problems = new ProblemList($"{file} with {overFile}");
            root = root.OverlaidBy(laid! with { Entries = [.. laid.Entries.Where(entry => entry.Key != EconomyKeys.Scenario.Name)] });
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + "\0" + over)));
        var sections = new SectionReader(root, EconomyKeys.Root, problems);
        var (economy, blueprint, others) = ReadEconomy(sections, hash, packs, blueprintOf);
        var all = (IReadOnlyList<BlueprintProblem>)[.. problems.InFileOrder(), .. others];
        return all.Count == 0 ? new EconomyReading(economy, blueprint, []) : new EconomyReading(null, null, all);
    }

    // What a scenario leaves out the economy has; everything else must be right as it stands.
    private static List<BlueprintProblem> ScenarioFaults(YamlMapping laid, ProblemList problems)
    {
        var sections = new SectionReader(laid, EconomyKeys.ScenarioRoot, problems);
        var named = sections.Group(EconomyKeys.Scenario);
        named?.Read(EconomyKeys.ScenarioName);
        named?.Read(EconomyKeys.ScenarioDescription);
        ReadToken(sections);
        ReadEmission(sections.Group(EconomyKeys.Emission), checkForms: false);
        if (sections.Group(EconomyKeys.Rules) is { } rules) ReadRules(rules, 1);
        ReadPolicies(sections);
        ReadOperators(sections);
        ReadCustomers(sections);
        ReadMarket(sections);
        ReadAttackers(sections);
        ReadEvents(sections);
        return [.. problems.InFileOrder().Where(problem => problem.Fault != BlueprintFault.MissingKey || problem.Path.StartsWith(EconomyKeys.Scenario.Name, StringComparison.Ordinal) || problem.Path.Contains('[', StringComparison.Ordinal))];
    }

    private static (Economy Economy, Blueprint? Blueprint, IReadOnlyList<BlueprintProblem> Problems) ReadEconomy(SectionReader root, string hash, IReadOnlyList<PackDescription> packs, Func<string, string> blueprintOf)
    {
        var network = root.Group(EconomyKeys.Network);
        var (name, title, description, named) = (network?.Read(EconomyKeys.Name).Value, network?.Read(EconomyKeys.Title).Value, network?.Read(EconomyKeys.Description).Value, network?.Read(EconomyKeys.Blueprint));
        var reading = named is { Given: true } ? BlueprintReader.Read(blueprintOf(named.Value.Value), packs) : null;
        var emission = ReadEmission(root.Group(EconomyKeys.Emission), checkForms: reading is null);
        var rules = root.Group(EconomyKeys.Rules) is { } section ? ReadRules(section, 1) : null;
        if (reading is null && !root.Has(EconomyKeys.Emission)) root.ReportMissing(EconomyKeys.Emission);
        if (reading is null && rules is null && !root.Has(EconomyKeys.Rules)) root.ReportMissing(EconomyKeys.Rules);
        var token = ReadToken(root);
        if (reading?.Blueprint is { } blueprint)
        {
            emission = (new EmissionSchedule(blueprint.Emission.Steps.Select(step => new Step(new EpochNumber(step.FromEpoch), new Amount(step.PerEpoch)))), blueprint.Epoch.Length);
            rules ??= OfBlueprint(blueprint);
        }
        var economy = new Economy
        {
            Name = name!, Title = title!, Description = description!, Token = token!, Emission = emission.Schedule!, EpochLength = emission.Epoch,
            Rules = [rules!, .. ReadPolicies(root)],
            Operators = ReadOperators(root)!, Customers = ReadCustomers(root)!, Market = ReadMarket(root)!, Attackers = ReadAttackers(root), Events = ReadEvents(root), SourceHash = hash,
        };
        return (economy, reading?.Blueprint, reading?.Problems ?? []);
    }

    private static RulesTerms OfBlueprint(Blueprint blueprint) => new()
    {
        FromWeek = 1, Kind = RuleKind.UsagePack, PoolShare = Ratio.Millionths(blueprint.Pools.Where(pool => pool.Shape != PoolSection.AccountShape).Aggregate(0UL, (sum, pool) => sum + pool.SharePpm)),
        ReemissionCap = new Amount(blueprint.Emission.ReemissionCap), SmoothingEpochs = blueprint.Emission.SmoothingEpochs, BurnShare = Ratio.One, RemintShare = Ratio.Zero,
        FloorMultiple = Ratio.Zero, CapMultiple = Ratio.One, AvailabilityPerEpoch = Amount.Zero, StakingInflation = 0, FaultyOracles = (int)blueprint.Oracles.Faulty, Oracles = (int)blueprint.Oracles.Count, Dispute = blueprint.Epoch.ActivationDelay,
    };

    private static TokenTerms? ReadToken(SectionReader root)
    {
        if (root.Group(EconomyKeys.Token) is not { } section) return null;
        var cap = section.Read(EconomyKeys.LifetimeCap);
        return new TokenTerms(
            section.Read(EconomyKeys.Symbol).Value, new Amount(section.Read(EconomyKeys.Supply).Value), section.Read(EconomyKeys.Liquid).Value, new Price(section.Read(EconomyKeys.PriceUsd).Value),
            cap.Given ? new Amount(cap.Value) : null, section.Read(EconomyKeys.Treasury).Value, section.Read(EconomyKeys.Spending).Value);
    }

    private static (EmissionSchedule? Schedule, TimeSpan Epoch) ReadEmission(SectionReader? section, bool checkForms)
    {
        if (section is null) return (null, TimeSpan.FromDays(7));
        var before = section.Problems.Reported;
        var epoch = section.Read(EconomyKeys.Epoch);
        Key[] forms = [EmissionKeys.Steps, EmissionKeys.Halving, EconomyKeys.Decay];
        if (checkForms && forms.Count(section.Has) != 1)
            section.Problems.Add(BlueprintFault.Inconsistent, section.Node, "there is not exactly one of steps, halving and decay", "give one of the three");
        if (epoch.Given && !Divides(epoch.Value))
            section.Problems.Add(BlueprintFault.Inconsistent, epoch.Node, "neither is the week a whole number of epochs nor the epoch one of weeks", "write a divisor of 7d, or 7d, 14d, 21d or 28d");
        List<Step> steps = [];
        if (section.Group(EconomyKeys.Decay) is { } decay)
        {
            var (first, factor, interval, times) = (decay.Read(EconomyKeys.DecayFirst), decay.Read(EconomyKeys.DecayFactor), decay.Read(EconomyKeys.DecayInterval), decay.Read(EconomyKeys.DecayTimes));
            if (first.Given && factor.Given && interval.Given && times.Given)
                steps.AddRange(EmissionSchedule.Decaying(EpochNumber.First, new Amount(first.Value), Ratio.Millionths(factor.Value), interval.Value, (int)times.Value).Steps);
        }
        else if (section.Group(EmissionKeys.Halving) is { } halving)
        {
            var (first, interval, count) = (halving.Read(EmissionKeys.FirstPerEpoch), halving.Read(EmissionKeys.IntervalEpochs), halving.Read(EmissionKeys.Halvings));
            if (first.Given && interval.Given && count.Given) steps.AddRange(EmissionSchedule.Halving(EpochNumber.First, new Amount(first.Value), interval.Value, (int)count.Value).Steps);
        }
        else
        {
            foreach (var item in section.List(EmissionKeys.Steps) ?? [])
            {
                var (from, amount) = (item.Read(EmissionKeys.FromEpoch), item.Read(EmissionKeys.PerEpoch));
                if (from.Given && steps.Count > 0 && from.Value <= steps[^1].FromEpoch.Value)
                    item.Problems.Add(BlueprintFault.Inconsistent, from.Node, string.Create(CultureInfo.InvariantCulture, $"epoch {from.Value} does not come after the step before"), "sort the steps by epoch, each epoch once");
                else if (from.Given && amount.Given) steps.Add(new Step(new EpochNumber(from.Value), new Amount(amount.Value)));
            }
        }
        return (section.Problems.Reported == before && steps.Count > 0 ? new EmissionSchedule(steps) : null, epoch.Given ? epoch.Value : TimeSpan.FromDays(7));
    }

    private static bool Divides(TimeSpan epoch) => epoch <= TimeSpan.FromDays(7) ? TimeSpan.FromDays(7).Ticks % epoch.Ticks == 0 : epoch.Ticks % TimeSpan.FromDays(7).Ticks == 0;

    private static RulesTerms ReadRules(SectionReader section, int fromWeek)
    {
        var kind = section.Read(EconomyKeys.Kind);
        var (oracles, faulty) = (section.Read(EconomyKeys.Oracles), section.Read(EconomyKeys.Faulty));
        if (oracles.Given && faulty.Given && oracles.Value < 3 * faulty.Value + 1)
            section.Problems.Add(BlueprintFault.Inconsistent, faulty.Node, $"{oracles.Value} oracles cannot bear {faulty.Value} that lie", string.Create(CultureInfo.InvariantCulture, $"write at least {3 * faulty.Value + 1} oracles, or a smaller faulty_oracles"));
        var (floor, cap) = (section.Read(EconomyKeys.Floor), section.Read(EconomyKeys.Cap));
        if (floor.Given && cap.Given && floor.Value > cap.Value)
            section.Problems.Add(BlueprintFault.Inconsistent, floor.Node, "the floor of the band is above its cap", "let the floor be at most the cap");
        return new RulesTerms
        {
            FromWeek = fromWeek, Kind = kind.Given ? KindOf(kind.Value) : RuleKind.Band, PoolShare = Share(section.Read(EconomyKeys.PoolShare).Value), ReemissionCap = new Amount(section.Read(EconomyKeys.ReemissionCap).Value),
            SmoothingEpochs = (uint)section.Read(EconomyKeys.Smoothing).Value, BurnShare = Share(section.Read(EconomyKeys.BurnShare).Value), RemintShare = Share(section.Read(EconomyKeys.RemintShare).Value),
            FloorMultiple = Share(floor.Value), CapMultiple = Share(cap.Value), AvailabilityPerEpoch = new Amount(section.Read(EconomyKeys.Availability).Value),
            StakingInflation = section.Read(EconomyKeys.StakingInflation).Value, FaultyOracles = (int)faulty.Value, Oracles = (int)oracles.Value, BondThaw = section.Read(EconomyKeys.BondThaw).Value, Dispute = section.Read(EconomyKeys.Dispute).Value,
            Storage = new StorageTerms(section.Read(EconomyKeys.StorageDay).Value, section.Read(EconomyKeys.EffectiveDays).Value, section.Read(EconomyKeys.BaselineEib).Value, section.Read(EconomyKeys.Quality).Value),
        };
    }

    private static RuleKind KindOf(string word) => word switch
    {
        "usage-pack" => RuleKind.UsagePack,
        "remint-vault" => RuleKind.RemintVault,
        "work-pool" => RuleKind.WorkPool,
        "storage-baseline" => RuleKind.StorageBaseline,
        "remint-share" => RuleKind.RemintShare,
        "level-shares" => RuleKind.LevelShares,
        _ => RuleKind.Band,
    };

    private static List<RulesTerms> ReadPolicies(SectionReader root)
    {
        var policies = new List<RulesTerms>();
        foreach (var item in root.List(EconomyKeys.Policies) ?? [])
        {
            var week = item.Read(EconomyKeys.PolicyWeek);
            if (week.Given && policies.Count > 0 && week.Value <= policies[^1].FromWeek)
                item.Problems.Add(BlueprintFault.Inconsistent, week.Node, "the policy does not begin after the one before it", "sort the policies by week, each week once");
            policies.Add(ReadRules(item, week.Value));
        }
        return policies;
    }

    private static OperatorTerms? ReadOperators(SectionReader root)
    {
        if (root.Group(EconomyKeys.Operators) is not { } section) return null;
        var classes = new List<OperatorClass>();
        foreach (var item in section.List(EconomyKeys.Classes) ?? [])
        {
            var name = item.Read(EconomyKeys.ClassName);
            if (name.Given && classes.Any(known => known.Name == name.Value)) item.Problems.Add(BlueprintFault.Inconsistent, name.Node, $"there is a class '{name.Value}' already", "give each class its own name");
            classes.Add(new OperatorClass
            {
                Name = name.Value, Initial = item.Read(EconomyKeys.Initial).Value, CostUsd = item.Read(EconomyKeys.Cost).Value, RunningUsdPerWeek = item.Read(EconomyKeys.Running).Value,
                RunningSpread = item.Read(EconomyKeys.Spread).Value, HurdleWeeks = item.Read(EconomyKeys.Hurdle).Value, LeadWeeks = item.Read(EconomyKeys.Lead).Value, Capacity = item.Read(EconomyKeys.Capacity).Value,
            });
        }
        return new OperatorTerms
        {
            Classes = classes, Cohorts = (int)section.Read(EconomyKeys.Cohorts).Value, Cells = (int)section.Read(EconomyKeys.Cells).Value, PerCell = section.Read(EconomyKeys.PerCell).Value,
            ExpectationWeeks = section.Read(EconomyKeys.Expectation).Value, JoinRate = section.Read(EconomyKeys.JoinRate).Value, JoinCap = section.Read(EconomyKeys.JoinCap).Value,
            ExitHazard = section.Read(EconomyKeys.ExitHazard).Value, SettledHazard = section.Read(EconomyKeys.SettledHazard).Value, SettleWeeks = section.Read(EconomyKeys.SettleWeeks).Value, LossHazard = section.Read(EconomyKeys.LossHazard).Value,
        };
    }

    private static CustomerTerms? ReadCustomers(SectionReader root) => root.Group(EconomyKeys.Customers) is not { } section ? null : new CustomerTerms
    {
        DemandUsdPerWeek = section.Read(EconomyKeys.Demand).Value, GrowthPerYear = section.Read(EconomyKeys.Growth).Value, Volatility = section.Read(EconomyKeys.DemandVolatility).Value,
        Persistence = section.Read(EconomyKeys.Persistence).Value, ContractShare = section.Read(EconomyKeys.ContractShare).Value, ContractWeeks = section.Read(EconomyKeys.ContractWeeks).Value,
        Churn = section.Read(EconomyKeys.Churn).Value, Elasticity = section.Read(EconomyKeys.Elasticity).Value, UsdPerUnit = section.Read(EconomyKeys.UsdPerUnit).Value,
        SelfDealt = section.Read(EconomyKeys.SelfDealt).Value, Payers = (int)section.Read(EconomyKeys.Payers).Value,
    };

    private static MarketTerms? ReadMarket(SectionReader root) => root.Group(EconomyKeys.Market) is not { } section ? null : new MarketTerms
    {
        Policy = section.Read(EconomyKeys.Policy).Value switch { "exogenous" => PricePolicy.Exogenous, "quantity" => PricePolicy.Quantity, "pool" => PricePolicy.Pool, _ => PricePolicy.Return },
        Volatility = section.Read(EconomyKeys.Volatility).Value, DriftPerYear = section.Read(EconomyKeys.Drift).Value, HoldingDays = section.Read(EconomyKeys.Holding).Value,
        DepthUsd = section.Read(EconomyKeys.Depth).Value, SoldShare = section.Read(EconomyKeys.Sold).Value, Speculation = section.Read(EconomyKeys.Speculation).Value,
    };

    private static List<AttackerTerms> ReadAttackers(SectionReader root) => [.. (root.List(EconomyKeys.Attackers) ?? []).Select(item => new AttackerTerms(
        item.Read(EconomyKeys.AttackerName).Value, item.Read(EconomyKeys.AttackKind).Value switch
        {
            "sybil" => AttackKind.Sybil, "location-spoof" => AttackKind.LocationSpoof, "self-dealing" => AttackKind.SelfDealing, _ => AttackKind.OracleMinority,
        },
        item.Read(EconomyKeys.Size).Value, item.Read(EconomyKeys.FromWeek).Value, item.Read(EconomyKeys.Detection).Value, item.Read(EconomyKeys.AttackCost).Value, item.Read(EconomyKeys.AttackRunning).Value, item.Read(EconomyKeys.Bond).Value))];

    private static List<ScenarioEvent> ReadEvents(SectionReader root) => [.. (root.List(EconomyKeys.Events) ?? []).Select(item => new ScenarioEvent(
        item.Read(EconomyKeys.EventWeek).Value, item.Read(EconomyKeys.EventKind).Value switch
        {
            "price" => EventKind.Price, "demand" => EventKind.Demand, "region-off" => EventKind.RegionOff, "hardware-shortage" => EventKind.HardwareShortage, _ => EventKind.RunningCost,
        },
        item.Read(EconomyKeys.EventSize).Value, item.Read(EconomyKeys.EventWeeks).Value))];

    // Exactly as written up to six decimals.
    private static Ratio Share(double value) => Ratio.Millionths((ulong)Math.Round(value * 1e6));

    private static string? TextOf(string path, List<BlueprintProblem> problems)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > BlueprintReader.MaximumBytes)
            {
                problems.Add(new BlueprintProblem(BlueprintFault.TooLarge, path, 0, 0, "", $"the file is larger than {BlueprintReader.MaximumBytes} bytes", "move bulk data out of it"));
                return null;
            }
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problems.Add(new BlueprintProblem(BlueprintFault.Unreadable, path, 0, 0, "", "the file cannot be opened", "check the path"));
            return null;
        }
    }
}
