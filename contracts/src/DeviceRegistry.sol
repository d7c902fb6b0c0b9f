// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {DeviceKey} from "./DeviceKey.sol";
import {InvalidParameter} from "./Errors.sol";
import {H3Cell} from "./H3Cell.sol";
import {ICredits} from "./interfaces/ICredits.sol";
import {IDeviceRegistry} from "./interfaces/IDeviceRegistry.sol";

/// @title DeviceRegistry
/// @notice See {IDeviceRegistry}.
contract DeviceRegistry is IDeviceRegistry, ERC721, EIP712, Ownable2Step {
    bytes32 private constant PERMIT_TYPEHASH = keccak256("DevicePermit(bytes32 networkId,address owner,uint256 nonce)");
    bytes32 private constant APPROVAL_TYPEHASH = keccak256("MakerApproval(bytes32 deviceId)");
    bytes32 private constant ONBOARDING = "onboarding";
    bytes32 private constant LOCATION = "location";

    uint8 private constant TRUST_HARDWARE = 3;
    uint8 private constant TRUST_KEY = 2;

    ICredits public immutable credits;
    /// @notice Credits per device registered.
    uint256 public immutable onboardingFee;
    /// @notice Credits per location assertion.
    uint256 public immutable locationFee;
    /// @inheritdoc IDeviceRegistry
    bytes32 public immutable networkId;

    mapping(address maker => Maker) public makers;
    mapping(bytes32 deviceId => Device) internal _devices;
    /// @inheritdoc IDeviceRegistry
    mapping(bytes32 deviceId => address) public payoutOf;

    constructor(
        string memory name_,
        string memory symbol_,
        ICredits credits_,
        uint256 onboardingFee_,
        uint256 locationFee_,
        address admin
    ) ERC721(name_, symbol_) EIP712("Turnpike", "1") Ownable(admin) {
        credits = credits_;
        onboardingFee = onboardingFee_;
        locationFee = locationFee_;
        networkId = keccak256(abi.encode(block.chainid, address(this)));
        emit RegistryConfigured(networkId, onboardingFee_, locationFee_);
    }

    /// @inheritdoc IDeviceRegistry
    function register(Registration calldata registration) external returns (bytes32 deviceId) {
        deviceId = DeviceKey.id(registration.x, registration.y);
        require(!_isRegistered(deviceId), AlreadyRegistered(deviceId));
        _register(deviceId, registration);
        _charge(onboardingFee, ONBOARDING);
    }

    /// @inheritdoc IDeviceRegistry
    function registerBatch(Registration[] calldata registrations) external returns (uint256 registered) {
        for (uint256 i; i < registrations.length; ++i) {
            bytes32 deviceId = DeviceKey.id(registrations[i].x, registrations[i].y);
            if (_isRegistered(deviceId)) continue;
            _register(deviceId, registrations[i]);
            ++registered;
        }
        _charge(onboardingFee * registered, ONBOARDING);
    }

    /// @inheritdoc IDeviceRegistry
    function assertLocation(bytes32 deviceId, uint64 h3, bytes32 locationCommitment) external {
        _requireDeviceOwner(deviceId);
        _requirePublicCell(h3);
        _devices[deviceId].h3 = h3;
        emit LocationAsserted(deviceId, h3, locationCommitment);
        _charge(locationFee, LOCATION);
    }

    /// @inheritdoc IDeviceRegistry
    function setPayout(bytes32 deviceId, address payout) external {
        _requireDeviceOwner(deviceId);
        _setPayout(deviceId, payout);
    }

    /// @inheritdoc IDeviceRegistry
    function setStatus(bytes32 deviceId, uint8 status, uint32 reason) external onlyOwner {
        _requireOwned(uint256(deviceId));
        _devices[deviceId].status = status;
        emit StatusSet(deviceId, status, reason);
    }

    /// @inheritdoc IDeviceRegistry
    function setMaker(address maker, bytes32 allowListRoot, bool active, bool hardwareHeld) external onlyOwner {
        require(maker != address(0), InvalidParameter("maker"));
        makers[maker] = Maker(allowListRoot, active, hardwareHeld);
        emit MakerSet(maker, allowListRoot, active, hardwareHeld);
    }

    /// @inheritdoc IDeviceRegistry
    function device(bytes32 deviceId) external view returns (Device memory) {
        return _devices[deviceId];
    }

    /// @inheritdoc IDeviceRegistry
    function permitNonce(bytes32 deviceId) public view returns (uint256) {
        return _devices[deviceId].permitNonce;
    }

    /// @inheritdoc IDeviceRegistry
    function hashPermit(address owner, uint256 nonce) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PERMIT_TYPEHASH, networkId, owner, nonce)));
    }

    /// @inheritdoc IDeviceRegistry
    function hashApproval(bytes32 deviceId) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(APPROVAL_TYPEHASH, deviceId)));
    }

    function _register(bytes32 deviceId, Registration calldata r) private {
        _requirePublicCell(r.h3);
        uint256 nonce = permitNonce(deviceId);
        bytes32 digest = hashPermit(r.owner, nonce);
        require(DeviceKey.verify(r.keyType, r.x, r.y, digest, r.permitR, r.permitS), InvalidPermit(deviceId));
        uint8 trust = _trustOf(deviceId, r);

        _devices[deviceId] = Device(r.h3, r.kind, uint32(nonce + 1), r.keyType, trust, 0);
        // Not _safeMint: a receiver must not be able to call back in the middle of a batch.
        _mint(r.owner, uint256(deviceId));
        emit DeviceRegistered(
            deviceId, r.owner, DeviceRecord(r.keyType, r.x, r.y, r.kind, r.h3, r.locationCommitment, r.maker, trust)
        );
    }

    function _trustOf(bytes32 deviceId, Registration calldata r) private view returns (uint8) {
        if (r.maker == address(0)) return TRUST_KEY;
        Maker memory maker = makers[r.maker];
        require(maker.active, MakerInactive(r.maker));
        require(_isApproved(deviceId, maker.allowListRoot, r), MakerRefused(deviceId, r.maker));
        return maker.hardwareHeld ? TRUST_HARDWARE : TRUST_KEY;
    }

    function _isApproved(bytes32 deviceId, bytes32 allowListRoot, Registration calldata r) private view returns (bool) {
        if (r.makerSignature.length == 0) {
            bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(deviceId))));
            return MerkleProof.verifyCalldata(r.makerProof, allowListRoot, leaf);
        }
        (address signer,,) = ECDSA.tryRecoverCalldata(hashApproval(deviceId), r.makerSignature);
        return signer == r.maker;
    }

    function _charge(uint256 fee, bytes32 purpose) private {
        if (fee != 0) credits.spend(msg.sender, fee, purpose);
    }

    function _isRegistered(bytes32 deviceId) internal view returns (bool) {
        return _ownerOf(uint256(deviceId)) != address(0);
    }

    function _requireDeviceOwner(bytes32 deviceId) private view {
        require(ownerOf(uint256(deviceId)) == msg.sender, NotDeviceOwner(deviceId, msg.sender));
    }

    function _requirePublicCell(uint64 h3) private pure {
        require(h3 == 0 || H3Cell.isPublic(h3), InvalidCell(h3));
    }

    function _setPayout(bytes32 deviceId, address payout) private {
        payoutOf[deviceId] = payout;
        emit PayoutSet(deviceId, payout);
    }

    /// @dev A buyer must not go on paying the seller.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        bytes32 deviceId = bytes32(tokenId);
        if (from != address(0) && payoutOf[deviceId] != address(0)) _setPayout(deviceId, address(0));
    }
}
