#!/usr/bin/env node
// Runs a network for four epochs on anvil with an independent client (its own ABI, EIP-712, Merkle tree and curves) and
// writes what the receipts say, base cost and calldata included, to snapshots/gas.json.
// With --check it writes nothing and fails when a receipt is over its bar or 1 % over the committed snapshot.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compile.mjs';
import { Contract, abiEncode, contractAddress, device, digest, keccak, oracle, text, withChain, word } from './chain.mjs';

const { SimpleMerkleTree, StandardMerkleTree } = createRequire(import.meta.url)('@openzeppelin/merkle-tree');

const BARS = { settle: 185_000, claimFirst: 108_000, claimRepeat: 73_000 };
const TOLERANCE = 1.01;
const CHAIN = 31337n;
const START = 1_800_000_000;
const [LENGTH, GRACE, DELAY] = [86_400, 3_600, 21_600];
const [ORACLES, F] = [19, 6];
const LEAVES = 100_000;
const TX_GAS_LIMIT = 16_777_216; // EIP-7825
const UNIT = 10n ** 18n;
const ZERO = word(0);
const LEAF = ['uint256', 'address', 'uint256', 'uint256'];

const REPORT = 'EpochReport(bytes32 networkId,bytes32 configDigest,uint64 epoch,uint32 attempt,bytes32 previousReportHash,'
  + 'bytes32 inputsHash,bytes32 evidenceRoot,bytes32 rulesHash,bytes32 outcomeHash,bytes32 rewardsRoot,'
  + 'uint128 cumulativeRewards,uint128 mint,bytes32 chargesRoot,uint128 cumulativeCharges)';
const REPORT_TYPES = ['bytes32', 'bytes32', 'uint64', 'uint32', 'bytes32', 'bytes32', 'bytes32', 'bytes32', 'bytes32',
  'bytes32', 'uint128', 'uint128', 'bytes32', 'uint128'];

const oracles = Array.from({ length: ORACLES }, (_, index) => oracle(index));
const addresses = oracles.map(({ address }) => address);
const signAll = (hash, count) => oracles.slice(0, count).map((signer) => signer.sign(hash));

const gas = {};
await withChain('osaka', START - 3_600, async (chain) => {
  const network = await deploy(chain);
  await fund(network);
  await epochs(network, gas);
  await draws(network, gas);
  gas.registerPerDeviceP256Precompile = await registrations(network, gas, 'Precompile');
});
await withChain('prague', START - 3_600, async (chain) => {
  const network = await deploy(chain);
  await fund(network);
  gas.registerPerDeviceP256Solidity = await registrations(network, gas, 'Solidity');
});
finish();

async function deploy(chain) {
  const [admin, gateway, customer] = await chain.rpc('eth_accounts');
  const nonce = await chain.nonce(admin);
  const names = ['NetworkToken', 'Emissions', 'PriceFeed', 'Credits', 'DeviceRegistry', 'RewardDistributor', 'EpochSettlement'];
  const [token, emissions, feed, credits, registry, distributor, settlement] = names.map(
    (name, index) => new Contract(chain, name, contractAddress(admin, nonce + index)),
  );
  await token.deploy(admin, 'Toll', 'TOLL', emissions.address, [customer], [10n ** 9n * UNIT]);
  await emissions.deploy(admin, token.address, settlement.address, credits.address, [1n, 730n], [10n ** 6n * UNIT, 5n * 10n ** 5n * UNIT],
    10n ** 4n * UNIT, 7n);
  await feed.deploy(admin, settlement.address, 10n ** 8n, 1_000n, 3_600n, 600n, 60n);
  await credits.deploy(admin, token.address, feed.address, registry.address, settlement.address, BigInt(START), BigInt(LENGTH), 86_400n, 500n);
  await registry.deploy(admin, 'Devices', 'DEV', credits.address, 500_000n, 100_000n, admin);
  await distributor.deploy(admin, token.address, settlement.address, 86_400n, 5n, 86_400n, admin, admin);
  await settlement.deploy(admin, [registry.address, emissions.address, distributor.address, credits.address, BigInt(START),
    BigInt(LENGTH), BigInt(GRACE), BigInt(DELAY), 259_200n, admin, admin, BigInt(F), addresses, addresses.map(() => 'https://oracle.example'),
    text('rules'), [gateway], ['https://gateway.example'], 3n, 30n]);
  return { chain, admin, gateway, customer, token, emissions, feed, credits, registry, distributor, settlement };
}

