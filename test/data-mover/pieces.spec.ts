// A file above the limit goes in pieces: a break, a kill included, costs at most one of them.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SentFiles } from '../../data-mover/journal/sent-files.js';
import { sendFile } from '../../data-mover/transfer/send-file.js';
import { PiecesInHand } from '../../data-mover/transfer/send-in-pieces.js';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { openOwnLink } from './own-link.js';
import { eventsIn, Stage } from './stage.js';

const PIECE = 1_000_000;
const IN_PIECES = ['--piece-above', '1MB', '--piece-size', '1MB'];
/** What requests and replies of the server and the client weigh beside the contents. */
const TALK = 400_000;

let folders = 0;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  await stage.close();
});

it('goes on after a kill in the middle of a large file, and sends at most one piece twice', async () => {
  const folder = join(stage.work, 'large');
  const size = 16_000_000;
  writeTree(folder, { 'scan.raw': bytesOf('scan', size), 'notes.txt': 'x' });
  const before = stage.proxy.bytes;
  for (const share of [0.3, 0.7]) {
    const mover = stage.upload(folder, ...IN_PIECES);
    await until('a part of the file having gone', () => stage.proxy.bytes - before > size * share || undefined);
    await mover.kill();
  }
  const finished = await stage.upload(folder, ...IN_PIECES).finished;
  expect(finished).toMatchObject({ code: 0 });
  const sent = stage.proxy.bytes - before;
  expect(sent).toBeGreaterThanOrEqual(size);
  expect(sent).toBeLessThanOrEqual(size + 2 * PIECE + TALK);
  const [done] = eventsIn(finished.stdout).filter(({ event }) => event === 'done');
  expect(done).toMatchObject({ files: 2, bytes: size + 1 });
  expect(done?.['transferredBytes']).toBeLessThanOrEqual(size * 0.3 + 2 * PIECE);

  const link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  const fetched = await stage.mover('download', link, join(stage.work, 'large-out')).finished;
  expect(fetched).toMatchObject({ code: 0 });
  expect(contentsOf(join(stage.work, 'large-out'))).toEqual(contentsOf(folder));
});

it('begins the file anew when it has changed since the break', async () => {
  const folder = join(stage.work, 'changing');
  writeTree(folder, { 'scan.raw': bytesOf('first', 8_000_000) });
  const before = stage.proxy.bytes;
  const mover = stage.upload(folder, ...IN_PIECES);
  await until('a part of the file having gone', () => stage.proxy.bytes - before > 3_000_000 || undefined);
  await mover.kill();
  writeTree(folder, { 'scan.raw': bytesOf('second', 8_000_000) });
  const finished = await stage.upload(folder, ...IN_PIECES).finished;
  expect(finished).toMatchObject({ code: 0 });
  expect(eventsIn(finished.stdout)).toContainEqual({
    event: 'file',
    path: 'scan.raw',
    bytes: 8_000_000,
    skipped: false,
  });
});

const NOT_GRANTED = 'arc.mf.server.actor.ExNotAuthorized';

it.each([
  ['server.io.job.create', { error: "Service 'server.io.job.create' not found or not accessible" }],
  ['server.io.write', { error: "user 'dispatch:x' (id=7) not granted MODIFY to service 'server.io.write'" }],
  ['server.io.write', { error: "The service 'server.io.write' is not known" }],
  ['server.io.write.finish', { error: 'No.', errorClass: NOT_GRANTED }],
  ['server.io.write.finish', { error: "The service 'server.io.write.finish' is not known" }],
])('sends large files whole where Mediaflux offers no %s, and says so once: %j', async (service, action) => {
  folders += 1;
  const folder = join(stage.work, `no-pieces-${folders}`);
  writeTree(folder, { 'a.raw': bytesOf('a', 3_000_000), 'b.raw': bytesOf('b', 3_000_000) });
  const { faults } = stage.emulator;
  faults.forgetCalls();
  faults.set({ service, action });
  const finished = await stage.upload(folder, ...IN_PIECES).finished;
  faults.clear();
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.stderr.match(/does not take large files in pieces/g)).toHaveLength(1);
  // Of two files that were begun together each may have met it, and once more with a fresh credential.
  expect(faults.calls().filter((call) => call.service === service).length).toBeLessThanOrEqual(4);
});

