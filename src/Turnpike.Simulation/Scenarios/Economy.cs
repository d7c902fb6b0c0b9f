using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>A network as the simulator sees it: its rules, which are the library's, and how people are assumed to behave, which is the scenario's.</summary>
public sealed record Economy
{
    /// <summary>Short name.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>What is assumed, in a sentence or two.</summary>
    public required string Description { get; init; }

    /// <summary>The token at the start.</summary>
    public required TokenTerms Token { get; init; }

    /// <summary>What epochs mint.</summary>
    public required EmissionSchedule Emission { get; init; }

    /// <summary>Length of the rules' epoch.</summary>
    public required TimeSpan EpochLength { get; init; }

    /// <summary>The rules in force from the first week, and later ones by their first week.</summary>
    public required IReadOnlyList<RulesTerms> Rules { get; init; }

    /// <summary>Who contributes hardware.</summary>
    public required OperatorTerms Operators { get; init; }

    /// <summary>Who pays.</summary>
    public required CustomerTerms Customers { get; init; }

    /// <summary>Where the price comes from.</summary>
    public required MarketTerms Market { get; init; }

    /// <summary>Who cheats.</summary>
    public required IReadOnlyList<AttackerTerms> Attackers { get; init; }

    /// <summary>What happens when.</summary>
    public required IReadOnlyList<ScenarioEvent> Events { get; init; }

    /// <summary>SHA-256 over the files it was read from: part of the result hash.</summary>
    public required string SourceHash { get; init; }
}

/// <summary>The token at the start.</summary>
public sealed record TokenTerms(string Symbol, Amount Supply, double LiquidShare, Price Price, Amount? LifetimeCap, double TreasuryUsd, double SpendingUsdPerWeek);

/// <summary>The rule families of the library.</summary>
public enum RuleKind
{
    /// <summary>The rule pack usage-2026 of Turnpike.Networks.Wireless itself (Helium IoT since HIP-149).</summary>
    UsagePack,

    /// <summary>A data pool in a dollar band, topped up out of burns (Helium Mobile, HIP-149).</summary>
    Band,

    /// <summary>Customers' dollars through a vault of burned tokens (Akash, AEP-76).</summary>
    RemintVault,

    /// <summary>A fixed pool by work and one by availability (Render).</summary>
    WorkPool,

    /// <summary>Minting by power against a baseline, with pledge (Filecoin).</summary>
    StorageBaseline,

    /// <summary>A weekly mint and a share of burns minted again (Hivemapper).</summary>
    RemintShare,

    /// <summary>A weekly pool by level (DIMO).</summary>
    LevelShares,
}

/// <summary>One set of rules.</summary>
public sealed record RulesTerms
{
    /// <summary>First week, from 1.</summary>
    public required int FromWeek { get; init; }

    /// <summary>The family.</summary>
    public required RuleKind Kind { get; init; }

    /// <summary>Share of each epoch's mint that contributors divide.</summary>
    public required Ratio PoolShare { get; init; }

    /// <summary>The most of an epoch's burn that is minted again.</summary>
    public required Amount ReemissionCap { get; init; }

    /// <summary>Epochs over which burns are smoothed.</summary>
    public required uint SmoothingEpochs { get; init; }

    /// <summary>Share of revenue that burns tokens.</summary>
    public required Ratio BurnShare { get; init; }

    /// <summary>Share of what is burned that is minted again.</summary>
    public required Ratio RemintShare { get; init; }

    /// <summary>Floor of the band in multiples of what customers pay.</summary>
    public required Ratio FloorMultiple { get; init; }

    /// <summary>Cap of the band.</summary>
    public required Ratio CapMultiple { get; init; }

    /// <summary>Tokens an epoch for being there.</summary>
    public required Amount AvailabilityPerEpoch { get; init; }

    /// <summary>Yearly inflation to stakers, if any.</summary>
    public required double StakingInflation { get; init; }

    /// <summary>How long an oracle's bond stays in reach after he asks it back.</summary>
    public TimeSpan BondThaw { get; init; } = TimeSpan.FromDays(21);

    /// <summary>How long a settled epoch may be disputed.</summary>
    public TimeSpan Dispute { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether who is found out still has a bond to lose.</summary>
    public bool BondOutlastsDispute => BondThaw >= Dispute;

    /// <summary>Oracles that may lie without harm, of <see cref="Oracles"/>.</summary>
    public required int FaultyOracles { get; init; }

    /// <summary>Oracles.</summary>
    public required int Oracles { get; init; }

    /// <summary>Where a storage network stands.</summary>
    public StorageTerms Storage { get; init; }

    /// <summary>Whether contributions are delivered work, which a device without customers cannot claim, rather than presence.</summary>
    public bool PaysForWork => Kind is RuleKind.UsagePack or RuleKind.Band or RuleKind.RemintVault or RuleKind.WorkPool;
}

/// <summary>Where a storage network stands at the start.</summary>
/// <param name="Day">Days since its launch.</param>
/// <param name="EffectiveDays">Effective network time, days.</param>
/// <param name="BaselineEib">Baseline at the start, EiB of raw power.</param>
/// <param name="Quality">Quality-adjusted bytes for each raw byte.</param>
public readonly record struct StorageTerms(double Day, double EffectiveDays, double BaselineEib, double Quality);

/// <summary>A class of hardware and its owners.</summary>
public sealed record OperatorClass
{
    /// <summary>Such as "indoor gateway".</summary>
    public required string Name { get; init; }

    /// <summary>Devices at the start.</summary>
    public required double Initial { get; init; }

    /// <summary>What one costs.</summary>
    public required double CostUsd { get; init; }

    /// <summary>What running one costs a week, at the median.</summary>
    public required double RunningUsdPerWeek { get; init; }