/** A round of 13 observations; returns its gas. */
async function submitPrice({ chain, customer, feed, settlement }) {
  const config = await settlement.call('configDigestAt', 0n);
  const round = BigInt((await feed.call('latest')).slice(0, 66)) + 1n;
  const count = 2 * F + 1;
  await chain.warp((await chain.now()) + 120);
  const time = BigInt(await chain.now());
  const seen = addresses.slice(0, count).map((_, index) => [time, 10n ** 8n + BigInt((index * 7) % count)]);
  const signatures = seen.map(([at, price], index) => oracles[index].sign(digest(CHAIN, feed.address,
    'Observation(bytes32 configDigest,uint64 round,uint64 timestamp,uint128 price)',
    ['bytes32', 'uint64', 'uint64', 'uint128'], [config, round, at, price])));
  return feed.send(customer, 'submit', config, round, BigInt(2 ** count - 1), seen, signatures);
}

async function fund({ customer, token, credits }) {
  await token.send(customer, 'approve', credits.address, 2n ** 256n - 1n);
  await credits.send(customer, 'buy', customer, 10n ** 4n * UNIT, 1n);
  await credits.send(customer, 'buyAndDeposit', customer, 10n ** 4n * UNIT, 1n);
}

/** Each epoch: price, two purchases, evidence, report, activation, and from the third on a claim. */
async function epochs(network, out) {
  const { chain, gateway, customer, credits, distributor, settlement, registry } = network;
  // A fresh owner: no tokens, nothing claimed, nobody's delegate.
  const owner = `0x${'0a'.repeat(20)}`;
  const config = await settlement.call('configDigestAt', 1n);
  const networkId = keccak(abiEncode(['uint256', 'address'], [CHAIN, registry.address]));
  await chain.warp(START);
  let previous = ZERO;
  for (let epoch = 1n; epoch <= 4n; epoch += 1n) {
    const end = START + Number(epoch) * LENGTH;
    const tree = rewards(owner, epoch);
    network.charges = StandardMerkleTree.of([[0n, customer, epoch * 1_000n, 0n], [1n, owner, 0n, epoch * 1_000n]], LEAF);
    out.priceSubmit13of19 = await submitPrice(network);
    await credits.send(customer, 'buy', customer, 10n ** 3n * UNIT, 1n);
    out.creditsBuy = await credits.send(customer, 'buy', customer, 10n ** 3n * UNIT, 1n);

    await chain.warp(end);
    const manifest = text(`manifest ${epoch}`);
    const certificate = digest(CHAIN, settlement.address,
      'Availability(bytes32 configDigest,uint64 epoch,address gateway,bytes32 manifestHash,uint64 byteCount)',
      ['bytes32', 'uint64', 'address', 'bytes32', 'uint64'], [config, epoch, gateway, manifest, 10n ** 9n]);
    out.commitEvidence7of19 = await settlement.send(gateway, 'commitEvidence', epoch, manifest, 10n ** 9n, 127n, signAll(certificate, F + 1));

    await chain.warp(end + GRACE);
    const report = [networkId, config, epoch, 0n, previous, text(`inputs ${epoch}`), await settlement.call('evidenceRoot', epoch),
      text('rules'), text(`outcome ${epoch}`), tree.root, tree.total, tree.total - rewardTotal(epoch - 1n), network.charges.root, epoch * 1_000n];
    previous = digest(CHAIN, settlement.address, REPORT, REPORT_TYPES, report);
    out.settle7of19 = await settlement.send(customer, 'settle', report, 127n, signAll(previous, F + 1));
    await chain.warp((await chain.now()) + DELAY);
    out.activate = await settlement.send(customer, 'activate', report);

    const claim = [...tree.leaf, 2n ** 256n - 1n, tree.proof];
    if (epoch === 3n) out.claimFirst = await distributor.send(customer, 'claim', ...claim);
    if (epoch === 4n) out.claimRepeat = await distributor.send(customer, 'claim', ...claim);
  }
}