// The dispatch server asks the same, at any time: here is none.
it.each([{ error: 'No.', errorClass: NOT_GRANTED }, { error: 'It is not described to you' }])(
  'sends large files whole where Mediaflux does not tell which store they go to, and says so once: %j',
  async (action) => {
    const work = freshFolder();
    const own = await openOwnLink(work, '/projects/proj-researcher-1128.4.20/no-store');
    const sent = new SentFiles(join(work, 'sent.ndjson'));
    const notes: string[] = [];
    const pieces = new PiecesInHand({
      ...{ aboveBytes: PIECE, pieceBytes: PIECE, sent },
      note: (message) => notes.push(message),
      onBytes: () => undefined,
    });
    own.emulator.faults.set({ service: 'asset.namespace.describe', action });
    for (const path of ['a.raw', 'b.raw']) {
      const from = join(work, path);
      writeFileSync(from, bytesOf(path, 3_000_000));
      const { size, mtimeMs } = statSync(from);
      const file = { path, from, size, modifiedMs: Math.floor(mtimeMs) };
      expect(await sendFile(own.link, file, { pieces })).toMatchObject({ sentBytes: 3_000_000 });
    }
    expect(notes).toEqual([expect.stringMatching(/^Mediaflux does not take large files in pieces/)]);
    sent.close();
    await own.close();
  },
);

it('sends a file not whole where one piece of it is refused', async () => {
  const folder = join(stage.work, 'one-piece');
  writeTree(folder, { 'a.raw': bytesOf('a', 3_000_000) });
  const action = { error: 'The piece could not be written' };
  stage.emulator.faults.set({ service: 'server.io.write', after: 1, times: 1, action });
  const refused = await stage.upload(folder, ...IN_PIECES).finished;
  stage.emulator.faults.clear();
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stdout).toContain('Mediaflux does not take it: The piece could not be written');
  expect(refused.stderr).not.toContain('in pieces');
  const finished = await stage.upload(folder, ...IN_PIECES).finished;
  expect(finished).toMatchObject({ code: 0 });
  const [done] = eventsIn(finished.stdout).filter(({ event }) => event === 'done');
  expect(done).toMatchObject({ transferredBytes: 3_000_000 - PIECE });
});

it('sends a file from its start again, and says so, whenever Mediaflux forgets what was sent of it', async () => {
  const folder = join(stage.work, 'forgotten');
  writeTree(folder, { 'scan.raw': bytesOf('forgotten', 6_000_000) });
  const { faults } = stage.emulator;
  const writes = (): number => faults.calls().filter(({ service }) => service === 'server.io.write').length;
  faults.forgetCalls();
  faults.set({ service: 'server.io.write', after: 2, action: { hold: true } });
  const mover = stage.upload(folder, ...IN_PIECES);
  for (const held of [3, 6, 9]) {
    await until(`write ${held}`, () => writes() >= held || undefined);
    expect(stage.emulator.forgetIoJobs()).toBeGreaterThan(0);
    faults.clear();
    if (held < 9) faults.set({ service: 'server.io.write', after: 2, action: { hold: true } });
  }
  expect(await mover.finished).toMatchObject({ code: 0 });
  expect(mover.stderr.match(/has forgotten what was sent of it/g)).toHaveLength(3);
});

it('waits for a Mediaflux that is away, says why, and goes on inside the file', async () => {
  const folder = join(stage.work, 'away');
  const size = 8_000_000;
  writeTree(folder, { 'scan.raw': bytesOf('away', size) });
  const before = stage.proxy.bytes;
  // The fifth piece is held up, so that the file has not gone before Mediaflux has.
  stage.emulator.faults.set({ service: 'server.io.write', after: 4, times: 1, action: { delayMs: 20_000 } });
  const mover = stage.upload(folder, ...IN_PIECES);
  await until('a part of the file having gone', () => stage.proxy.bytes - before > size / 2 || undefined);
  stage.proxy.isAway = true;
  stage.proxy.cut();
  stage.emulator.faults.clear();
  await mover.says(/Mediaflux (cannot|could not) be reached.*Waiting for it/);
  stage.proxy.isAway = false;
  expect(await mover.finished).toMatchObject({ code: 0 });
  expect(mover.stderr).toContain('It answers again');
  expect(stage.proxy.bytes - before).toBeLessThanOrEqual(size + PIECE + TALK);
});

it('gives up after the time that was asked for, with 1 and what to do', async () => {
  const folder = join(stage.work, 'given-up');
  writeTree(folder, { 'scan.raw': bytesOf('given up', 8_000_000) });
  const before = stage.proxy.bytes;
  stage.emulator.faults.set({ service: 'server.io.write', after: 2, times: 1, action: { delayMs: 20_000 } });
  const mover = stage.upload(folder, ...IN_PIECES, '--give-up-after', '1s');
  await until('a part of the file having gone', () => stage.proxy.bytes - before > 2_000_000 || undefined);
  stage.proxy.isAway = true;
  stage.proxy.cut();
  stage.emulator.faults.clear();
  const finished = await mover.finished;
  stage.proxy.isAway = false;
  expect(finished.code).toBe(1);
  expect(finished.stdout).toContain('Run the same command again to go on.');
});
