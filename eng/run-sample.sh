#!/usr/bin/env bash
# Runs the chat sample as the README says, with no key and no network, and looks at what it prints.
set -euo pipefail
cd "$(dirname "$0")/.."

output=$(env -u ANTHROPIC_API_KEY -u OPENAI_API_KEY -u OPENAI_BASE_URL dotnet run --project samples/Chat -- "What should I wear in Paris today?" </dev/null)
printf '%s\n' "$output"
grep -q 'time to first token' <<<"$output"
