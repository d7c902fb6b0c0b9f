// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Everything an epoch decided. Signed by f + 1 oracles as EIP-712 typed data.
/// @param networkId keccak256(abi.encode(chain id, registry)).
/// @param configDigest Oracle configuration in force at the epoch's start.
/// @param attempt 0, and one more after each veto of this epoch.
/// @param previousReportHash Hash of the last activated report; zero for the first. An empty epoch has no report.
/// @param inputsHash Snapshot block, evidence, price, burns, entropy, carry-over, rules.
/// @param evidenceRoot Accumulator of the epoch's certified evidence; zero when there was none.
/// @param rulesHash Rule pack and parameters in force.
/// @param outcomeHash Root over the shards of the outcome file.
/// @param rewardsRoot Tree of cumulative rewards, in token base units.
/// @param cumulativeRewards Sum of all leaves: everything minted to the distributor so far, with this epoch.
/// @param mint Token base units this epoch adds.
/// @param chargesRoot Tree of cumulative charges, in credits.
/// @param cumulativeCharges Sum of all leaves; never falls.
struct EpochReport {
    bytes32 networkId;
    bytes32 configDigest;
    uint64 epoch;
    uint32 attempt;
    bytes32 previousReportHash;
    bytes32 inputsHash;
    bytes32 evidenceRoot;
    bytes32 rulesHash;
    bytes32 outcomeHash;
    bytes32 rewardsRoot;
    uint128 cumulativeRewards;
    uint128 mint;
    bytes32 chargesRoot;
    uint128 cumulativeCharges;
}

/// @title EIP-712 struct hash of a report.
library EpochReportHash {
    bytes32 internal constant TYPEHASH = keccak256(
        "EpochReport(bytes32 networkId,bytes32 configDigest,uint64 epoch,uint32 attempt,bytes32 previousReportHash,bytes32 inputsHash,bytes32 evidenceRoot,bytes32 rulesHash,bytes32 outcomeHash,bytes32 rewardsRoot,uint128 cumulativeRewards,uint128 mint,bytes32 chargesRoot,uint128 cumulativeCharges)"
    );

    function structHash(EpochReport calldata report) internal pure returns (bytes32) {
        // All members are static, so the struct encodes in place, as EIP-712 wants it.
        return keccak256(abi.encode(TYPEHASH, report));
    }
}
