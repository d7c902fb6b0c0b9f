using Turnpike.Blueprints;
using Turnpike.Blueprints.Schema;

namespace Turnpike.Simulation;

/// <summary>Every key of an economy and of a scenario: its range, its default, its meaning. Reading, errors and documentation come from here.</summary>
internal static class EconomyKeys
{
    internal static readonly ScalarKey<string> Name = new("name", ScalarTypes.Slug, "Short name; the file is called so.");
    internal static readonly ScalarKey<string> Title = new("title", ScalarTypes.Text(80), "Name for people.");
    internal static readonly ScalarKey<string> Description = new("description", ScalarTypes.Text(600), "What the network does and what is assumed here.");
    internal static readonly ScalarKey<string> Blueprint = new("blueprint", ScalarTypes.Slug, "The blueprint whose token, emission and rules are used; its file is beside the folder of economies. Then `emission` and `rules` are not written here.") { Required = false };
    internal static readonly GroupKey Network = new(new("network", "What is simulated.", [Name, Title, Description, Blueprint]));

    internal static readonly ScalarKey<string> Symbol = new("symbol", ScalarTypes.Symbol, "Ticker of the token.");
    internal static readonly ScalarKey<UInt128> Supply = new("supply", AmountTypes.PositiveTokens, "Tokens that exist at the start.");
    internal static readonly ScalarKey<double> Liquid = new("liquid", NumberTypes.Percent(1, 100), "Share of the supply that can be bought and sold.") { Default = "60%" };
    internal static readonly ScalarKey<UInt128> PriceUsd = new("price_usd", AmountTypes.Dollars, "Price of a token at the start.");
    internal static readonly ScalarKey<UInt128> LifetimeCap = new("lifetime_cap", AmountTypes.PositiveTokens, "The most that is ever minted from here on; absent, there is no such limit.") { Required = false };
    internal static readonly ScalarKey<double> Treasury = new("treasury_usd", NumberTypes.Number(0, 1e12), "What the foundation holds, for its runway.") { Default = "0" };
    internal static readonly ScalarKey<double> Spending = new("spending_usd_per_week", NumberTypes.Number(0, 1e10), "What the foundation spends.") { Default = "0" };
    internal static readonly GroupKey Token = new(new("token", "The token at the start.", [Symbol, Supply, Liquid, PriceUsd, LifetimeCap, Treasury, Spending]));

