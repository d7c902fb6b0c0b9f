// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DeviceRegistry} from "./DeviceRegistry.sol";
import {ICredits} from "./interfaces/ICredits.sol";

/// @title ArchiveRegistry
/// @notice A registry for replaying recorded networks, whose devices cannot sign a permit any more. It exists on the
/// local development chain only. Admin, in addition: imports devices, with trust 0.
contract ArchiveRegistry is DeviceRegistry {
    uint256 private constant LOCAL_CHAIN = 31337;

    /// @param key The device's public key as recorded, of any type.
    event ArchiveDeviceImported(bytes32 indexed deviceId, bytes key, address indexed owner, uint32 kind);

    error LocalChainOnly(uint256 chainId);
    error LengthMismatch();

    constructor(
        string memory name_,
        string memory symbol_,
        ICredits credits_,
        uint256 onboardingFee_,
        uint256 locationFee_,
        address admin
    ) DeviceRegistry(name_, symbol_, credits_, onboardingFee_, locationFee_, admin) {
        require(block.chainid == LOCAL_CHAIN, LocalChainOnly(block.chainid));
    }

    /// @notice Registers keys[i] for owners[i] as deviceId = keccak256(key). Admin only.
    function importArchive(bytes[] calldata keys, address[] calldata owners, uint32 kind) external onlyOwner {
        require(keys.length == owners.length, LengthMismatch());
        for (uint256 i; i < keys.length; ++i) {
            bytes32 deviceId = keccak256(keys[i]);
            require(!_isRegistered(deviceId), AlreadyRegistered(deviceId));
            _devices[deviceId].kind = kind;
            _mint(owners[i], uint256(deviceId));
            emit ArchiveDeviceImported(deviceId, keys[i], owners[i], kind);
        }
    }
}
