// `npm test [-- PATTERN…]` and `npm run test:long`: all tests. The last lines name each part that was not exercised.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root, say } from './prepare.mjs';

const args = process.argv.slice(2);
const isLong = args.includes('--long');
const patterns = args.filter((arg) => arg !== '--long');
await prepare();

const isDone = (program, args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const isThere = (program, arg) => isDone(program, [arg]);
const notExercised = [];
if (!process.env.TEST_REDIS_URL && !isThere('redis-server', '--version')) {
  notExercised.push('the queue on Redis: install redis-server, or set TEST_REDIS_URL');
}
if (!isThere('unzip', '-v')) notExercised.push('reading zips with unzip: install unzip');
if (!isThere('bsdtar', '--version')) notExercised.push('reading zips with bsdtar: install libarchive-tools');
if (!isThere('python3', '--version')) notExercised.push("reading zips with Python's zipfile: install python3");
if (!isThere('curl', '--version')) notExercised.push('the commands that pages show: install curl');
const notAllowed = [];
if (!mayMount())
  notAllowed.push('the Data Mover on a full or read-only disk: needs root, and the right to mount a disk');
if (process.getuid?.() === 0 && !isDone('setpriv', ['--bounding-set=-dac_override', 'true']))
  notAllowed.push('the Data Mover where it may not write: needs another user than root, or setpriv');

/** A small disk in memory, taken away at once. */
function mayMount() {
  const folder = mkdtempSync(join(tmpdir(), 'dispatch-disk-'));
  const isMounted = isDone('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]);
  if (isMounted && !isDone('umount', [folder])) throw new Error(`${folder} could not be unmounted.`);
  rmdirSync(folder);
  return isMounted;
}

const jest = spawn(process.execPath, [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...patterns], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
    ...(isLong ? { DISPATCH_TEST_LONG: '1' } : {}),
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => jest.kill(signal));
jest.once('exit', (code, signal) => {
  if (notExercised.length + notAllowed.length > 0) {
    say('Not exercised:');
    for (const part of [...notExercised, ...notAllowed]) say(`  ${part}`);
  } else say('Every part was exercised.');
  // What can be installed is a failure there; what the machine does not allow is none.
  const isIncomplete = process.env.CI === 'true' && notExercised.length > 0;
  process.exit(signal ? 1 : code !== 0 ? code : isIncomplete ? 1 : 0);
});
