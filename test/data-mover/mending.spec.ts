// What is not in Mediaflux as it was sent when the server compares: the Data Mover mends exactly that, and ends with what
// differs where it cannot be mended.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { AnotherHand } from './another-hand.js';
import { Front } from './front.js';
import { ONE_BY_ONE, pausedInLarge } from './paused.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { uploadsOf } from './watched.js';

let stage: Stage;
let front: Front;
let hand: AnotherHand;
let token: string;

beforeAll(async () => {
  stage = await Stage.open();
  front = await Front.before(stage.program.endpoints.server);
  hand = new AnotherHand(stage);
  token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
});
afterEach(() => front.clear());
afterAll(async () => {
  await hand.close();
  await front.close();
  await stage.close();
});

const COMPLETE = /POST .*\/complete$/;
const TREE = {
  'flipped.txt': 'right',
  'good.txt': 'good',
  'large.raw': bytesOf('large', 300_000),
  'lost/deep.txt': 'deep',
  'lost.txt': 'lost',
  'short.txt': 'whole',
};

function folderOf(name: string): string {
  const folder = join(stage.work, name);
  writeTree(folder, TREE);
  mkdirSync(join(folder, 'empty'));
  return folder;
}

const upload = (name: string, folder: string, ...more: string[]): Mover =>
  stage.mover(
    ...['upload', '--url', front.url, '--token', token, '--to', `${name}@example.org`, '--json', ...more],
    folder,
  );

const sentIn = (stdout: string): unknown[] =>
  eventsIn(stdout)
    .filter(({ event, skipped }) => event === 'file' && skipped === false)
    .map(({ path }) => path);

/** Of the calls that Mediaflux got. */
const callsOf = (name: string): number =>
  stage.emulator.faults.calls().filter(({ service, inner }) => [service, ...inner].includes(name)).length;

async function expectWhole(name: string, folder: string): Promise<void> {
  const link = linkIn(await stage.program.mailbox.next(`${name}@example.org`, /your data/));
  const out = join(stage.work, `${name}-out`);
  expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(folder));
}

it('mends what is missing, too much, of another size or content when all was sent, and touches nothing else', async () => {
  const folder = folderOf('each');
  front.doFirst(COMPLETE, async () => {
    const data = await hand.newest();
    await hand.destroy(`${data}/lost.txt`);
    await hand.destroy(`${data}/lost/deep.txt`);
    await hand.destroyFolder(`${data}/lost`);
    await hand.destroyFolder(`${data}/empty`);
    await hand.put(`${data}/extra.txt`, 'extra');
    await hand.put(`${data}/short.txt`, 'who');
    await hand.put(`${data}/flipped.txt`, 'rigHt');
    stage.emulator.faults.forgetCalls();
  });
  let mended = {};
  front.doFirst(COMPLETE, () => {
    mended = { sent: callsOf('asset.set'), destroyed: callsOf('asset.destroy') };
    return Promise.resolve();
  });
  const { code, stdout, stderr } = await upload('each', folder).finished;
  expect(code).toBe(0);
  const found = [...stderr.matchAll(/^(.*): found by the server: (.*)$/gm)].map(([, path, what]) => `${path} ${what}`);
  expect(found.sort()).toEqual([
    'empty missing',
    'extra.txt unexpected',
    'flipped.txt checksum',
    'lost.txt missing',
    'lost/deep.txt missing',
    'short.txt size',
  ]);
  expect(mended).toEqual({ sent: 4, destroyed: 1 });
  expect(sentIn(stdout).slice(Object.keys(TREE).length).sort()).toEqual([
    'flipped.txt',
    'lost.txt',
    'lost/deep.txt',
    'short.txt',
  ]);
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: Object.keys(TREE).length });
  await expectWhole('each', folder);
});

it('mends what another hand did while the rest was on its way', async () => {
  const folder = folderOf('during');
  const start = () => upload('during', folder, ...ONE_BY_ONE);
  const { code, stdout } = await pausedInLarge(stage, start, async () => {
    const data = await hand.newest();
    await hand.destroy(`${data}/flipped.txt`);
    await hand.put(`${data}/good.txt`, 'gOOd');
    await hand.put(`${data}/extra.txt`, 'extra');
  });
  expect(code).toBe(0);
  expect(sentIn(stdout).slice(Object.keys(TREE).length)).toEqual(['flipped.txt', 'good.txt']);
  await expectWhole('during', folder);
});

it('ends after three rounds, with each that differs, when what it mends is harmed again; nobody is told of data then', async () => {
  const folder = folderOf('harmed');
  front.doFirst(
    COMPLETE,
    async () => {
      const data = await hand.newest();
      await hand.put(`${data}/extra.txt`, 'extra');
      await hand.put(`${data}/short.txt`, 'who');
    },
    3,
  );
  stage.emulator.faults.forgetCalls();
  const { code, stdout, stderr } = await upload('harmed', folder).finished;
  expect(code).toBe(1);
  expect(stderr.match(/found by the server/g)).toHaveLength(4);
  expect(callsOf('asset.destroy')).toBe(2);
  const errors = eventsIn(stdout).filter(({ event }) => event === 'error');
  expect(errors.slice(0, -1).sort((left, right) => (String(left['path']) < String(right['path']) ? -1 : 1))).toEqual([
    { event: 'error', message: 'not as it should be in Mediaflux: unexpected', path: 'extra.txt' },
    { event: 'error', message: 'not as it should be in Mediaflux: size', path: 'short.txt' },
  ]);
  expect(errors.at(-1)?.['message']).toMatch(
    /^2 files differ from what Mediaflux holds; the upload is not complete\. Run the same command again/,
  );
  expect((await uploadsOf(stage))[0]).toMatchObject({ state: 'mismatch' });
  expect(await stage.program.mailbox.to('harmed@example.org')).toEqual([]);
  // The other hand rests; the same command mends the rest.
  const again = await upload('harmed', folder).finished;
  expect(again.code).toBe(0);
  expect(sentIn(again.stdout)).toEqual(['short.txt']);
  await expectWhole('harmed', folder);
});

it('the verdict reaches who is cut off while waiting for it: that is not asked for again', async () => {
  front.isImpatient = true;
  const { code } = await upload('ida', folderOf('impatient')).finished;
  expect(code).toBe(0);
  expect(front.cutOff).toBe(1);
});
