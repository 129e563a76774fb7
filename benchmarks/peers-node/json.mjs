// What npm packages need to show a JSON text after each delta, on the texts of PartialJsonBenchmarks.
//   dotnet run -c Release --project benchmarks/Streamline.Benchmarks -- payloads benchmarks/peers-node/payloads
//   npm install && npm run json
// Every peer parses everything received so far at every delta. Where that would take longer than the budget, evenly spaced prefixes are
// parsed, and the sum is extrapolated; such figures carry a tilde.
import { readFileSync } from 'node:fs';
import { partialParse } from '@anthropic-ai/sdk/_vendor/partial-json-parser/parser.mjs';
import { parsePartialJson } from 'ai';
import { jsonrepair } from 'jsonrepair';
import { parse as parsePartial } from 'partial-json';

const budgetMs = Number(process.env.BUDGET_MS ?? 3000);
const sizes = [1000, 10_000, 100_000, 1_000_000];
const deltas = [1, 4, 16, 64];
const peers = {
  '@anthropic-ai/sdk partialParse': text => partialParse(text),
  'ai parsePartialJson': text => parsePartialJson(text),
  'partial-json': text => parsePartial(text),
  'jsonrepair + JSON.parse': text => JSON.parse(jsonrepair(text)),
};

const milliseconds = value => value >= 100 ? value.toFixed(0) : value.toPrecision(3);

async function parsePrefix(parse, text, length) {
  try {
    await parse(text.slice(0, length));
    return 0;
  } catch {
    return 1;
  }
}

async function measure(parse, text, delta) {
  const count = Math.ceil(text.length / delta);
  await parsePrefix(parse, text, text.length);
  const probe = performance.now();
  await parsePrefix(parse, text, text.length);
  const whole = performance.now() - probe;

  // A growing prefix costs half of the whole on average.
  const step = Math.max(1, Math.ceil((count * whole) / 2 / budgetMs));
  let failures = 0;
  let measured = 0;
  const start = performance.now();
  for (let i = step; i <= count; i += step) {
    failures += await parsePrefix(parse, text, Math.min(i * delta, text.length));
    measured++;
  }

  return { time: ((performance.now() - start) * count) / measured, isEstimate: step > 1, failures, measured };
}

function measureOnce(text) {
  const rounds = Math.max(5, Math.ceil(2_000_000 / text.length));
  const start = performance.now();
  for (let i = 0; i < rounds; i++) {
    JSON.parse(text);
  }

  return (performance.now() - start) / rounds;
}

console.log(`Node ${process.version}; all times in ms for the whole text; a delta is that many UTF-16 code units.\n`);
console.log(`| text | delta | ${Object.keys(peers).join(' | ')} | JSON.parse, once |`);
console.log(`|---|---|${'---|'.repeat(Object.keys(peers).length + 1)}`);
for (const size of sizes) {
  const text = readFileSync(new URL(`./payloads/json-${size}.json`, import.meta.url), 'utf8');
  const once = measureOnce(text);
  for (const delta of deltas) {
    const cells = [];
    for (const parse of Object.values(peers)) {
      const { time, isEstimate, failures, measured } = await measure(parse, text, delta);
      cells.push(`${isEstimate ? '~' : ''}${milliseconds(time)}${failures ? ` (${failures} of ${measured} threw)` : ''}`);
    }

    console.log(`| ${size} B | ${delta} | ${cells.join(' | ')} | ${milliseconds(once)} |`);
  }
}
