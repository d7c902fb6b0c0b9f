using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

/// <summary>
/// Every range that a contract's constructor checks, beside the blueprint key that fills it: the reader accepts the contract's bound, or one within it, and refuses the value beyond, so that
/// an accepted blueprint deploys. The third column is the contract's own line; when it changes, the row must.
/// </summary>
public sealed class ContractBoundsTests
{
    public static TheoryData<string, string, string, string, string> Bounds => new()
    {
        { "max_step_bps: 1000", "max_step_bps: 5000", "max_step_bps: 5001", "PriceFeed", "maxStepBps_ != 0 && maxStepBps_ <= 5_000" },
        { "max_step_bps: 1000", "max_step_bps: 1", "max_step_bps: 0", "PriceFeed", "maxStepBps_ != 0 && maxStepBps_ <= 5_000" },
        { "initial_usd: 0.25", "initial_usd: 0.00000001", "initial_usd: 0", "PriceFeed", "initialPrice != 0" },
        { "initial_usd: 0.25", "initial_usd: 1000000", "initial_usd: 1000000.00000001", "PriceFeed", "uint64 initialPrice" },
        { "max_price_age: 10m", "max_price_age: 1s", "max_price_age: 0s", "PriceFeed", "emaSeconds_ != 0" },
        { "max_price_age: 10m", "max_price_age: 1s", "max_price_age: 0s", "PriceFeed", "maxObservationAge_ != 0" },
        { "max_price_age: 10m", "max_price_age: 1s", "max_price_age: 0s", "Credits", "maxPriceAge_ != 0" },
        { "max_confidence_bps: 500", "max_confidence_bps: 4000", "max_confidence_bps: 4001", "Credits", "MAX_CONFIDENCE_BPS = 4_000;" },
        { "breaker_multiple: 5", "breaker_multiple: 20", "breaker_multiple: 21", "RewardDistributor", "MAX_CAP_MULTIPLE = 20;" },
        { "breaker_multiple: 5", "breaker_multiple: 1", "breaker_multiple: 0", "RewardDistributor", "multiple != 0" },
        { "breaker_window: 24h", "breaker_window: 30d", "breaker_window: 721h", "RewardDistributor", "window_ != 0 && window_ <= 30 days" },
        { "breaker_window: 24h", "breaker_window: 1s", "breaker_window: 0s", "RewardDistributor", "window_ != 0 && window_ <= 30 days" },
        { "pause_max: 7d", "pause_max: 30d", "pause_max: 721h", "RewardDistributor", "maxPause_ != 0 && maxPause_ <= 30 days" },
        { "pause_max: 7d", "pause_max: 1s", "pause_max: 0s", "RewardDistributor", "maxPause_ != 0 && maxPause_ <= 30 days" },
        { "veto_max: 3\n  veto_window: 30", "veto_max: 0\n  veto_window: 1", "veto_max: 0\n  veto_window: 0", "EpochSettlement", "p.vetoWindow != 0" },
        { "  length: 24h", "  length: 31d", "  length: 32d", "EpochClock", "length != 0 && length <= 366 days" },
        { "grace: 30m\n  activation_delay: 24h", "grace: 86399s\n  activation_delay: 24h", "grace: 24h\n  activation_delay: 24h", "EvidenceCommits", "p.grace != 0 && p.grace < epochLength" },
        { "grace: 30m\n  activation_delay: 24h", "grace: 1s\n  activation_delay: 24h", "grace: 0s\n  activation_delay: 24h", "EvidenceCommits", "p.grace != 0 && p.grace < epochLength" },
        { "activation_delay: 24h", "activation_delay: 24h", "activation_delay: 25h", "EpochSettlement", "p.activationDelay <= p.epochLength" },
        { "empty_after: 7d", "empty_after: 31m", "empty_after: 30m", "EpochSettlement", "p.emptyAfter > p.grace" },
        { "smoothing_epochs: 7", "smoothing_epochs: 1", "smoothing_epochs: 0", "Emissions", "smoothingEpochs_ != 0" },
        { "from_epoch: 11", "from_epoch: 2", "from_epoch: 1", "Emissions", "fromEpoch[i] > fromEpoch[i - 1]" },
        { "name: Parcel", "name: Parcel Parcel Parcel Parcel Par", "name: Parcel Parcel Parcel Parcel Parc", "NetworkToken", "ERC20Permit(name_)" }, // EIP-712 names have 31 bytes
        { "name: Parcel", "name: \u00dcberfahrten und Br\u00fcckengelder", "name: \u00dcberfahrten und Br\u00fcckengelder.", "NetworkToken", "ERC20Permit(name_)" },
        { "count: 4\n  faulty: 1", "count: 31\n  faulty: 10", "count: 30\n  faulty: 10", "NetworkSchedule", "oracles.length > 3 * uint256(f)" },
        { "count: 4\n  faulty: 1", "count: 32\n  faulty: 1", "count: 33\n  faulty: 1", "NetworkSchedule", "MAX_ORACLES = 32;" },
    };

    [Theory, MemberData(nameof(Bounds))]
    public void Blueprint_is_accepted_up_to_the_contracts_bound_and_not_beyond(string piece, string within, string beyond, string contract, string check)
    {
        // The local section's own epoch is laid over the changed one and would add problems of its own.
        var local = Sample.Yaml.IndexOf("local:\n", StringComparison.Ordinal);
        string With(string replacement) => Sample.With(piece, replacement).Replace(Sample.Yaml[local..], "", StringComparison.Ordinal);

        Assert.Empty(Sample.Read(With(within)).Problems);
        Assert.NotEmpty(Sample.Read(With(beyond)).Problems);
        Assert.Contains(check, File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "contracts", "src", contract + ".sol")), StringComparison.Ordinal);
    }
}
