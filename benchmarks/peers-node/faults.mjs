// Repairs the texts of the table of faults with jsonrepair, so that one scorer judges everybody.
//   dotnet run -c Release --project tests/Streamline.Fuzz -- faults --write benchmarks/peers-node/payloads/faults.jsonl
//   npm install && npm run faults payloads/faults.jsonl payloads/jsonrepair.jsonl
//   dotnet run -c Release --project tests/Streamline.Fuzz -- faults --peer jsonrepair=benchmarks/peers-node/payloads/jsonrepair.jsonl
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonrepair } from 'jsonrepair';

const [textsPath, outputsPath] = process.argv.slice(2);
if (!outputsPath) {
  console.error('Usage: node faults.mjs TEXTS.jsonl OUTPUTS.jsonl');
  process.exit(2);
}

const lines = readFileSync(textsPath, 'utf8').split('\n').filter(line => line);
let failures = 0;
const outputs = lines.map(line => {
  try {
    return JSON.stringify({ repaired: jsonrepair(JSON.parse(line).text) });
  } catch {
    failures++;
    return JSON.stringify({ repaired: null });
  }
});
writeFileSync(outputsPath, outputs.join('\n') + '\n');
console.log(`jsonrepair: ${lines.length} texts, ${failures} of them refused.`);
