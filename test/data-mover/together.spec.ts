// Small files that come many at a time: fewer requests, the same files; what does not come so is fetched alone.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultAction } from '../../emulator/control/faults.js';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { AnotherHand } from './another-hand.js';
import { eventsIn, Stage } from './stage.js';

const SMALL = 900;
const TEXT = 'planes/notes.txt';
const nameOf = (index: number): string => `planes/größe ${index % 7}/plane-${String(index).padStart(3, '0')}.tif`;

let stage: Stage;
let source: string;
let link: string;
let hand: AnotherHand;
let out = 0;
const into = (): string => join(stage.work, `out-${(out += 1)}`);

beforeAll(async () => {
  stage = await Stage.open();
  hand = new AnotherHand(stage);
  source = join(stage.work, 'in');
  writeTree(source, {
    ...Object.fromEntries(
      Array.from({ length: SMALL }, (_, index) => [
        nameOf(index),
        bytesOf(nameOf(index), 1 + ((index * 997) % 20_000)),
      ]),
    ),
    'large.bin': bytesOf('large', 300_000),
    'empty.txt': Buffer.alloc(0),
    [TEXT]: Buffer.from('words, these and not'),
  });
  utimesSync(join(source, nameOf(7)), 1_500_000_000, 1_500_000_000);
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
beforeEach(() => stage.emulator.faults.forgetCalls());
afterEach(() => stage.emulator.faults.clear());
afterAll(async () => {
  await hand.close();
  await stage.close();
});

const calls = () => {
  const all = stage.emulator.faults.calls();
  return {
    archives: all.filter(({ service }) => service === 'asset.archive.create').length,
    alone: all.filter(({ path }) => path.includes('content.mfjp')).length,
  };
};
const archives = (action: FaultAction): void => stage.emulator.faults.set({ service: 'asset.archive.create', action });

describe('many small files', () => {
  it('come in a few archives, each file with its content and its time, and the rest alone', async () => {
    const target = into();
    const finished = await stage.mover('download', link, target, '--json').finished;
    expect(finished).toMatchObject({ code: 0 });
    expect(contentsOf(target)).toEqual(contentsOf(source));
    expect(statSync(join(target, nameOf(7))).mtimeMs).toBe(1_500_000_000_000);
    const { files, bytes, transferredBytes } = eventsIn(finished.stdout).at(-1) ?? {};
    expect({ files, transferredBytes }).toEqual({ files: SMALL + 3, transferredBytes: bytes });
    // Of some 2 MiB each; a list that lets us wait makes some more of them.
    expect(calls().archives).toBeGreaterThanOrEqual(5);
    expect(calls().archives).toBeLessThanOrEqual(14);
    expect(calls().alone).toBeLessThanOrEqual(10);
  });

  it.each<[string, FaultAction]>([
    ['are refused', { error: 'not authorized to call service asset.archive.create' }],
    [
      'are not permitted',
      {
        error: 'asset.archive.create is not for you',
        errorClass: 'arc.mf.server.actor.ExNotAuthorized',
      },
    ],
    ['are not known there', { error: 'The service asset.archive.create does not exist' }],
    ['meet a proxy that does not let them through', { status: 415 }],
    ['find no room', { error: 'There is not enough space left in the store' }],
  ])('are fetched alone where archives %s, which are asked for once', async (_, action) => {
    archives(action);
    const target = into();
    const finished = await stage.mover('download', link, target).finished;
    expect(finished).toMatchObject({ code: 0 });
    expect(`${finished.stdout}${finished.stderr}`).not.toContain('Waiting');
    expect(contentsOf(target)).toEqual(contentsOf(source));
    expect(calls().alone).toBeGreaterThanOrEqual(SMALL);
    // Once by each that fetches, at most.
    expect(calls().archives).toBeLessThanOrEqual(4);
  });

  it.each<[string, FaultAction]>([
    ['break off', { cutAfterBytes: 20_000 }],
    ['are answered that it is busy', { status: 503 }],
  ])('are fetched alone where archives %s, which are given up after some', async (_, action) => {
    archives(action);
    const target = into();
    const finished = await stage.mover('download', '--parallel', '1', link, target).finished;
    expect(finished).toMatchObject({ code: 0 });
    expect(contentsOf(target)).toEqual(contentsOf(source));
    expect(calls().alone).toBeGreaterThanOrEqual(SMALL);
    expect(calls().archives).toBe(4);
  });

  it('come no more when the link is revoked while archives are on their way, which ends with 3', async () => {
    const { admin, mailbox } = stage.program;
    const { items } = await admin.expect<{ items: { id: string }[] }>(200, 'GET', '/api/v1/admin/uploads?limit=1');
    const path = `/api/v1/admin/uploads/${items[0]?.id ?? ''}/deliveries`;
    const { id } = await admin.expect<{ id: string }>(201, 'POST', path, { recipient: 'bob@example.org' });
    archives({ hold: true });
    const its = linkIn(await mailbox.next('bob@example.org', /your data/));
    const mover = stage.mover('download', its, into());
    await until('archives being asked for', () => calls().archives > 0 || undefined);
    await admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/revoke`);
    stage.emulator.faults.clear();
    const finished = await mover.finished;
    expect(finished).toMatchObject({ code: 3 });
    expect(finished.stderr).toContain('desk@example.org');
  });

  it('come, and each that Mediaflux holds otherwise, or no longer, is named', async () => {
    const data = await hand.newest();
    await hand.put(`${data}/${TEXT}`, 'other words, as many');
    await hand.destroy(`${data}/${nameOf(100)}`);
    const target = into();
    const finished = await stage.mover('download', link, target).finished;
    expect(finished).toMatchObject({ code: 1 });
    expect(finished.stderr).toContain(`${TEXT}: its checksum is not the one that was recorded at the upload`);
    expect(finished.stderr).toContain(`${nameOf(100)}: Mediaflux no longer has it`);
    expect(finished.stderr).toContain(`2 of ${SMALL + 3} files could not be fetched`);
    const { [nameOf(100)]: lost, [TEXT]: changed, ...others } = contentsOf(source);
    expect([lost, changed]).not.toContain(undefined);
    expect(contentsOf(target)).toEqual(others);
  });
});
