// Runs a built program with the rest of the arguments: `node scripts/run.mjs emulator/main.js --port 0`.
// Paths in arguments are relative to where npm was called from (INIT_CWD).

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { prepare, root, say } from './prepare.mjs';

const [program, ...args] = process.argv.slice(2);
try {
  await prepare();
} catch (error) {
  say(`Could not prepare: ${error.message}`);
  process.exit(1);
}
process.argv = [process.argv[0], join(root, 'dist', program), ...args];
await import(pathToFileURL(join(root, 'dist', program)).href);