    /// <summary>Deviation of the logarithm of running costs between owners.</summary>
    public required double RunningSpread { get; init; }

    /// <summary>Weeks within which the median owner wants his money back before he buys.</summary>
    public required double HurdleWeeks { get; init; }

    /// <summary>Weeks from buying to running.</summary>
    public required int LeadWeeks { get; init; }

    /// <summary>Contribution of one device in the units of the pool.</summary>
    public required double Capacity { get; init; }
}

/// <summary>How operators decide. Exit and join are separate: owners of sunk hardware stay, owners of money wait.</summary>
public sealed record OperatorTerms
{
    /// <summary>The classes.</summary>
    public required IReadOnlyList<OperatorClass> Classes { get; init; }

    /// <summary>Groups of like owners into which the classes are divided.</summary>
    public required int Cohorts { get; init; }

    /// <summary>Cells in which devices stand.</summary>
    public required int Cells { get; init; }

    /// <summary>Devices of a cell that all count; beyond, each counts less.</summary>
    public required double PerCell { get; init; }

    /// <summary>Weeks of the moving average by which income is expected.</summary>
    public required double ExpectationWeeks { get; init; }

    /// <summary>Joiners a week, as a share of the devices, for each time that expected payback beats the hurdle once over.</summary>
    public required double JoinRate { get; init; }

    /// <summary>The most that join in a week, as a share of the devices.</summary>
    public required double JoinCap { get; init; }

    /// <summary>Share that leaves in a week for reasons of its own, at first.</summary>
    public required double ExitHazard { get; init; }

    /// <summary>The same once owners are settled.</summary>
    public required double SettledHazard { get; init; }

    /// <summary>Weeks in which the first becomes the second, by a factor of e.</summary>
    public required double SettleWeeks { get; init; }

    /// <summary>Share of those who run at a full loss that leaves in a week.</summary>
    public required double LossHazard { get; init; }
}

/// <summary>What customers want.</summary>
public sealed record CustomerTerms
{
    /// <summary>Dollars a week at the start.</summary>
    public required double DemandUsdPerWeek { get; init; }

    /// <summary>Growth a year.</summary>
    public required double GrowthPerYear { get; init; }

    /// <summary>Deviation of the logarithm of demand in a week.</summary>
    public required double Volatility { get; init; }

    /// <summary>How much of a week's deviation is still there a week later.</summary>
    public required double Persistence { get; init; }

    /// <summary>Share of demand under contract, which follows slowly.</summary>
    public required double ContractShare { get; init; }

    /// <summary>Length of a contract.</summary>
    public required double ContractWeeks { get; init; }

    /// <summary>Share of unserved demand that goes elsewhere for good.</summary>
    public required double Churn { get; init; }

    /// <summary>Percent less demand for a percent higher price of the service.</summary>
    public required double Elasticity { get; init; }

    /// <summary>Dollars a week that one unit of capacity can serve.</summary>
    public required double UsdPerUnit { get; init; }

    /// <summary>Share of demand that operators pay to themselves.</summary>
    public required double SelfDealt { get; init; }

    /// <summary>Payers, for concentration; their sizes follow Zipf's law.</summary>
    public required int Payers { get; init; }
}

/// <summary>Price policies.</summary>
public enum PricePolicy
{
    /// <summary>A random walk that nothing in the network moves.</summary>
    Exogenous,

    /// <summary>Demand over liquid supply (Fisher).</summary>
    Quantity,

    /// <summary>A constant-product pool in which customers buy and operators sell.</summary>
    Pool,

    /// <summary>A logarithmic return of bounded pressures.</summary>
    Return,
}

/// <summary>Where the price comes from.</summary>
public sealed record MarketTerms
{
    /// <summary>The policy.</summary>
    public required PricePolicy Policy { get; init; }

    /// <summary>Deviation of the logarithm in a week that nothing explains.</summary>
    public required double Volatility { get; init; }

    /// <summary>Drift of the exogenous walk a year.</summary>
    public required double DriftPerYear { get; init; }

    /// <summary>Days between buying and spending a token (quantity policy).</summary>
    public required double HoldingDays { get; init; }

    /// <summary>Dollars on the dollar side of the pool.</summary>
    public required double DepthUsd { get; init; }

    /// <summary>Share of rewards that operators sell in the week they get them.</summary>
    public required double SoldShare { get; init; }

    /// <summary>Strength of speculators: return for a week in which all pressures are full.</summary>
    public required double Speculation { get; init; }
}

/// <summary>Kinds of cheating.</summary>
public enum AttackKind
{
    /// <summary>Devices that exist only as keys.</summary>
    Sybil,

    /// <summary>Real devices that claim a place where there are few.</summary>
    LocationSpoof,

    /// <summary>An operator who buys from himself to earn.</summary>
    SelfDealing,

    /// <summary>Oracles that sign a report in their favour.</summary>
    OracleMinority,
}

/// <summary>One attacker.</summary>
public sealed record AttackerTerms(string Name, AttackKind Kind, double Size, int FromWeek, double DetectionPerWeek, double CostUsd, double CostUsdPerWeek, double BondUsd);

/// <summary>What can happen.</summary>
public enum EventKind
{
    /// <summary>The price changes by a share at once.</summary>
    Price,

    /// <summary>Demand is changed by a share for some weeks.</summary>
    Demand,

    /// <summary>A share of the cells is switched off for some weeks.</summary>
    RegionOff,

    /// <summary>Hardware takes longer to come, for some weeks.</summary>
    HardwareShortage,

    /// <summary>Running costs change by a share for some weeks.</summary>
    RunningCost,
}

/// <summary>An event of a scenario.</summary>
public sealed record ScenarioEvent(int Week, EventKind Kind, double Size, int Weeks);
