// How far a transfer is, as programs are told with `--json`: while it stands still in the middle of a file, and up to its
// end. A second passes at once, so that each step is told.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { bytesOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { pausedInLarge } from './paused.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { clockOf } from './waiting-disk.js';

const LARGE = 6_000_000;
// None so small that it goes with others, or after them.
const OTHERS = 500_000;
const TREE = { 'a.raw': bytesOf('a', 200_000), 'b/c.raw': bytesOf('c', 300_000), 'scan.raw': bytesOf('scan', LARGE) };
const WHOLE = { files: 3, bytes: LARGE + OTHERS };
const ONE_AT_A_TIME = ['--parallel', '1', '--give-up-after', '2000w'];
const nodeOptions = clockOf(10_000);

let stage: Stage;
let source: string;
beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, TREE);
});
afterAll(() => stage.close());

interface Progress {
  files: number;
  bytes: number;
}

const progressIn = (stdout: string): Progress[] =>
  eventsIn(stdout.slice(0, stdout.lastIndexOf('\n') + 1)).filter(
    (one): one is Record<string, unknown> & Progress => one['event'] === 'progress',
  );

/** It has told of the other files and of a part of the large one. */
const inTheMiddle = (mover: Mover): Promise<true> =>
  until('progress in the middle of the large file', () => {
    const last = progressIn(mover.stdout).at(-1);
    return (last?.files === 2 && last.bytes > OTHERS && last.bytes < WHOLE.bytes) || undefined;
  });

function expectProgress(stdout: string): void {
  const events = eventsIn(stdout);
  expect([events[0], events.at(-1)]).toMatchObject([
    { event: 'start', ...WHOLE },
    { event: 'done', ...WHOLE },
  ]);
  const told = progressIn(stdout);
  for (const one of told) {
    expect(one).toEqual({
      event: 'progress',
      files: expect.any(Number),
      bytes: expect.any(Number),
      ofFiles: WHOLE.files,
      ofBytes: WHOLE.bytes,
    });
    expect([one.files, one.bytes].every(Number.isInteger)).toBe(true);
  }
  for (const [index, { files, bytes }] of told.slice(1).entries()) {
    expect(files).toBeGreaterThanOrEqual(told[index]?.files ?? Infinity);
    expect(bytes).toBeGreaterThanOrEqual(told[index]?.bytes ?? Infinity);
  }
  expect(told.at(-1)).toMatchObject(WHOLE);
}

it('is told of an upload, inside a file too, never falls, and ends at the whole', async () => {
  let mover: Mover | undefined;
  const start = () => {
    const args = stage.uploadArgs(source, ...ONE_AT_A_TIME, '--piece-above', '1MB', '--piece-size', '2MB');
    mover = stage.moverOn({ nodeOptions }, ...args);
    return mover;
  };
  const { code, stdout } = await pausedInLarge(stage, start, () => mover && inTheMiddle(mover));
  expect(code).toBe(0);
  expectProgress(stdout);
});

it('is told of a download, inside a file too, never falls, and ends at the whole', async () => {
  const link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  stage.proxy.mostBack = LARGE / 2;
  const mover = stage.moverOn({ nodeOptions }, 'download', link, join(stage.work, 'out'), '--json', ...ONE_AT_A_TIME);
  const ended = mover.finished.then(({ stdout, stderr }) => Promise.reject(new Error(`It ended: ${stdout}${stderr}`)));
  await Promise.race([inTheMiddle(mover), ended]);
  stage.proxy.mostBack = Infinity;
  const { code, stdout } = await mover.finished;
  expect(code).toBe(0);
  expectProgress(stdout);
});
