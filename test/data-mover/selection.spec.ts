// A command that chooses other files of the same folder than the one before it (--exclude, --follow-symlinks, the file that
// says that a dataset is ready), also while the server still compares what that one sent: nothing is told to have changed.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { HeldProxy } from './held-proxy.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { statusOf, toBecome, uploadsOf } from './watched.js';

let stage: Stage;
let proxy: HeldProxy;
let settings: string;
const running: Mover[] = [];
beforeAll(async () => {
  stage = await Stage.open();
  proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  settings = join(stage.work, 'through.xml');
  writeFileSync(settings, readFileSync(stage.settings, 'utf8').replace(/<server>[^<]*</, `<server>${proxy.url}<`));
});
afterEach(async () => {
  for (const mover of running.splice(0)) await mover.kill();
  proxy.after = undefined;
  stage.emulator.faults.clear();
});
afterAll(async () => {
  await proxy.close();
  await stage.close();
});

function started(...args: string[]): Mover {
  const mover = stage.mover(...args);
  running.push(mover);
  return mover;
}

const upload = (folder: string, ...more: string[]): Mover =>
  started('upload', '--settings', settings, '--to', 'sel@example.org', '--json', ...more, folder);

const watch = (folder: string, ...more: string[]): Mover =>
  started(
    ...['watch', '--settings', settings, '--to', 'sel@example.org', '--json'],
    ...['--look-every', '1s', '--retry-after', '1s', ...more, folder],
  );

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

/** Kills a run while the server compares what it sent; the server goes on once the next run has seen that it does. */
async function killedWhileCompared(first: () => Mover, next: () => Mover): Promise<Mover> {
  stage.emulator.faults.set({ service: 'asset.query', action: { hold: true } });
  const mover = first();
  await until('the server comparing', async () => (await uploadsOf(stage))[0]?.state === 'verifying' || undefined);
  await mover.kill();
  proxy.after = (method, _, answer) => {
    if (method === 'GET' && answer.includes('"state":"verifying"')) stage.emulator.faults.clear();
    return Promise.resolve();
  };
  return next();
}

it.each([
  ['--exclude', ['--exclude', '*.tmp'], ['--exclude', '*.log']],
  ['--follow-symlinks', [], ['--follow-symlinks']],
])(
  'makes another upload of what the server still compared, and says that it is for %s',
  async (option, before, now) => {
    const folder = join(stage.work, `compared${option}`);
    writeTree(folder, { 'a.tif': 'a', 'b.tmp': 'b', 'c.log': 'c' });
    symlinkSync('a.tif', join(folder, 'd.tif'));
    const mover = await killedWhileCompared(
      () => upload(folder, ...before),
      () => upload(folder, ...now),
    );
    const { code, stdout, stderr } = await mover.finished;
    expect(code).toBe(0);
    const [second, first] = await uploadsOf(stage);
    expect(first).toMatchObject({ state: 'complete' });
    expect(doneIn(stdout)).toMatchObject({ uploadId: second?.id });
    expect(stderr).toContain(
      `It was uploaded before as ${first?.folder ?? ''} by a command that differs in ${option}; this is another upload.`,
    );
    expect(stderr).not.toContain('the one that began the upload');
  },
);

it.each([
  ['--exclude', ['--exclude', '*.tmp'], []],
  ['--follow-symlinks', ['--follow-symlinks'], []],
  ['--ready-file', ['--ready-file', 'ready.tmp'], []],
])('keeps a watched dataset one upload, which has not changed, with another %s', async (option, before, now) => {
  const folder = join(stage.work, `watched${option}`);
  writeTree(folder, { 'run/a.tif': 'a', 'run/ready.tmp': 'b' });
  symlinkSync('a.tif', join(folder, 'run', 'd.tif'));
  const after = (more: string[]) => (more.includes('--ready-file') ? more : [...more, '--ready-after', '1s']);
  const mover = await killedWhileCompared(
    () => watch(folder, ...after(before)),
    () => watch(folder, ...after(now)),
  );
  const { folder: name } = await toBecome(stage, folder, 'run', 'uploaded');
  expect(mover.stderr).toContain(`It was uploaded by a command that differs in ${option}`);
  writeTree(folder, { 'next/a.tif': 'a' });
  await toBecome(stage, folder, 'next', 'uploaded');
  expect(await statusOf(stage, folder, 'run')).not.toHaveProperty('changedAt');
  expect(mover.stdout + mover.stderr).not.toMatch(/run: .*(?:has changed|no longer as it was)/);
  expect((await uploadsOf(stage)).filter((one) => one.folder === name)).toHaveLength(1);
  // What comes to it later is noticed by what was chosen then.
  writeTree(folder, { 'run/late.tif': 'late' });
  await mover.says(/it has changed since it was uploaded/);
});
