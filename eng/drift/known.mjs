import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// What the protocols' source knows: every text literal, as a table, a switch or a comparison that knows a name has it as one, and the ends
// by which it tells whole families apart, as in EndsWith("_tool_result").
export function knownNames(folder) {
  const names = new Set();
  const ends = new Set();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.cs')) {
      continue;
    }

    const source = readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8')
      .split('\n')
      .filter(line => !line.trimStart().startsWith('//'))
      .join('\n');
    for (const [, name] of source.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)) {
      names.add(name);
    }

    for (const [, end] of source.matchAll(/EndsWith\("(_[a-z_]{4,})"/g)) {
      ends.add(end);
    }
  }

  return { names, ends: [...ends] };
}

// Events are also known by their stem: "response.output_text" with the ends ".delta" and ".done".
const stages = ['.added', '.delta', '.done', '.in_progress', '.completed'];

export const isKnown = ({ names, ends }, name) =>
  names.has(name)
  || ends.some(end => name.endsWith(end))
  || stages.some(stage => name.endsWith(stage) && names.has(name.slice(0, -stage.length)));
