#!/usr/bin/env bash
# Publishes the smoke app trimmed and self-contained, refuses any trim or AOT warning, and runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-artifacts/smoke}
rid=$(dotnet --info | awk '/^ *RID:/ { print $2; exit }')

dotnet publish tests/Streamline.Smoke -c Release -r "$rid" --self-contained -o "$output" | tee "$output.log" | grep -E '(warning|error) [A-Z]+[0-9]+' && exit 1
"$output/Streamline.Smoke"
