// `npm run check`: types, lint, format, module boundaries, dead code. All run, two at a time; all failures are shown.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepare, root, say } from './prepare.mjs';

await prepare();
const bin = (name) => join(root, 'node_modules', '.bin', name);
// The longest first, so that the others run beside them.
const CHECKS = [
  ['lint', bin('eslint'), ['.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['module boundaries', bin('depcruise'), ['--config', '.dependency-cruiser.mjs', 'src', 'emulator', 'data-mover']],
  ['dead code', bin('knip'), ['--no-progress']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
];

/** Runs a check to its end; what it says is shown in one piece. */
const check = ([name, command, args]) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => (output += error.message));
    child.once('close', (code) => {
      say(`${code === 0 ? 'Right' : 'Not right'}: ${name}.`);
      if (code !== 0 && output.trim() !== '') say(output.trimEnd());
      resolve(code === 0 ? [] : [name]);
    });
  });

const waiting = [...CHECKS];
async function lane() {
  const failed = [];
  for (let next = waiting.shift(); next; next = waiting.shift()) failed.push(...(await check(next)));
  return failed;
}

say(`Checking ${CHECKS.map(([name]) => name).join(', ')} …`);
const failed = (await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane))).flat();
if (failed.length > 0) {
  say(`Not right: ${failed.join(', ')}.`);
  process.exit(1);
}
say('All checks hold.');
