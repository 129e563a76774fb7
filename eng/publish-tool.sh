#!/usr/bin/env bash
# Publishes the command-line tool as native code for this machine, refuses any trim or AOT warning, and runs it.
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-artifacts/streamline}
mkdir -p "$(dirname "$output")"
rid=$(dotnet --info | awk '/^ *RID:/ { print $2; exit }')

if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
  echo "There is no linker on this machine: install clang or gcc. Skipped."
  exit 0
fi

dotnet publish src/Streamline.Cli -c Release -r "$rid" -p:PublishAot=true -o "$output" >"$output.log" 2>&1 || { grep -E "(warning|error) [A-Z]+[0-9]+" "$output.log" | sort -u || tail -20 "$output.log"; exit 1; }
grep -E "(warning|error) [A-Z]+[0-9]+" "$output.log" && exit 1
answer=$("$output/streamline" ask --provider demo --highlight --color always "Hello" </dev/null)
grep -q 'Greeter.cs' <<<"$answer"
[ "$(printf '[1, 2' | "$output/streamline" repair)" = '[1, 2]' ]
