// `npm start`: installs and builds if needed, then is the server: one process, so that signals reach it.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { holderOf, prepare, root, say } from './prepare.mjs';

process.chdir(root);
// A refused start must not rebuild under a live server.
const fromFile = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
const dataDir = resolve(process.env.DATA_DIR || fromFile.DATA_DIR || '.data');
const holder = holderOf(join(dataDir, 'lock'));
if (holder !== undefined) {
  say(
    `The data folder ${dataDir} is in use by process ${holder}. Stop that one first, or set DATA_DIR to another folder.`,
  );
  process.exit(1);
}
try {
  await prepare();
} catch (error) {
  say(`Could not prepare: ${error.message}`);
  process.exit(1);
}
await import(new URL('../dist/src/main.js', import.meta.url).href);
