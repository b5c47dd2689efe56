// `npm run generate`: writes the files under `docs/` that are made from the program.

import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../support/program.js';
import { generatedFiles } from './documents.js';

for (const { path, text } of await generatedFiles()) {
  writeFileSync(path, text);
  process.stdout.write(`${relative(root, path)}\n`);
}
