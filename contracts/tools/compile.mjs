// Compiles src/ with the pinned solc and the settings of foundry.toml's default profile, as `forge` resolves them.
// Always the same set of files in the same order, because the optimizer's output may depend on it.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The platform's own program of an npm package such as @foundry-rs/forge; its Node shim costs half a second a call. */
export function binary(name) {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  const platform = process.platform === 'win32' ? 'win32' : process.platform;
  const file = platform === 'win32' ? `${name}.exe` : name;
  return join(root, 'node_modules', '@foundry-rs', `${name}-${platform}-${arch}`, 'bin', file);
}

function settings() {
  const env = { ...process.env, FOUNDRY_PROFILE: 'default' };
  const config = JSON.parse(execFileSync(binary('forge'), ['config', '--json', '--root', root], { encoding: 'utf8', env }));
  return {
    remappings: config.remappings,
    optimizer: { enabled: config.optimizer, runs: config.optimizer_runs },
    viaIR: config.via_ir,
    evmVersion: config.evm_version,
    metadata: { bytecodeHash: config.bytecode_hash, appendCBOR: config.cbor_metadata },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
  };
}

function sources(dir) {
  return readdirSync(join(root, dir), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? sources(join(dir, entry.name)) : [join(dir, entry.name)]))
    .filter((path) => path.endsWith('.sol'))
    .map((path) => relative(root, join(root, path)).replaceAll('\\', '/'))
    .sort();
}

/** Returns { contractName: { contractName, abi, bytecode, deployedBytes } } for every contract in src/. */
export function compile() {
  const solc = require('solc');
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources('src').map((path) => [path, { content: readFileSync(join(root, path), 'utf8') }])),
    settings: settings(),
  };
  const read = (path) => ({ contents: readFileSync(join(root, path), 'utf8') });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  const errors = (output.errors ?? []).filter((error) => error.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));

  const contracts = {};
  for (const [path, units] of Object.entries(output.contracts)) {
    if (!path.startsWith('src/')) continue;
    for (const [contractName, unit] of Object.entries(units)) {
      contracts[contractName] = {
        contractName,
        abi: unit.abi,
        bytecode: `0x${unit.evm.bytecode.object}`,
        deployedBytes: unit.evm.deployedBytecode.object.length / 2,
      };
    }
  }
  return contracts;
}
