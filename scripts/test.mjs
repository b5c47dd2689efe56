// `npm test [-- PATTERN…]` and `npm run test:long`: all tests. The last lines name each part that was not exercised.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root, say } from './prepare.mjs';

const args = process.argv.slice(2);
const isLong = args.includes('--long');
const patterns = args.filter((arg) => arg !== '--long');
await prepare();

const isThere = (program, arg) => spawnSync(program, [arg], { stdio: 'ignore' }).status === 0;
const notExercised = [];
if (!process.env.TEST_REDIS_URL && !isThere('redis-server', '--version')) {
  notExercised.push('the queue on Redis: install redis-server, or set TEST_REDIS_URL');
}
if (!isThere('unzip', '-v')) notExercised.push('reading zips with unzip: install unzip');
if (!isThere('bsdtar', '--version')) notExercised.push('reading zips with bsdtar: install libarchive-tools');
if (!isThere('python3', '--version')) notExercised.push("reading zips with Python's zipfile: install python3");

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
  if (notExercised.length > 0) {
    say('Not exercised:');
    for (const part of notExercised) say(`  ${part}`);
  } else say('Every part was exercised.');
  const isIncomplete = process.env.CI === 'true' && notExercised.length > 0;
  process.exit(signal ? 1 : code !== 0 ? code : isIncomplete ? 1 : 0);
});
