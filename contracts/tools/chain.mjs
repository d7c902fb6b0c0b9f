// A local chain and the little that is needed to talk to it: start anvil, deploy, send, sign.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { p256 } from '@noble/curves/p256';
import { secp256k1 } from '@noble/curves/secp256k1';
import { keccak_256 } from '@noble/hashes/sha3';
import { binary, root } from './compile.mjs';

const { encode } = createRequire(import.meta.url)('@metamask/abi-utils');

export const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
export const bytes = (text) => Buffer.from(text.replace(/^0x/, ''), 'hex');
export const keccak = (data) => hex(keccak_256(typeof data === 'string' ? bytes(data) : data));
export const text = (value) => keccak(Buffer.from(value, 'utf8'));
export const abiEncode = (types, values) => hex(encode(types, values));
export const word = (value) => `0x${BigInt(value).toString(16).padStart(64, '0')}`;

/** Starts anvil on a free port, runs `use(chain)`, stops anvil by the process it started. */
export async function withChain(hardfork, timestamp, use) {
  const anvil = spawn(binary('anvil'), [
    '--port', '0', '--hardfork', hardfork, '--timestamp', String(timestamp), '--auto-impersonate',
    '--gas-limit', '60000000', '--base-fee', '0', '--gas-price', '0', ...(hardfork === 'osaka' ? ['--enable-tx-gas-limit'] : []),
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    return await use(new Chain(await listening(anvil)));
  } finally {
    anvil.kill();
  }
}

function listening(anvil) {
  return new Promise((resolve, reject) => {
    let output = '';
    anvil.on('error', reject);
    anvil.on('exit', (code) => reject(new Error(`anvil ended with ${code} before it listened:\n${output}`)));
    anvil.stdout.on('data', (chunk) => {
      output += chunk;
      const match = /Listening on ([\d.]+:\d+)/.exec(output);
      if (match) resolve(`http://${match[1]}`);
    });
  });
}

class Chain {
  #id = 0;

  constructor(url) {
    this.url = url;
  }

  async rpc(method, ...params) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: (this.#id += 1), method, params });
    const response = await fetch(this.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message} ${error.data ?? ''}`);
    return result;
  }

  /** Sends a transaction and returns its receipt's gasUsed. */
  async send(from, to, data, gas = 16_000_000) {
    const hash = await this.rpc('eth_sendTransaction', { from, to, data, gas: `0x${gas.toString(16)}` });
    const receipt = await this.#receipt(hash);
    if (receipt.status !== '0x1') {
      await this.rpc('eth_call', { from, to, data }, 'latest'); // throws with the reason
      throw new Error('transaction failed');
    }
    return Number(receipt.gasUsed);
  }

  /** anvil mines at once, but answers before the block is stored. */
  async #receipt(hash) {
    for (let tries = 0; tries < 500; tries += 1) {
      const receipt = await this.rpc('eth_getTransactionReceipt', hash);
      if (receipt) return receipt;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`no receipt for ${hash}`);
  }

  async warp(timestamp) {
    await this.rpc('evm_setNextBlockTimestamp', Number(timestamp));
    await this.rpc('evm_mine');
  }

  async now() {
    return Number((await this.rpc('eth_getBlockByNumber', 'latest', false)).timestamp);
  }

  async nonce(account) {
    return Number(await this.rpc('eth_getTransactionCount', account, 'latest'));
  }
}

/** One of our contracts, by its committed ABI file. */
export class Contract {
  constructor(chain, name, address) {
    Object.assign(this, { chain, name, address });
    this.artifact = JSON.parse(readFileSync(join(root, 'abi', `${name}.json`), 'utf8'));
  }

  async deploy(from, ...values) {
    const inputs = this.artifact.abi.find((item) => item.type === 'constructor').inputs;
    const data = this.artifact.bytecode + abiEncode(inputs.map(canonical), values).slice(2);
    const expected = contractAddress(from, await this.chain.nonce(from));
    if (expected !== this.address) throw new Error(`${this.name} would be at ${expected}, not ${this.address}`);
    return this.chain.send(from, undefined, data);
  }

  data(name, ...values) {
    const item = this.artifact.abi.find((entry) => entry.type === 'function' && entry.name === name);
    const types = item.inputs.map(canonical);
    return keccak(Buffer.from(`${name}(${types.join(',')})`)).slice(0, 10) + abiEncode(types, values).slice(2);
  }

  send(from, name, ...values) {
    return this.chain.send(from, this.address, this.data(name, ...values));
  }

  /** Raw return data of a view. */
  call(name, ...values) {
    return this.chain.rpc('eth_call', { to: this.address, data: this.data(name, ...values) }, 'latest');
  }
}

function canonical(input) {
  if (!input.type.startsWith('tuple')) return input.type;
  return `(${input.components.map(canonical).join(',')})${input.type.slice('tuple'.length)}`;
}

/** CREATE address: last 20 bytes of keccak(rlp([sender, nonce])), for nonces below 128. */
export function contractAddress(sender, nonce) {
  const body = Buffer.concat([Buffer.from([0x94]), bytes(sender), Buffer.from([nonce === 0 ? 0x80 : nonce])]);
  return `0x${keccak(Buffer.concat([Buffer.from([0xc0 + body.length]), body])).slice(-40)}`;
}

/** EIP-712 digest for a contract of ours; `types` and `values` are the struct's members after its type hash. */
export function digest(chainId, contract, typeString, types, values) {
  const domain = keccak(abiEncode(['bytes32', 'bytes32', 'bytes32', 'uint256', 'address'], [
    text('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
    text('Turnpike'), text('1'), chainId, contract,
  ]));
  const struct = keccak(abiEncode(['bytes32', ...types], [text(typeString), ...values]));
  return keccak(`0x1901${domain.slice(2)}${struct.slice(2)}`);
}

export function oracle(index) {
  const key = word(1_000 + index).slice(2);
  const address = `0x${keccak(secp256k1.getPublicKey(key, false).slice(1)).slice(-40)}`;
  return {
    address,
    sign(hash) {
      const { r, s, recovery } = secp256k1.sign(hash.slice(2), key);
      return [word(r), word(s | (BigInt(recovery) << 255n))];
    },
  };
}

export function device(index) {
  const key = word(5_000 + index).slice(2);
  const point = p256.getPublicKey(key, false).slice(1);
  return {
    x: hex(point.slice(0, 32)),
    y: hex(point.slice(32)),
    sign(hash) {
      const { r, s } = p256.sign(hash.slice(2), key, { lowS: true });
      return [word(r), word(s)];
    },
  };
}
