// What versions of the Data Mover before noted, which said less of what a command had chosen: it is gone on with.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { statusOf, toBecome, uploadsOf } from './watched.js';

let stage: Stage;
const running: Mover[] = [];
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(async () => {
  for (const mover of running.splice(0)) await mover.kill();
  stage.emulator.faults.clear();
});
afterAll(() => stage.close());

function started(...args: string[]): Mover {
  const mover = stage.mover(...args);
  running.push(mover);
  return mover;
}

const watch = (folder: string, ...more: string[]): Mover =>
  started(
    ...['watch', '--settings', stage.settings, '--to', 'ear@example.org', '--json', '--ready-after', '1s'],
    ...['--look-every', '1s', '--retry-after', '1s', ...more, folder],
  );

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

interface Chosen {
  exclude?: string[];
}

/** @returns the objects in which a version before noted globs, and nothing else of what was chosen */
function asBefore(key: string, keyBefore: string) {
  return (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !(key in value)) return value;
    const { [key]: chosen, ...rest } = value as Record<string, Chosen>;
    const globs = chosen?.exclude ?? [];
    return { ...rest, ...(globs.length > 0 ? { [keyBefore]: globs } : {}) };
  };
}

/** All notes, as the version before would have written them. */
function writtenBefore(): void {
  const change = (name: string, replace: (value: unknown) => unknown): void => {
    for (const path of readdirSync(stage.state, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith(name)) continue;
      const file = join(stage.state, path);
      writeFileSync(
        file,
        JSON.stringify(JSON.parse(readFileSync(file, 'utf8'), (_, value: unknown) => replace(value))),
      );
    }
  };
  change('uploads.json', asBefore('selection', 'exclude'));
  change('datasets.json', asBefore('sentSelection', 'sentExclude'));
}

it.each([
  ['nothing', []],
  ['globs', ['--exclude', '*.tmp']],
  ['links', ['--follow-symlinks']],
])('tells of an upload that was complete, where %s had been chosen, that it is as it was', async (what, chosen) => {
  const folder = join(stage.work, `complete-${what}`);
  writeTree(folder, { 'a.tif': 'a', 'b.tmp': 'b' });
  const first = await stage.upload(folder, ...chosen).finished;
  expect(first).toMatchObject({ code: 0 });
  writtenBefore();
  const before = await uploadsOf(stage);
  const second = await stage.upload(folder, ...chosen).finished;
  expect(second).toMatchObject({ code: 0 });
  expect(second.stderr).not.toMatch(/differs|leaves out other|damaged|another upload/);
  expect(doneIn(second.stdout)).toMatchObject({ uploadId: doneIn(first.stdout)?.['uploadId'], transferredBytes: 0 });
  expect(await uploadsOf(stage)).toEqual(before);
});

it('goes on with an upload that was broken off, and tells by what another command differs', async () => {
  const folder = join(stage.work, 'broken-off');
  writeTree(folder, {
    'z.tmp': 'z',
    ...Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`f${index}.bin`, bytesOf(`e${index}`, 700_000)])),
  });
  const brokenOff = async (...more: string[]): Promise<string> => {
    stage.emulator.faults.set({ service: 'asset.set', after: 1, action: { delayMs: 20_000 } });
    const before = stage.proxy.bytes;
    const mover = stage.upload(folder, ...more);
    await until('a part having gone', () => stage.proxy.bytes - before > 1_000_000 || undefined);
    await mover.kill();
    stage.emulator.faults.clear();
    writtenBefore();
    return mover.stderr;
  };
  await brokenOff('--exclude', '*.tmp');
  expect(await brokenOff('--exclude', '*.tmp')).not.toContain('leaves out other files');
  const begun = await uploadsOf(stage);
  const { code, stdout, stderr } = await stage.upload(folder).finished;
  expect(code).toBe(0);
  expect(stderr).toContain('leaves out other files than the one that began the upload (--exclude).');
  expect(doneIn(stdout)).toMatchObject({ uploadId: begun[0]?.id, files: 7 });
});

it.each([
  ['globs', ['--exclude', '*.tmp'], []],
  ['nothing', [], ['--exclude', '*.tmp']],
])(
  'takes a watched dataset of which %s had been left out for unchanged, with another --exclude now',
  async (what, before, now) => {
    const folder = join(stage.work, `watched-${what}`);
    writeTree(folder, { 'run/a.tif': 'a', 'run/b.tmp': 'b' });
    const first = watch(folder, ...before);
    await toBecome(stage, folder, 'run', 'uploaded');
    first.child.kill('SIGTERM');
    await first.finished;
    writtenBefore();
    const second = watch(folder, ...now);
    // All are looked at again when one was uploaded.
    writeTree(folder, { 'next/a.tif': 'a' });
    await toBecome(stage, folder, 'next', 'uploaded');
    writeTree(folder, { 'last/a.tif': 'a' });
    await toBecome(stage, folder, 'last', 'uploaded');
    expect(await statusOf(stage, folder, 'run')).not.toHaveProperty('changedAt');
    expect(second.stdout + second.stderr).not.toContain('has changed since');
  },
);
