#!/usr/bin/env node
// Writes abi/<Name>.json for every contract that is deployed. With --check it writes nothing and fails when a
// committed file is not what the compiler gives, so that C# never binds to an outdated contract.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, root } from './compile.mjs';

const DEPLOYED = [
  'NetworkToken', 'Emissions', 'PriceFeed', 'Credits', 'DeviceRegistry', 'ArchiveRegistry', 'EpochSettlement',
  'RewardDistributor',
];
const CODE_LIMIT = 24_576; // bytes, EIP-170

const check = process.argv.includes('--check');
const contracts = compile();
let failures = 0;
mkdirSync(join(root, 'abi'), { recursive: true });

for (const name of DEPLOYED) {
  const { contractName, abi, bytecode, deployedBytes } = contracts[name];
  const text = `${JSON.stringify({ contractName, abi, bytecode }, null, 2)}\n`;
  const file = join(root, 'abi', `${name}.json`);
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (deployedBytes > CODE_LIMIT) fail(`${name}: ${deployedBytes} bytes of code, more than ${CODE_LIMIT}`);
  if (check && !same) fail(`abi/${name}.json differs from the compiler's output: run tools/abi.mjs and commit`);
  if (!check && !same) writeFileSync(file, text);
  console.log(`${name}: ${deployedBytes} bytes${check || same ? '' : ', written'}`);
}
process.exit(failures === 0 ? 0 : 1);

function fail(message) {
  console.error(message);
  failures += 1;
}
