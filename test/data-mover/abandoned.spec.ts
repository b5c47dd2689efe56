// An upload that was broken off and then given up: the same command goes on with it as long as its folder is there, and sends
// what is missing and nothing else.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { type KnownUpload, uploadsOf } from './watched.js';

const PIECE = 150_000;
const IN_PIECES = ['--parallel', '1', '--piece-above', '150kB', '--piece-size', '150kB'];
const TREE = { 'a.txt': 'a', 'b.raw': bytesOf('b', 3 * PIECE), 'c/d.txt': 'd' };
const WRITE = 'server.io.write';

let stage: Stage;
let operator: Api;

beforeAll(async () => {
  stage = await Stage.open({ SWEEP_INTERVAL: 'PT1S' });
  const token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
  operator = new Api(stage.program.endpoints.server, token);
});
afterAll(() => stage.close());

const upload = (folder: string, recipient: string): Mover =>
  stage.mover('upload', '--settings', stage.settings, '--to', recipient, '--json', ...IN_PIECES, folder);

const piecesSent = (): number => stage.emulator.faults.calls().filter(({ service }) => service === WRITE).length;

/** A folder of which `a.txt` and the first of three pieces of `b.raw` are in Mediaflux when its upload is killed. */
async function brokenOff(name: string, recipient: string): Promise<KnownUpload & { source: string }> {
  const source = join(stage.work, name);
  writeTree(source, TREE);
  const { faults } = stage.emulator;
  faults.forgetCalls();
  faults.set({ service: WRITE, after: 1, times: 1, action: { hold: true } });
  const mover = upload(source, recipient);
  await Promise.race([
    until('the second piece being on its way', () => piecesSent() > 1 || undefined),
    mover.finished.then(({ stdout, stderr }) => Promise.reject(new Error(stdout + stderr))),
  ]);
  await mover.kill();
  faults.clear();
  const [begun] = await uploadsOf(stage);
  if (!begun) throw new Error('Nothing was begun.');
  expect(begun.state).toBe('open');
  return { ...begun, source };
}

async function byTheService(): Promise<void> {
  const { admin } = stage.program;
  const platform = `/api/v1/admin/platforms/${stage.platformId}`;
  await admin.expect(200, 'PATCH', platform, { stallNotice: 'PT1S', stallLimit: 'PT2S' });
  await until('the upload being given up', async () => (await uploadsOf(stage))[0]?.state === 'abandoned' || undefined);
  await admin.expect(200, 'PATCH', platform, { stallNotice: 'P1D', stallLimit: 'P7D' });
}

async function byItsOperator({ id }: KnownUpload): Promise<void> {
  await operator.expect(204, 'DELETE', `/api/v1/uploads/${id}`);
  expect((await uploadsOf(stage))[0]).toMatchObject({ id, state: 'abandoned' });
}

const dispatchedTo = async (recipient: string): Promise<number> =>
  (await stage.program.mailbox.to(recipient)).filter(({ subject }) => subject.includes('your data')).length;

it.each([
  ['the service, since nothing came', byTheService],
  ['its operator', byItsOperator],
])(
  'that was given up by %s goes on in its folder, sends only what is missing, and is told of once',
  async (_, giveUp) => {
    const recipient = `${giveUp.name.toLowerCase()}@example.org`;
    const begun = await brokenOff(giveUp.name, recipient);
    const { id: uploadId, folder, source } = begun;
    const before = await uploadsOf(stage);
    await giveUp(begun);
    stage.emulator.faults.forgetCalls();
    const { code, stdout } = await upload(source, recipient).finished;
    expect(code).toBe(0);
    const events = eventsIn(stdout).filter(({ event }) => event !== 'progress');
    expect(events).toEqual([
      { event: 'start', uploadId, folder, files: 3, bytes: 3 * PIECE + 2 },
      { event: 'file', path: 'a.txt', bytes: 0, skipped: true },
      { event: 'file', path: 'b.raw', bytes: 2 * PIECE, skipped: false },
      { event: 'file', path: 'c/d.txt', bytes: 1, skipped: false },
      { event: 'done', uploadId, folder, files: 3, bytes: 3 * PIECE + 2, transferredBytes: 2 * PIECE + 1 },
    ]);
    expect(piecesSent()).toBe(2);
    const after = await uploadsOf(stage);
    expect(after).toHaveLength(before.length);
    expect(after[0]).toMatchObject({ id: uploadId, folder, state: 'complete', files: 3 });
    const link = linkIn(await stage.program.mailbox.next(recipient, /your data/));
    const out = join(stage.work, `${giveUp.name}-out`);
    expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(source));
    expect(await dispatchedTo(recipient)).toBe(1);
  },
);

it('goes to whom the command names that takes it up again, and to nobody else', async () => {
  const begun = await brokenOff('renamed', 'old@example.org');
  await byItsOperator(begun);
  const { code, stderr } = await upload(begun.source, 'new@example.org').finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('changed in it: recipients.') });
  expect((await uploadsOf(stage))[0]).toMatchObject({ id: begun.id, state: 'complete' });
  await stage.program.mailbox.next('new@example.org', /your data/);
  expect([await dispatchedTo('new@example.org'), await dispatchedTo('old@example.org')]).toEqual([1, 0]);
});
