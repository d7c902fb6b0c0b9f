// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Unauthorized} from "./Errors.sol";

/// @title An admin, who hands over in two steps, and the guardian he names.
/// @notice The admin's only power here is to name the guardian. What either may do is listed where it is used.
abstract contract Guarded is Ownable2Step {
    /// @notice May stop things for a while, never start or change them.
    address public guardian;

    event GuardianSet(address indexed guardian);

    constructor(address admin, address initialGuardian) Ownable(admin) {
        _setGuardian(initialGuardian);
    }

    modifier onlyGuardian() {
        require(msg.sender == guardian, Unauthorized(msg.sender));
        _;
    }

    /// @notice Names the guardian; address 0 means none. Admin only.
    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    function _setGuardian(address newGuardian) private {
        guardian = newGuardian;
        emit GuardianSet(newGuardian);
    }
}