/** 100,000 owners, one of them `owner`, at a place where the proof is as long as any. Amounts grow with the epoch. */
function rewards(owner, epoch) {
  const longest = Math.ceil(Math.log2(LEAVES));
  for (let place = LEAVES / 2; ; place += 1) {
    const tree = rewardTree(owner, place, epoch);
    if (tree.proof.length === longest) return tree;
  }
}

function rewardTree(owner, place, epoch) {
  const each = (index) => epoch * (10n ** 18n + BigInt(index) * 10n ** 12n);
  const hashes = [];
  let sum = 0n;
  let leaf;
  for (let index = 0; index < LEAVES; index += 1) {
    const account = index === place ? owner : `0x${(index + 1).toString(16).padStart(8, '0').repeat(5)}`;
    const values = [BigInt(index), account, each(index), sum];
    const encoded = word(values[0]) + account.slice(2).padStart(64, '0') + word(values[2]).slice(2) + word(values[3]).slice(2);
    hashes.push(keccak(keccak(encoded)));
    if (index === place) leaf = values;
    sum += each(index);
  }
  // The peer's own leaf hash must be ours.
  if (StandardMerkleTree.of([leaf], LEAF).leafHash(leaf) !== hashes[place]) throw new Error('leaf encoding differs from the standard tree');
  const tree = SimpleMerkleTree.of(hashes);
  return { root: tree.root, proof: tree.getProof(hashes[place]), leaf, total: sum };
}

function rewardTotal(epoch) {
  const count = BigInt(LEAVES);
  return epoch * (count * 10n ** 18n + ((count * (count - 1n)) / 2n) * 10n ** 12n);
}

async function draws({ customer, credits, charges }, out) {
  const leaf = charges.values.find(({ value }) => value[1] === customer).value;
  out.creditsDrawOne = await credits.send(customer, 'draw', [leaf], [charges.getProof(leaf)]);
}

/** Gas per device of registerBatch, and a batch of as many as fit one transaction, sent. */
async function registrations({ admin, customer, registry }, out, path) {
  const networkId = await registry.call('networkId');
  let next = 0;
  const batch = (count) => Array.from({ length: count }, () => {
    const key = device((next += 1));
    const permit = digest(CHAIN, registry.address, 'DevicePermit(bytes32 networkId,address owner,uint256 nonce)',
      ['bytes32', 'address', 'uint256'], [networkId, admin, 0n]);
    const [r, s] = key.sign(permit);
    return [1n, key.x, key.y, admin, 7n, 0x881f1d4895fffffn, text('place'), `0x${'00'.repeat(20)}`, [], '0x', r, s];
  });
  await registry.send(customer, 'registerBatch', batch(1));
  const five = await registry.send(customer, 'registerBatch', batch(5));
  const fifteen = await registry.send(customer, 'registerBatch', batch(15));
  const perDevice = Math.ceil((fifteen - five) / 10);
  // Memory is not freed between devices and its price is quadratic: 2 % of room.
  const fits = Math.floor((TX_GAS_LIMIT - (five - 5 * perDevice)) / (perDevice * 1.02));
  const data = registry.data('registerBatch', batch(fits));
  out[`registerBatch${path}`] = { devices: fits, gas: await registry.chain.send(customer, registry.address, data, TX_GAS_LIMIT) };
  return perDevice;
}

function finish() {
  const file = join(root, 'snapshots', 'gas.json');
  const measured = `${JSON.stringify(gas, Object.keys(gas).sort().concat('devices', 'gas'), 2)}\n`;
  process.stdout.write(measured);
  const over = Object.entries({ settle: 'settle7of19', claimFirst: 'claimFirst', claimRepeat: 'claimRepeat' })
    .filter(([bar, name]) => gas[name] > BARS[bar])
    .map(([bar, name]) => `${name}: ${gas[name]} gas is over the bar of ${BARS[bar]}`);
  if (process.argv.includes('--check')) {
    const committed = JSON.parse(readFileSync(file, 'utf8'));
    for (const [name, value] of Object.entries(gas)) {
      if (typeof value === 'number' && !(value <= committed[name] * TOLERANCE)) over.push(`${name}: ${value} gas, snapshot ${committed[name]}`);
    }
  } else {
    writeFileSync(file, measured);
  }
  over.forEach((line) => console.error(line));
  process.exit(over.length === 0 ? 0 : 1);
}