    internal static readonly ScalarKey<TimeSpan> Epoch = new("epoch", ScalarTypes.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(28)), "Length of the rules' epoch; a week is simulated as a whole number of them, or an epoch as a whole number of weeks.");
    internal static readonly ScalarKey<UInt128> DecayFirst = new("first_per_epoch", AmountTypes.PositiveTokens, "Tokens an epoch until the first step down.");
    internal static readonly ScalarKey<ulong> DecayFactor = new("factor", ScalarTypes.Percent, "What remains after each step down.");
    internal static readonly ScalarKey<ulong> DecayInterval = new("interval_epochs", ScalarTypes.Integer(1, 1_000_000_000), "Epochs from one step down to the next.");
    internal static readonly ScalarKey<ulong> DecayTimes = new("times", ScalarTypes.Integer(1, 200), "How many steps down; after the last the amount stays.");
    internal static readonly GroupKey Decay = new(new("decay", "The schedule as a regular decay. Give one of `steps`, `halving` and `decay`.", [DecayFirst, DecayFactor, DecayInterval, DecayTimes])) { Required = false };
    internal static readonly GroupKey Emission = new(new("emission", "What epochs mint.", [Epoch, EmissionKeys.Steps, EmissionKeys.Halving, Decay])) { Required = false };

    internal static readonly ScalarKey<string> Kind = new("kind", ScalarTypes.Choice("usage-pack", "band", "remint-vault", "work-pool", "storage-baseline", "remint-share", "level-shares"), "Which rules of the library pay: data in a dollar band (Helium Mobile), a vault of burned tokens (Akash), pools by work and availability (Render), minting by power against a baseline (Filecoin), a share of burns minted again (Hivemapper), levels (DIMO); `usage-pack` is the rule pack of a blueprint itself.");
    internal static readonly ScalarKey<double> PoolShare = new("pool_share", NumberTypes.Percent(0, 100), "Share of each epoch's mint that contributors divide.") { Default = "100%" };
    internal static readonly ScalarKey<UInt128> ReemissionCap = new("reemission_cap", AmountTypes.Tokens, "The most of an epoch's burn that is minted again.") { Default = "0" };
    internal static readonly ScalarKey<ulong> Smoothing = new("smoothing_epochs", ScalarTypes.Integer(1, 365), "Epochs over which burns are smoothed before they are minted again.") { Default = "1" };
    internal static readonly ScalarKey<double> BurnShare = new("burn_share", NumberTypes.Percent(0, 100), "Share of what customers pay that burns tokens.") { Default = "100%" };
    internal static readonly ScalarKey<double> RemintShare = new("remint_share", NumberTypes.Percent(0, 100), "Share of what is burned that is minted again for contributors, up to `reemission_cap`.") { Default = "0%" };
    internal static readonly ScalarKey<double> Floor = new("floor_multiple", NumberTypes.Number(0, 100), "The band's floor: contributors get at least so many times what customers pay, out of burns.") { Default = "0.5" };
    internal static readonly ScalarKey<double> Cap = new("cap_multiple", NumberTypes.Number(0, 100), "The band's cap: contributors get at most so many times what customers pay.") { Default = "3" };
    internal static readonly ScalarKey<UInt128> Availability = new("availability_per_epoch", AmountTypes.Tokens, "Tokens an epoch for being available.") { Default = "0" };
    internal static readonly ScalarKey<double> StakingInflation = new("staking_inflation", NumberTypes.Percent(0, 100), "Yearly inflation that goes to stakers.") { Default = "0%" };
    internal static readonly ScalarKey<ulong> Oracles = new("oracles", ScalarTypes.Integer(1, 32), "Oracles that sign epochs.") { Default = "7" };
    internal static readonly ScalarKey<ulong> Faulty = new("faulty_oracles", ScalarTypes.Integer(0, 10), "How many of them may lie: so many and one more signatures settle.") { Default = "2" };
    internal static readonly ScalarKey<TimeSpan> BondThaw = new("bond_thaw", ScalarTypes.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(365)), "How long an oracle's bond stays in reach after he asks it back.") { Default = "21d" };
    internal static readonly ScalarKey<TimeSpan> Dispute = new("dispute", ScalarTypes.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(90)), "How long a settled epoch may be disputed.") { Default = "1d" };
    internal static readonly ScalarKey<double> StorageDay = new("storage_day", NumberTypes.Number(0, 40_000), "Storage only: days since the network's launch.") { Default = "0" };
    internal static readonly ScalarKey<double> EffectiveDays = new("storage_effective_days", NumberTypes.Number(0, 40_000), "Storage only: effective network time so far, in days.") { Default = "0" };
    internal static readonly ScalarKey<double> Quality = new("storage_quality", NumberTypes.Number(1, 10), "Storage only: quality-adjusted power for each byte of raw power; verified data counts ten times.") { Default = "1" };
    internal static readonly ScalarKey<double> BaselineEib = new("storage_baseline_eib", NumberTypes.Number(0.001, 1e9), "Storage only: the baseline at the start, in EiB of raw power; it doubles every 365 days.") { Default = "2.5057" };
    internal static readonly Key[] RuleKeys = [Kind, PoolShare, ReemissionCap, Smoothing, BurnShare, RemintShare, Floor, Cap, Availability, StakingInflation, Oracles, Faulty, BondThaw, Dispute, StorageDay, EffectiveDays, BaselineEib, Quality];
    internal static readonly GroupKey Rules = new(new("rules", "Who is paid, and what is burned.", RuleKeys)) { Required = false };
    internal static readonly ScalarKey<int> PolicyWeek = new("week", NumberTypes.Weeks(2, 5_200), "First week of the new rules.");
    internal static readonly ListKey Policies = new(new("policies", "Rules that replace the first ones later: the vote, or the new pack.", [PolicyWeek, .. RuleKeys]), 1, 20) { Required = false };

    internal static readonly ScalarKey<string> ClassName = new("name", ScalarTypes.Text(40), "What the hardware is called.");
    internal static readonly ScalarKey<double> Initial = new("initial", NumberTypes.Number(0, 1e9), "Devices at the start.");
    internal static readonly ScalarKey<double> Cost = new("cost_usd", NumberTypes.Number(0, 1e9), "What one device costs.");
    internal static readonly ScalarKey<double> Running = new("running_usd_per_week", NumberTypes.Number(0, 1e6), "What running one costs the median owner.");
    internal static readonly ScalarKey<double> Spread = new("running_spread", NumberTypes.Number(0, 3), "Deviation of the logarithm of running costs between owners.") { Default = "0.5" };
    internal static readonly ScalarKey<double> Hurdle = new("hurdle_weeks", NumberTypes.Number(1, 2_000), "Weeks within which the median buyer wants his money back.") { Default = "78" };
    internal static readonly ScalarKey<int> Lead = new("lead_weeks", NumberTypes.Weeks(0, 52), "Weeks from buying to running.") { Default = "4" };
    internal static readonly ScalarKey<double> Capacity = new("capacity", NumberTypes.Number(0, 1e18), "What one device contributes, in the pool's units.") { Default = "1" };
    internal static readonly ListKey Classes = new(new("classes", "Classes of hardware.", [ClassName, Initial, Cost, Running, Spread, Hurdle, Lead, Capacity]), 1, 20);
    internal static readonly ScalarKey<ulong> Cohorts = new("cohorts", ScalarTypes.Integer(10, 100_000), "Groups of like owners; each class gets the same number.") { Default = "1000" };
    internal static readonly ScalarKey<ulong> Cells = new("cells", ScalarTypes.Integer(1, 100_000), "Cells over which devices are spread, a few of them crowded.") { Default = "400" };
    internal static readonly ScalarKey<double> PerCell = new("per_cell", NumberTypes.Number(0.01, 1e9), "Devices of one cell that all count; beyond, the cell's contribution stays.") { Default = "1000000" };
    internal static readonly ScalarKey<double> Expectation = new("expectation_weeks", NumberTypes.Number(1, 104), "Weeks of the moving average by which owners expect income.") { Default = "6" };
    internal static readonly ScalarKey<double> JoinRate = new("join_rate", NumberTypes.Percent(0, 100), "Joiners a week, as a share of the devices, when payback beats the hurdle by its whole length.") { Default = "3%" };
    internal static readonly ScalarKey<double> JoinCap = new("join_cap", NumberTypes.Percent(0, 100), "The most that join in a week.") { Default = "15%" };
    internal static readonly ScalarKey<double> ExitHazard = new("exit_hazard", NumberTypes.Percent(0, 100), "Share that leaves in a week for reasons of its own, at first. Render's panel: 1.02%.") { Default = "1.02%" };
    internal static readonly ScalarKey<double> SettledHazard = new("settled_hazard", NumberTypes.Percent(0, 100), "The same once owners have settled. Render's panel: 0.49%.") { Default = "0.49%" };
    internal static readonly ScalarKey<double> SettleWeeks = new("settle_weeks", NumberTypes.Number(1, 520), "Weeks in which the first becomes the second.") { Default = "20" };
    internal static readonly ScalarKey<double> LossHazard = new("loss_hazard", NumberTypes.Percent(0, 100), "Share of those at a full loss that leaves in a week. Low by experience: after Render's pool fell by two thirds, exits did not rise.") { Default = "1%" };
    internal static readonly GroupKey Operators = new(new("operators", "Who contributes hardware, and how they decide.", [Cohorts, Cells, PerCell, Expectation, JoinRate, JoinCap, ExitHazard, SettledHazard, SettleWeeks, LossHazard, Classes]));

    internal static readonly ScalarKey<double> Demand = new("demand_usd_per_week", NumberTypes.Number(0, 1e12), "What customers would spend in the first week.");
    internal static readonly ScalarKey<double> Growth = new("growth_per_year", NumberTypes.Percent(-99, 10_000), "Growth of demand in a year.") { Default = "0%" };
    internal static readonly ScalarKey<double> DemandVolatility = new("volatility", NumberTypes.Percent(0, 300), "Deviation of demand's logarithm in a week.") { Default = "10%" };
    internal static readonly ScalarKey<double> Persistence = new("persistence", NumberTypes.Number(0, 1), "How much of a week's deviation is still there a week later.") { Default = "0.9" };
    internal static readonly ScalarKey<double> ContractShare = new("contract_share", NumberTypes.Percent(0, 100), "Share of demand under contract.") { Default = "30%" };
    internal static readonly ScalarKey<double> ContractWeeks = new("contract_weeks", NumberTypes.Number(1, 520), "Length of contracts; what is under contract follows the market as slowly.") { Default = "52" };
    internal static readonly ScalarKey<double> Churn = new("churn", NumberTypes.Percent(0, 100), "Share of the demand that could not be served that leaves for good, each week.") { Default = "2%" };
    internal static readonly ScalarKey<double> Elasticity = new("elasticity", NumberTypes.Number(0, 10), "Percent of demand that comes for a percent of free capacity more: idle networks cut prices.") { Default = "0.1" };
    internal static readonly ScalarKey<double> UsdPerUnit = new("usd_per_unit", NumberTypes.Number(0.000001, 1e9), "Dollars a week that one unit of capacity can serve.");
    internal static readonly ScalarKey<double> SelfDealt = new("self_dealt", NumberTypes.Percent(0, 100), "Share of demand that operators pay to themselves.") { Default = "0%" };
    internal static readonly ScalarKey<ulong> Payers = new("payers", ScalarTypes.Integer(1, 10_000), "Number of payers, sizes by Zipf's law.") { Default = "100" };
    internal static readonly GroupKey Customers = new(new("customers", "Who pays for the service.", [Demand, Growth, DemandVolatility, Persistence, ContractShare, ContractWeeks, Churn, Elasticity, UsdPerUnit, SelfDealt, Payers]));

    internal static readonly ScalarKey<string> Policy = new("policy", ScalarTypes.Choice("exogenous", "quantity", "pool", "return"), "Where the price comes from: a walk of its own, demand over supply (Fisher), a constant-product pool, or bounded pressures of buying, selling and mood.") { Default = "return" };
    internal static readonly ScalarKey<double> Volatility = new("volatility", NumberTypes.Percent(0, 300), "Deviation of the price's logarithm in a week that nothing explains.") { Default = "12%" };
    internal static readonly ScalarKey<double> Drift = new("drift_per_year", NumberTypes.Percent(-99, 1_000), "Drift of the walk in a year.") { Default = "0%" };
    internal static readonly ScalarKey<double> Holding = new("holding_days", NumberTypes.Number(0.01, 3_650), "Days from buying a token to spending it.") { Default = "30" };
    internal static readonly ScalarKey<double> Depth = new("depth_usd", NumberTypes.Number(1, 1e12), "Dollars within the market's reach: the dollar side of the pool, and the yardstick of pressures.") { Default = "5000000" };
    internal static readonly ScalarKey<double> Sold = new("sold_share", NumberTypes.Percent(0, 100), "Share of rewards that operators sell in the week they get them.") { Default = "60%" };
    internal static readonly ScalarKey<double> Speculation = new("speculation", NumberTypes.Percent(0, 100), "How far mood can move the price in a week.") { Default = "4%" };
    internal static readonly GroupKey Market = new(new("market", "The token's price.", [Policy, Volatility, Drift, Holding, Depth, Sold, Speculation]));

    internal static readonly ScalarKey<string> AttackerName = new("name", ScalarTypes.Text(40), "What the report calls the attacker.");
    internal static readonly ScalarKey<string> AttackKind = new("kind", ScalarTypes.Choice("sybil", "location-spoof", "self-dealing", "oracle-minority"), "Devices that exist only as keys; devices that claim another place; an operator who buys from himself; oracles that sign in their favour.");
    internal static readonly ScalarKey<double> Size = new("size", NumberTypes.Number(0, 1e9), "Devices; dollars a week for self-dealing; oracles for an oracle minority.");
    internal static readonly ScalarKey<int> FromWeek = new("from_week", NumberTypes.Weeks(1, 5_200), "First week of the attack.") { Default = "5" };
    internal static readonly ScalarKey<double> Detection = new("detection_per_week", NumberTypes.Percent(0, 100), "Chance of being found in a week; what is found stops, and loses its bond and four weeks of pay.") { Default = "5%" };
    internal static readonly ScalarKey<double> AttackCost = new("cost_usd", NumberTypes.Number(0, 1e9), "What the attack costs once.") { Default = "0" };
    internal static readonly ScalarKey<double> AttackRunning = new("cost_usd_per_week", NumberTypes.Number(0, 1e9), "What it costs each week, beside what it buys from itself.") { Default = "0" };
    internal static readonly ScalarKey<double> Bond = new("bond_usd", NumberTypes.Number(0, 1e9), "What it loses when found.") { Default = "0" };
    internal static readonly ListKey Attackers = new(new("attackers", "Who cheats; their profit is reported for each set of rules.", [AttackerName, AttackKind, Size, FromWeek, Detection, AttackCost, AttackRunning, Bond]), 1, 20) { Required = false };

    internal static readonly ScalarKey<int> EventWeek = new("week", NumberTypes.Weeks(1, 5_200), "Week of the event.");
    internal static readonly ScalarKey<string> EventKind = new("kind", ScalarTypes.Choice("price", "demand", "region-off", "hardware-shortage", "running-cost"), "What happens: the price jumps once; demand, running costs or the wait for hardware change for some weeks; a share of the cells is switched off.");
    internal static readonly ScalarKey<double> EventSize = new("size", NumberTypes.Percent(-100, 10_000), "By how much: -90% is a fall to a tenth, +400% is five times; of the cells for region-off.");
    internal static readonly ScalarKey<int> EventWeeks = new("weeks", NumberTypes.Weeks(1, 5_200), "How long it lasts; a jump of the price has no length.") { Default = "1" };
    internal static readonly ListKey Events = new(new("events", "What happens when.", [EventWeek, EventKind, EventSize, EventWeeks]), 1, 100) { Required = false };

    internal static readonly Schema Root = new("", "An economy.", [Network, Token, Emission, Rules, Policies, Operators, Customers, Market, Attackers, Events]);

    internal static readonly ScalarKey<string> ScenarioName = new("name", ScalarTypes.Text(80), "What the report calls the scenario.");
    internal static readonly ScalarKey<string> ScenarioDescription = new("description", ScalarTypes.Text(600), "What happens in it.") { Default = "No description." };
    internal static readonly GroupKey Scenario = new(new("scenario", "What a scenario is called. The other sections of its file are laid over those of the economy: groups merge key by key, lists are replaced.", [ScenarioName, ScenarioDescription]));

    internal static readonly Schema ScenarioRoot = new("", "A scenario.", [Scenario, .. Root.Keys.Where(key => key != Network)]);
}
