#!/usr/bin/env bash
# All tests of the contracts: formatting, committed ABI files, forge's tests, gas receipts against their bars.
# The last line is `N passed, N failed, N skipped`; the three checks around forge count as one test each.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # The platform packages hold the programs, so no install script is needed.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || { echo '0 passed, 1 failed, 0 skipped'; exit 1; }
fi
forge="$(node --input-type=module -e 'import("./tools/compile.mjs").then(({ binary }) => console.log(binary("forge")))')"

passed=0 failed=0 skipped=0
check() {
  local name="$1"
  shift
  if "$@"; then passed=$((passed + 1)); echo "[PASS] $name"; else failed=$((failed + 1)); echo "[FAIL] $name"; fi
}

check 'Solidity is formatted (forge fmt)' "$forge" fmt --check
check 'abi/*.json are what the compiler gives (tools/abi.mjs)' node tools/abi.mjs --check

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
"$forge" test 2>&1 | tee "$log"
if summary="$(grep -Eo '[0-9]+ tests passed, [0-9]+ failed, [0-9]+ skipped \([0-9]+ total tests\)' "$log" | tail -1)"; then
  read -r p f s < <(sed -E 's/^([0-9]+) tests passed, ([0-9]+) failed, ([0-9]+) skipped.*/\1 \2 \3/' <<<"$summary")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
else
  failed=$((failed + 1))
  echo '[FAIL] forge did not report its tests'
fi

check 'Gas receipts are within bars and snapshot (tools/gas.mjs)' node tools/gas.mjs --check

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
