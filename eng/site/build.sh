#!/usr/bin/env bash
# Builds the documentation site with the API reference into artifacts/site. A broken link or reference is an error.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet tool restore
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet docfx eng/site/docfx.json "$@" 2>&1 | tee "$log"

# docfx reports parameters that are documented beside <inheritdoc/>. The latter win, as intended.
if grep -E 'warning|error' "$log" | grep -vE 'Duplicate parameter|[0-9]+ (warning|error)\(s\)|Build succeeded'; then
  exit 1
fi
