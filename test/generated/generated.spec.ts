// The generated files under `docs/` say what the program is. `npm run generate` writes them anew.

import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { generatedFiles } from './documents.js';

it('stand in docs/ as the program would write them now (npm run generate)', async () => {
  const files = await generatedFiles();
  const kept = files.map(({ path }) => [basename(path), existsSync(path) ? readFileSync(path, 'utf8') : null]);
  expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(files.map(({ path, text }) => [basename(path), text])));
});
