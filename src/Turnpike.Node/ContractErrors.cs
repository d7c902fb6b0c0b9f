using Turnpike.Evm.Abi;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node;

/// <summary>The contracts' own errors, so that reverts are named, such as "StalePrice(age 700, maxAge 600)".</summary>
internal static class ContractErrors
{
    public static IReadOnlyList<AbiError> Known { get; } =
    [
        .. NetworkToken.Errors, .. Emissions.Errors, .. Credits.Errors, .. PriceFeed.Errors, .. ArchiveRegistry.Errors, .. EpochSettlement.Errors, .. RewardDistributor.Errors,
    ];
}
