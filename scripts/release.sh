#!/bin/sh
# What goes before a release: no known weakness in the dependencies, and a list of all that is in it.
# `npm run release [-- folder]`; needs the network.
set -eu
cd "$(dirname "$0")/.."
folder="${1:-release}"
mkdir -p "$folder"

npm audit --omit=dev --audit-level=low
npm audit signatures
npm sbom --omit=dev --sbom-format cyclonedx --sbom-type application >"$folder/upreel.cdx.json"
printf 'release: bill of materials in %s/upreel.cdx.json\n' "$folder"

node scripts/pin-images.ts --check ||
  { echo "release: images are not pinned: npm run pin-images" >&2; exit 1; }
