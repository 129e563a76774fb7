// Lists the names in the newest types of the providers' npm packages that Streamline does not know. See README.md.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isKnown, knownNames } from './known.mjs';
import { packages, roots } from './roots.mjs';
import { readNames } from './types.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const known = knownNames(join(here, '../../src/Streamline.Core/Protocols'));
const versionOf = name => JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8')).version;
const strict = process.argv.includes('--check');

console.log(`# Names that Streamline does not know\n\n${packages.map(name => `\`${name}\` ${versionOf(name)}`).join(', ')}`);
let unknown = 0;
let missing = 0;
let provider = '';
for (const { root, names, error } of readNames(roots)) {
  if (root.provider !== provider) {
    provider = root.provider;
    console.log(`\n## ${provider}\n`);
  }

  if (error || names.length === 0) {
    missing++;
    console.log(`- ${root.kind}: **cannot be read** from \`${root.type}\`${error ? ` (${error})` : ' (no names)'}`);
    continue;
  }

  const news = names.filter(name => !isKnown(known, name)).sort();
  unknown += news.length;
  console.log(`- ${root.kind}: ${news.length} of ${names.length} unknown${news.length > 0 ? `: ${news.map(name => `\`${name}\``).join(', ')}` : ''}`);
}

console.log(`\n${unknown} unknown names${missing > 0 ? `; ${missing} types could not be read` : ''}.`);
process.exitCode = strict && unknown + missing > 0 ? 1 : 0;
