// The client and the server killed at seeded moments of one upload: it ends as it would have without. One folder number,
// one mail a recipient, every byte as it was, and little sent twice.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { freePort } from '../support/free-port.js';
import { linkIn } from '../support/mailbox.js';
import { generator } from '../support/random.js';
import { until } from '../support/wait.js';
import { type Mover, Stage } from './stage.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const KILLS = LONG ? 30 : 6;
const FILES = LONG ? 500 : 120;
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_125);
const MOST_SENT = 1.3;

let stage: Stage;
beforeAll(async () => {
  // The server's address must outlive a restart.
  stage = await Stage.open({ PORT: String(await freePort()) });
});
afterAll(async () => {
  await stage.close();
});

async function throughKills(folder: string, bytes: number, recipient: string, random: () => number): Promise<number> {
  const before = stage.proxy.bytes;
  const args = [
    '--settings',
    stage.settings,
    '--to',
    recipient,
    '--json',
    '--piece-above',
    '4MB',
    '--piece-size',
    '1MB',
  ];
  const start = (): Mover => stage.mover('upload', ...args, folder);
  let mover = start();
  let isOver = false;
  const watched = (one: Mover): Mover => {
    void one.finished.then(({ code }) => (isOver ||= code === 0));
    return one;
  };
  watched(mover);
  for (let kill = 1; kill <= KILLS && !isOver; kill += 1) {
    // Moments are told by bytes and not by time, so that they lie in the upload on any computer; each a bit later.
    const moment = before + (bytes * (kill - 1 + random())) / KILLS;
    await until('the next moment to kill', () => stage.proxy.bytes >= moment || isOver || undefined, 60_000);
    const dice = random();
    if (dice < 0.6) {
      await mover.kill();
      mover = watched(start());
    } else if (dice < 0.8) {
      await stage.program.kill();
      await stage.startServer();
    } else stage.proxy.cut();
  }
  const finished = await mover.finished;
  expect(finished).toMatchObject({ code: 0 });
  return (stage.proxy.bytes - before) / bytes;
}

async function hasArrived(folder: string, recipient: string): Promise<void> {
  const link = linkIn(await stage.program.mailbox.next(recipient, /your data/));
  const out = `${folder}-out`;
  expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(folder));
  const mails = (await stage.program.mailbox.to(recipient)).filter(({ messageId }) =>
    messageId.startsWith('<dispatch-'),
  );
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
}

it(`ends the same after ${KILLS} breaks in ${FILES} files (seed ${SEED})`, async () => {
  const folder = join(stage.work, 'many');
  const files = Array.from({ length: FILES }, (_, index) => [
    `f${index % 7}/file-${index}.bin`,
    bytesOf(`f${index}`, 40_000 + ((index * 7_919) % 120_000)),
  ]);
  writeTree(folder, Object.fromEntries(files) as Record<string, Buffer>);
  const bytes = files.reduce((sum, [, content]) => sum + (content?.length ?? 0), 0);
  const ratio = await throughKills(folder, bytes, 'ada@example.org', generator(SEED));
  expect(ratio).toBeGreaterThanOrEqual(1);
  expect(ratio).toBeLessThanOrEqual(MOST_SENT);
  await hasArrived(folder, 'ada@example.org');
}, 600_000);

it(`ends the same after ${KILLS} breaks in one large file (seed ${SEED})`, async () => {
  const folder = join(stage.work, 'one');
  const bytes = LONG ? 200_000_000 : 40_000_000;
  writeTree(folder, { 'scan.raw': bytesOf('scan', bytes) });
  const ratio = await throughKills(folder, bytes, 'bea@example.org', generator(SEED + 1));
  expect(ratio).toBeGreaterThanOrEqual(1);
  expect(ratio).toBeLessThanOrEqual(MOST_SENT);
  await hasArrived(folder, 'bea@example.org');
}, 600_000);

it('uses each folder number once, and leaves no upload open', async () => {
  const { items } = await stage.program.admin.expect<{ items: { folder: string; state: string }[] }>(
    200,
    'GET',
    '/api/v1/admin/uploads?limit=1000',
  );
  expect(items.map(({ state }) => state)).toEqual(['complete', 'complete']);
  expect(items.map(({ folder }) => /-1-(\d+)$/.exec(folder)?.[1]).sort()).toEqual(['1', '2']);
});
