using Turnpike.Evm.Abi;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node;

/// <summary>Names the contracts' own errors in reverts, such as "StalePrice(age 700, maxAge 600)".</summary>
internal static class ContractErrors
{
    private static readonly IReadOnlyList<AbiError> Known =
    [
        .. NetworkToken.Errors, .. Emissions.Errors, .. Credits.Errors, .. PriceFeed.Errors, .. ArchiveRegistry.Errors, .. EpochSettlement.Errors, .. RewardDistributor.Errors,
    ];

    public static string? Describe(ReadOnlySpan<byte> revertData)
    {
        var reason = Evm.Abi.RevertReason.Decode(revertData.ToArray(), Known);
        return reason.Kind == Evm.Abi.RevertKind.Custom ? reason.Text : null;
    }
}
