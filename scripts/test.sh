#!/bin/sh
# All checks, then all tests. The last line is `N passed, N failed`, and what this machine cannot try; a check that
# fails counts as one.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
failed_checks=0

check() {
  name="$1"
  shift
  if output="$("$@" 2>&1)"; then
    printf 'ok    %s\n' "$name"
  else
    printf 'FAIL  %s\n%s\n' "$name" "$output"
    failed_checks=$((failed_checks + 1))
  fi
}

check "types (tsc)" tsc --noEmit
check "types of the pages (tsc)" tsc -p apps/player
check "lint (oxlint)" oxlint --deny-warnings
check "format (oxfmt)" oxfmt --check .
check "docs are generated" node scripts/generate-docs.ts --check

report="$(mktemp)"
trap 'rm -f "$report"' EXIT
vitest run --reporter=default --reporter=./scripts/failure-reporter.ts --reporter=json --outputFile.json="$report" "$@"
node scripts/count-tests.ts "$report" "$failed_checks"
