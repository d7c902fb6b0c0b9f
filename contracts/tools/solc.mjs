#!/usr/bin/env node
// forge wants a solc executable; the pinned compiler is the JavaScript build from npm.
// This answers the two calls forge makes: `--version` and `--standard-json` on stdin.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');

if (process.argv.includes('--version')) {
  // forge parses the line that begins with "Version:".
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
} else {
  process.stderr.write(`solc.mjs: only --version and --standard-json are answered, got: ${process.argv.slice(2).join(' ')}\n`);
  process.exit(1);
}
