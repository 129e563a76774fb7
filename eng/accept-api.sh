#!/usr/bin/env bash
# Accepts the public API as it is: writes it into PublicAPI.Unshipped.txt of each library. Commit the files; their diff is what changes for users.
# Usage: eng/accept-api.sh [Core|Tools|Testing]...
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
[ $# -gt 0 ] || set -- Core Tools Testing
for library in "$@"; do
  project=src/Streamline.$library
  dotnet build "$project" -p:RunAnalyzers=false -v quiet # what it depends on
  echo '#nullable enable' >"$project/PublicAPI.Unshipped.txt"
  dotnet build "$project" --no-dependencies --no-incremental -p:TreatWarningsAsErrors=false -p:ErrorLog="$log%2cversion=2.1" -v quiet -clp:ErrorsOnly
  grep -o '"APIName": ".*"' "$log" | sed -e 's/^"APIName": "//' -e 's/"$//' -e 's/\\"/"/g' | LC_ALL=C sort -u >>"$project/PublicAPI.Unshipped.txt"
  echo "$project: $(($(wc -l <"$project/PublicAPI.Unshipped.txt") - 1)) lines"
done
