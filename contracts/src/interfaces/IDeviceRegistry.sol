// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Devices as ERC-721 tokens: tokenId = uint256(deviceId), deviceId = keccak256(x || y) of the device's key.
///
/// Onboarding. The device itself signs DevicePermit(bytes32 networkId,address owner,uint256 nonce) (EIP-712), so nobody
/// registers a device that he does not hold; anyone may send it, and pays the fee. A front-runner therefore pays the
/// victim's fee. A maker may vouch for the key by an allow-list root or by signing MakerApproval(bytes32 deviceId).
///
/// Powers. Admin: makers and device status (a suspended device keeps its token and its history). Owner of a device:
/// its place and payout address. Nobody can move or burn another's device.
interface IDeviceRegistry {
    /// @param keyType 1 = P-256, 2 = secp256k1.
    /// @param x Public key, big endian; with y.
    /// @param owner Who gets the token; named in the permit.
    /// @param kind What the device is, as the rule pack numbers it.
    /// @param h3 Public H3 cell of resolution 0 to 8; 0 for none.
    /// @param locationCommitment Hash over salt and exact cell; zero for none.
    /// @param maker Who vouches for the key; 0 for nobody.
    /// @param makerProof Proof of deviceId in the maker's allow-list (leaf: OpenZeppelin's standard encoding of
    /// (bytes32 deviceId)); used when `makerSignature` is empty.
    /// @param makerSignature 65 bytes r, s, v over MakerApproval.
    /// @param permitR Device signature.
    /// @param permitS P-256: low s. secp256k1: vs of EIP-2098.
    struct Registration {
        uint8 keyType;
        bytes32 x;
        bytes32 y;
        address owner;
        uint32 kind;
        uint64 h3;
        bytes32 locationCommitment;
        address maker;
        bytes32[] makerProof;
        bytes makerSignature;
        bytes32 permitR;
        bytes32 permitS;
    }

    /// @notice What the chain keeps of a device; the rest is in the logs.
    struct Device {
        uint64 h3;
        uint32 kind;
        uint32 permitNonce;
        uint8 keyType;
        uint8 trust;
        uint8 status;
    }

    struct Maker {
        bytes32 allowListRoot;
        bool active;
        bool hardwareHeld;
    }

    struct DeviceRecord {
        uint8 keyType;
        bytes32 x;
        bytes32 y;
        uint32 kind;
        uint64 h3;
        bytes32 locationCommitment;
        address maker;
        uint8 trust;
    }

    event RegistryConfigured(bytes32 networkId, uint256 onboardingFee, uint256 locationFee);
    event DeviceRegistered(bytes32 indexed deviceId, address indexed owner, DeviceRecord record);
    event LocationAsserted(bytes32 indexed deviceId, uint64 h3, bytes32 locationCommitment);
    event PayoutSet(bytes32 indexed deviceId, address payout);
    event StatusSet(bytes32 indexed deviceId, uint8 status, uint32 reason);
    event MakerSet(address indexed maker, bytes32 allowListRoot, bool active, bool hardwareHeld);

    error InvalidPermit(bytes32 deviceId);
    error InvalidCell(uint64 h3);
    error MakerInactive(address maker);
    error MakerRefused(bytes32 deviceId, address maker);
    error AlreadyRegistered(bytes32 deviceId);
    error NotDeviceOwner(bytes32 deviceId, address caller);

    /// @notice Registers a device; the caller pays `onboardingFee` credits from his wallet.
    function register(Registration calldata registration) external returns (bytes32 deviceId);

    /// @notice Registers many. Devices already registered are passed over and not charged, so that nobody can spoil a
    /// batch by registering one of it first. A transaction of 2^24 gas (EIP-7825) holds about 230 P-256 devices where the
    /// chain has the precompile, 55 where it has not (snapshots/gas.json).
    function registerBatch(Registration[] calldata registrations) external returns (uint256 registered);

    /// @notice States a device's place; costs `locationFee` credits from the owner's wallet. Device owner only.
    function assertLocation(bytes32 deviceId, uint64 h3, bytes32 locationCommitment) external;

    /// @notice Where the device's rewards go; 0 means to the owner. Reset by every transfer. Device owner only.
    function setPayout(bytes32 deviceId, address payout) external;

    /// @notice 0 = active, others suspend; numbers and reasons are the rule pack's. Admin only.
    function setStatus(bytes32 deviceId, uint8 status, uint32 reason) external;

    /// @notice Adds or changes a maker. Approvals already given stay. Admin only.
    function setMaker(address maker, bytes32 allowListRoot, bool active, bool hardwareHeld) external;

    function device(bytes32 deviceId) external view returns (Device memory);

    function payoutOf(bytes32 deviceId) external view returns (address);

    /// @notice Nonce that the device's next permit must carry.
    function permitNonce(bytes32 deviceId) external view returns (uint256);

    /// @notice keccak256(abi.encode(chain id, this registry)).
    function networkId() external view returns (bytes32);

    /// @notice EIP-712 digest that the device signs.
    function hashPermit(address owner, uint256 nonce) external view returns (bytes32);

    /// @notice EIP-712 digest that the maker signs.
    function hashApproval(bytes32 deviceId) external view returns (bytes32);
}
