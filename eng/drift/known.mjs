import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// What the protocols' source knows: every text literal, as a table, a switch or a comparison that knows a name has it as one; the words of a
// literal, as the tables of finish reasons and error codes list many in one; the parts of a path of usage counts; and the ends by which the source
// tells whole families apart, as in EndsWith("_tool_result"). Names are compared as those tables do: without case and separators.
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
      for (const word of [name, ...name.split(/[\s./]+/)]) {
        names.add(simplify(word));
      }
    }

    for (const [, end] of source.matchAll(/(?:EndsWith\(|Ending = )"(_[a-z_]{4,})"/g)) {
      ends.add(end);
    }
  }

  return { names, ends: [...ends] };
}

const simplify = name => name.toLowerCase().replaceAll(/[_\-. ]/g, '');

// Events are also known by their stem: "response.output_text" with the ends ".delta" and ".done".
const stages = ['.added', '.delta', '.done', '.in_progress', '.completed'];

export const isKnown = ({ names, ends }, name) =>
  names.has(simplify(name))
  || names.has(simplify(name.replace(/_?error$/, '')))
  || ends.some(end => name.endsWith(end))
  || stages.some(stage => name.endsWith(stage) && names.has(simplify(name.slice(0, -stage.length))));
