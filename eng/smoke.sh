#!/usr/bin/env bash
# Publishes the smoke app self-contained, refuses any trim or AOT warning, and runs it.
# Usage: eng/smoke.sh trimmed|aot [folder]
set -euo pipefail
cd "$(dirname "$0")/.."
form=${1:-trimmed}
output=${2:-artifacts/smoke}
rid=$(dotnet --info | awk '/^ *RID:/ { print $2; exit }')
case $form in
  trimmed) options=() ;;
  aot) options=(-p:PublishAot=true) ;;
  *) echo "Expected trimmed or aot; found '$form'." >&2; exit 2 ;;
esac

if [ "$form" = aot ] && ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
  echo "There is no linker on this machine: install clang or gcc. Skipped."
  exit 0
fi

dotnet publish tests/Streamline.Smoke -c Release -r "$rid" --self-contained "${options[@]}" -o "$output" >"$output.log" 2>&1 || { grep -E "(warning|error) [A-Z]+[0-9]+" "$output.log" | sort -u || tail -20 "$output.log"; exit 1; }
grep -E '(warning|error) [A-Z]+[0-9]+' "$output.log" && exit 1
"$output/Streamline.Smoke"
echo "$form: $(du -sh "$output" | cut -f1)"
