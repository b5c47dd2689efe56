// `npm run check`: types, lint, format, module boundaries, dead code. All run; all failures are shown.

import { join } from 'node:path';
import { prepare, root, run, say } from './prepare.mjs';

await prepare();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const CHECKS = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['module boundaries', bin('depcruise'), ['--config', '.dependency-cruiser.mjs', 'src', 'emulator', 'data-mover']],
  ['dead code', bin('knip'), ['--no-progress']],
];
const failed = [];
for (const [name, command, args] of CHECKS) {
  say(`Checking ${name} …`);
  await run(command, args).catch(() => failed.push(name));
}
if (failed.length > 0) {
  say(`Not right: ${failed.join(', ')}.`);
  process.exit(1);
}
say('All checks hold.');
