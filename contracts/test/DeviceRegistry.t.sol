// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {DeviceKey} from "../src/DeviceKey.sol";
import {DeviceRegistry} from "../src/DeviceRegistry.sol";
import {InvalidParameter} from "../src/Errors.sol";
import {ICredits} from "../src/interfaces/ICredits.sol";
import {IDeviceRegistry} from "../src/interfaces/IDeviceRegistry.sol";
import {Devices} from "./Devices.sol";
import {Network} from "./Network.sol";
import {Trees} from "./Trees.sol";
import {bound, vm} from "./Vm.sol";

contract DeviceRegistryTest is Network {
    uint256 private constant SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    uint256 private constant MAKER_KEY = 0x3A4E;
    address private maker;

    function setUp() public override {
        super.setUp();
        maker = vm.addr(MAKER_KEY);
        vm.startPrank(ALICE);
        token.approve(address(credits), type(uint256).max);
        credits.buy(ALICE, 1_000e18, 0);
        vm.stopPrank();
    }

    // ---- the device's own signature

    function test_register_p256_mintsToOwnerAndChargesCaller() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        uint256 wallet = credits.walletOf(ALICE);
        bytes32 id = _register(r);

        vm.assertEq(id, keccak256(abi.encodePacked(r.x, r.y)));
        vm.assertEq(registry.ownerOf(uint256(id)), BOB);
        vm.assertEq(credits.walletOf(ALICE), wallet - ONBOARDING_FEE);
        IDeviceRegistry.Device memory device = registry.device(id);
        vm.assertEq(device.keyType, 1);
        vm.assertEq(device.trust, 2);
        vm.assertEq(device.kind, 7);
        vm.assertEq(device.h3, Devices.CELL);
        vm.assertEq(device.status, 0);
        vm.assertEq(registry.permitNonce(id), 1);
    }

    function test_register_event_saysEverything() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        vm.prank(ALICE);
        vm.expectEmit(address(registry));
        emit IDeviceRegistry.DeviceRegistered(
            Devices.id(r),
            BOB,
            IDeviceRegistry.DeviceRecord(1, r.x, r.y, 7, Devices.CELL, r.locationCommitment, address(0), 2)
        );
        registry.register(r);
    }

    function testFuzz_register_anyP256Key_verifiesByPrecompile(uint256 key) public {
        key = bound(key, 1, P256.N - 1);
        vm.assertTrue(Devices.hasPrecompile());
        _register(Devices.p256(registry, key, BOB));
    }

    function testFuzz_register_anySecp256k1Key_verifies(uint256 key) public {
        key = bound(key, 1, SECP256K1_ORDER - 1);
        bytes32 id = _register(Devices.secp256k1(registry, key, BOB));
        vm.assertEq(address(uint160(uint256(id))), vm.addr(key));
        vm.assertEq(registry.device(id).keyType, 2);
    }

    function test_register_otherOwner_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.owner = STRANGER;
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, Devices.id(r)));
        r = Devices.secp256k1(registry, 5, BOB);
        r.owner = STRANGER;
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, Devices.id(r)));
    }

    function test_register_highS_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.permitS = bytes32(P256.N - uint256(r.permitS));
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, Devices.id(r)));
    }

    function test_register_highSSecp256k1_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.secp256k1(registry, 5, BOB);
        r.permitS = bytes32(SECP256K1_ORDER / 2 + 1);
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, Devices.id(r)));
    }

    function test_register_pointOffCurve_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.y = bytes32(uint256(r.y) ^ 1);
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, Devices.id(r)));
    }

    function test_register_otherNetworksPermit_reverts() public {
        bytes32 id = Devices.id(Devices.p256(registry, 5, BOB));
        address first = address(registry);
        deploy(19, 6); // another network with the same makers and owners
        vm.assertTrue(address(registry) != first);
        IDeviceRegistry.Registration memory r = Devices.p256(_at(first), 5, BOB);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.InvalidPermit.selector, id));
        registry.register(r);
    }

    function testFuzz_register_unknownKeyType_reverts(uint8 keyType) public {
        vm.assume(keyType != 1 && keyType != 2);
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.keyType = keyType;
        _refuse(r, abi.encodeWithSelector(DeviceKey.UnsupportedKeyType.selector, keyType));
    }

    function test_register_twice_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        bytes32 id = _register(r);
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.AlreadyRegistered.selector, id));
    }

    function test_register_withoutCredits_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(ICredits.InsufficientCredits.selector, BOB, 0, ONBOARDING_FEE));
        registry.register(r);
    }

    function test_register_frontRun_onlyPaysTheVictimsFee() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        uint256 wallet = credits.walletOf(ALICE);
        bytes32 id = _register(r); // ALICE is the front-runner
        vm.assertEq(registry.ownerOf(uint256(id)), BOB);
        vm.assertEq(credits.walletOf(ALICE), wallet - ONBOARDING_FEE);
        vm.assertEq(credits.walletOf(BOB), 0);
    }

    function test_register_ownerZero_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, address(0));
        _refuse(r, abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
    }

    function test_permit_digest_isTheDocumentedTypedData() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Turnpike"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("DevicePermit(bytes32 networkId,address owner,uint256 nonce)"),
                keccak256(abi.encode(block.chainid, address(registry))),
                BOB,
                3
            )
        );
        vm.assertEq(registry.hashPermit(BOB, 3), keccak256(abi.encodePacked(hex"1901", domain, permit)));
    }

    // ---- batch

    function test_registerBatch_fleet_chargesEach() public {
        uint256 wallet = credits.walletOf(ALICE);
        IDeviceRegistry.Registration[] memory fleet = _fleet(1, 10);
        vm.prank(ALICE);
        vm.assertEq(registry.registerBatch(fleet), 10);
        vm.assertEq(registry.balanceOf(BOB), 10);
        vm.assertEq(credits.walletOf(ALICE), wallet - 10 * ONBOARDING_FEE);
    }

    function test_registerBatch_frontRunMember_doesNotSpoilIt() public {
        IDeviceRegistry.Registration[] memory fleet = _fleet(1, 3);
        _register(fleet[1]);
        uint256 wallet = credits.walletOf(ALICE);
        vm.prank(ALICE);
        vm.assertEq(registry.registerBatch(fleet), 2);
        vm.assertEq(credits.walletOf(ALICE), wallet - 2 * ONBOARDING_FEE);
    }

    function test_registerBatch_sameDeviceTwice_registersOnce() public {
        IDeviceRegistry.Registration[] memory fleet = _fleet(1, 2);
        fleet[1] = fleet[0];
        vm.prank(ALICE);
        vm.assertEq(registry.registerBatch(fleet), 1);
    }

    function test_registerBatch_oneForged_revertsAll() public {
        IDeviceRegistry.Registration[] memory fleet = _fleet(1, 3);
        fleet[2].owner = ALICE;
        vm.prank(ALICE);
        vm.expectPartialRevert(IDeviceRegistry.InvalidPermit.selector);
        registry.registerBatch(fleet);
    }

    // ---- makers

    function test_register_allowListed_isTrustThree() public {
        IDeviceRegistry.Registration[] memory fleet = _fleet(1, 5);
        bytes32[] memory hashes = new bytes32[](5);
        for (uint256 i; i < 5; ++i) {
            hashes[i] = keccak256(bytes.concat(keccak256(abi.encode(Devices.id(fleet[i])))));
        }
        _setMaker(Trees.root(hashes), true, true);
        for (uint256 i; i < 5; ++i) {
            fleet[i].maker = maker;
            fleet[i].makerProof = Trees.proof(hashes, i);
            vm.assertEq(registry.device(_register(fleet[i])).trust, 3);
        }
    }

    function test_register_makerSigned_trustFollowsHardware() public {
        _setMaker(0, true, true);
        vm.assertEq(registry.device(_register(_approved(1))).trust, 3);
        _setMaker(0, true, false);
        vm.assertEq(registry.device(_register(_approved(2))).trust, 2);
    }

    function test_register_notOnList_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 1, BOB);
        _setMaker(keccak256("list"), true, true);
        r.maker = maker;
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.MakerRefused.selector, Devices.id(r), maker));
    }

    function test_register_emptyListAndNoSignature_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 1, BOB);
        _setMaker(0, true, true);
        r.maker = maker;
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.MakerRefused.selector, Devices.id(r), maker));
    }

    function test_register_approvalOfOtherDevice_reverts() public {
        _setMaker(0, true, true);
        IDeviceRegistry.Registration memory r = _approved(1);
        r.makerSignature = _approved(2).makerSignature;
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.MakerRefused.selector, Devices.id(r), maker));
    }

    function test_register_malformedApproval_reverts() public {
        _setMaker(0, true, true);
        IDeviceRegistry.Registration memory r = _approved(1);
        r.makerSignature = hex"00";
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.MakerRefused.selector, Devices.id(r), maker));
    }

    function test_register_inactiveMaker_reverts() public {
        _setMaker(0, false, true);
        _refuse(_approved(1), abi.encodeWithSelector(IDeviceRegistry.MakerInactive.selector, maker));
    }

    function test_setMaker_zero_reverts() public {
        vm.prank(ADMIN);
        vm.expectRevert(abi.encodeWithSelector(InvalidParameter.selector, bytes32("maker")));
        registry.setMaker(address(0), 0, true, true);
    }

    function testFuzz_admin_byOthers_reverts(address caller) public {
        vm.assume(caller != ADMIN);
        bytes32 id = _register(Devices.p256(registry, 5, BOB));
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(reason);
        registry.setMaker(maker, 0, true, true);
        vm.expectRevert(reason);
        registry.setStatus(id, 1, 1);
    }

    // ---- place, payout, status

    function test_assertLocation_owner_paysAndMoves() public {
        bytes32 id = _register(Devices.p256(registry, 5, ALICE));
        uint256 wallet = credits.walletOf(ALICE);
        vm.prank(ALICE);
        vm.expectEmit(address(registry));
        emit IDeviceRegistry.LocationAsserted(id, 0x8001fffffffffff, "new");
        registry.assertLocation(id, 0x8001fffffffffff, "new");
        vm.assertEq(registry.device(id).h3, 0x8001fffffffffff);
        vm.assertEq(credits.walletOf(ALICE), wallet - LOCATION_FEE);
    }

    function test_assertLocation_finerThanEight_reverts() public {
        bytes32 id = _register(Devices.p256(registry, 5, ALICE));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.InvalidCell.selector, 0x891f1d48177ffff));
        registry.assertLocation(id, 0x891f1d48177ffff, 0);
    }

    function test_assertLocation_byOthers_reverts() public {
        bytes32 id = _register(Devices.p256(registry, 5, BOB));
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.NotDeviceOwner.selector, id, ALICE));
        registry.assertLocation(id, 0, 0);
    }

    function test_register_noPlace_isAllowed() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        (r.h3, r.locationCommitment) = (0, 0);
        _register(r);
    }

    function test_register_badCell_reverts() public {
        IDeviceRegistry.Registration memory r = Devices.p256(registry, 5, BOB);
        r.h3 = 1;
        _refuse(r, abi.encodeWithSelector(IDeviceRegistry.InvalidCell.selector, 1));
    }

    function test_setPayout_thenTransfer_isReset() public {
        bytes32 id = _register(Devices.p256(registry, 5, BOB));
        vm.prank(BOB);
        registry.setPayout(id, CAROL);
        vm.assertEq(registry.payoutOf(id), CAROL);

        vm.prank(BOB);
        vm.expectEmit(address(registry));
        emit IDeviceRegistry.PayoutSet(id, address(0));
        registry.transferFrom(BOB, ALICE, uint256(id));
        vm.assertEq(registry.payoutOf(id), address(0));
        vm.assertEq(registry.ownerOf(uint256(id)), ALICE);
    }

    function test_setPayout_byApprovedOperator_reverts() public {
        bytes32 id = _register(Devices.p256(registry, 5, BOB));
        vm.prank(BOB);
        registry.setApprovalForAll(STRANGER, true);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.NotDeviceOwner.selector, id, STRANGER));
        registry.setPayout(id, STRANGER);
    }

    function test_setStatus_suspended_keepsTokenAndSaysReason() public {
        bytes32 id = _register(Devices.p256(registry, 5, BOB));
        vm.prank(ADMIN);
        vm.expectEmit(address(registry));
        emit IDeviceRegistry.StatusSet(id, 1, 42);
        registry.setStatus(id, 1, 42);
        vm.assertEq(registry.device(id).status, 1);
        vm.assertEq(registry.ownerOf(uint256(id)), BOB);
    }

    function test_setStatus_unknownDevice_reverts() public {
        vm.prank(ADMIN);
        vm.expectPartialRevert(IERC721Errors.ERC721NonexistentToken.selector);
        registry.setStatus("nothing", 1, 1);
    }

    function test_networkId_isChainAndRegistry() public view {
        vm.assertEq(registry.networkId(), keccak256(abi.encode(block.chainid, address(registry))));
        vm.assertEq(settlement.networkId(), registry.networkId());
    }

    // ---- helpers

    function _register(IDeviceRegistry.Registration memory r) private returns (bytes32) {
        vm.prank(ALICE);
        return registry.register(r);
    }

    function _refuse(IDeviceRegistry.Registration memory r, bytes memory reason) private {
        vm.prank(ALICE);
        vm.expectRevert(reason);
        registry.register(r);
    }

    function _fleet(uint256 first, uint256 count) private view returns (IDeviceRegistry.Registration[] memory list) {
        list = new IDeviceRegistry.Registration[](count);
        for (uint256 i; i < count; ++i) {
            list[i] = Devices.p256(registry, first + i, BOB);
        }
    }

    function _approved(uint256 key) private view returns (IDeviceRegistry.Registration memory r) {
        r = Devices.p256(registry, key, BOB);
        r.maker = maker;
        (uint8 v, bytes32 rr, bytes32 s) = vm.sign(MAKER_KEY, registry.hashApproval(Devices.id(r)));
        r.makerSignature = abi.encodePacked(rr, s, v);
    }

    function _setMaker(bytes32 root, bool active, bool hardware) private {
        vm.prank(ADMIN);
        registry.setMaker(maker, root, active, hardware);
    }

    function _at(address where) private pure returns (DeviceRegistry) {
        return DeviceRegistry(where);
    }
}
