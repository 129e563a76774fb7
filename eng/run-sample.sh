#!/usr/bin/env bash
# Runs the samples with no key and no network, and looks at what they print.
set -euo pipefail
cd "$(dirname "$0")/.."

output=$(env -u ANTHROPIC_API_KEY -u OPENAI_API_KEY -u OPENAI_BASE_URL dotnet run --project samples/Chat -- "What should I wear in Paris today?" </dev/null)
printf '%s\n' "$output"
grep -q 'denied set_reminder: Nobody can be asked' <<<"$output"
grep -q '## What to wear in Paris' <<<"$output"
grep -q 'first content after .* overlap saved' <<<"$output"

output=$(env -u ANTHROPIC_API_KEY dotnet run --project samples/QuickStart </dev/null)
printf '%s\n' "$output"
grep -q 'get_weather: Rain and 8 °C in Paris' <<<"$output"
grep -q 'Take a raincoat.' <<<"$output"

output=$(dotnet run --project samples/PartialJson </dev/null)
printf '%s\n' "$output"
grep -q 'Pancakes | 25 min | 3 ingredients | Bake until golden.' <<<"$output"
grep -q '250 g of flour' <<<"$output"
grep -q "/items/0/name grew by 'our'" <<<"$output"

output=$(dotnet run --project samples/ManyStreams </dev/null)
printf '%s\n' "$output"
grep -q 'Lima: Lima hardly knows rain.' <<<"$output"
grep -q 'Nowhere: failed: .*There is no such city' <<<"$output"

output=$(env -u ANTHROPIC_API_KEY dotnet run --project samples/LogAnalysis </dev/null)
printf '%s\n' "$output"
grep -q 'batch 1, .* lines: 1 of them: order 16: the card was declined.' <<<"$output"
grep -q 'order 48: the card was declined.' <<<"$output"

output=$(dotnet run --project samples/Progressive </dev/null)
printf '%s\n' "$output"
grep -q '1. What to wear: looked up 8 °C in Paris' <<<"$output"
grep -q '3. What to see: refined: The Louvre.' <<<"$output"

output=$(dotnet run --project samples/Session </dev/null)
printf '%s\n' "$output"
grep -q '> A red one, please.   \[turn 1, round 2\]' <<<"$output"
grep -q '2, 4, You are welcome.' <<<"$output"

output=$(env -u ANTHROPIC_API_KEY -u OPENAI_API_KEY -u OPENAI_BASE_URL dotnet run --project samples/Gateway -- --check </dev/null)
printf '%s\n' "$output"
grep -q 'anthropic, streamed: You said: Is anybody there?' <<<"$output"
grep -q 'openai, whole: You said: Is anybody there?' <<<"$output"
grep -q 'All is well.' <<<"$output"

output=$(dotnet run --project samples/CodeGen </dev/null)
printf '%s\n' "$output"
grep -q 'refused: The validation found 1 error(s). The first: Greeter.cs(3,64): CS1002' <<<"$output"
grep -q 'committed Greeter.cs, settings.json' <<<"$output"

output=$(dotnet run --project samples/Text </dev/null)
printf '%s\n' "$output"
grep -q 'say: Dr. Dupont says: take a light raincoat!' <<<"$output"
grep -q 'Heading  Paragraph  FencedCode (py)  Paragraph' <<<"$output"
grep -q 'Mail \[address\] for more' <<<"$output"
grep -q 'sentiment at 10: negative' <<<"$output"

output=$(env -u ANTHROPIC_API_KEY dotnet run --project samples/Docs </dev/null)
printf '%s\n' "$output"
grep -q 'Take a raincoat \[StreamInterruptedException\]' <<<"$output"
grep -q '7 messages; the last request had 6' <<<"$output"
grep -q 'Take a coat. \[ClientGone\]' <<<"$output"

output=$(dotnet run --project samples/Continue </dev/null)
printf '%s\n' "$output"
grep -q 'Take the coast road: .*\[Prefill, Exact, .* characters removed\].*every minute of it.' <<<"$output"
grep -q 'Take the coast road: .*\[Stitch, High, 45 characters removed\].*every minute of it.' <<<"$output"
grep -q 'broken after: Take the coast road' <<<"$output"

output=$(dotnet run --project samples/Resilience </dev/null)
printf '%s\n' "$output"
grep -q 'waits for requests' <<<"$output"
grep -q '1: 599 of 600 requests are left' <<<"$output"
grep -q 'claude → gpt: anthropic answered HTTP 529 overloaded_error (Transient)' <<<"$output"
grep -q 'The other provider answers.' <<<"$output"
grep -q '\[gpt is asked: the connection broke\] \[Stitch, High\]' <<<"$output"
grep -q 'and follows the river.' <<<"$output"
grep -q 'hedge answers, primary is closed' <<<"$output"
grep -q 'Activity.DisplayName: *streamline.stream' <<<"$output"
grep -q 'gen_ai.usage.output_tokens: ' <<<"$output"
grep -q '3 joined: Forty-two, as always.' <<<"$output"
grep -q '4 cached: Forty-two, as always.' <<<"$output"
grep -q '1 request was sent' <<<"$output"
