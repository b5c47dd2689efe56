// Bytes that turn round on Mediaflux's own disk while the recorded checksums stay as they were: no verification finds that,
// and every download does (docs/mediaflux-assumptions.md, k).

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { AnotherHand } from './another-hand.js';
import { Front } from './front.js';
import { eventsIn, Stage } from './stage.js';

// Small files enough to come together in one archive, and two that come alone for their size.
const SMALL = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`many/${index}.txt`, `small ${index}`]));
const TREE = { ...SMALL, 'a.raw': bytesOf('a', 300_000), 'b.raw': bytesOf('b', 2_000_000) };
const FILES = Object.keys(TREE).length;
const DAMAGED = { 'b.raw': 1_234_567, 'many/7.txt': 0 };
const TOLD = 'it arrived damaged 3 times; if it does so again, please tell whoever sent the link';

let stage: Stage;
let front: Front;
let hand: AnotherHand;
let source: string;

beforeAll(async () => {
  stage = await Stage.open();
  front = await Front.before(stage.program.endpoints.server);
  hand = new AnotherHand(stage);
  source = join(stage.work, 'in');
  writeTree(source, TREE);
});
afterAll(async () => {
  await hand.close();
  await front.close();
  await stage.close();
});

/** Turns the bytes round, or back. */
async function turnBytes(): Promise<void> {
  const data = await hand.newest();
  for (const [path, offset] of Object.entries(DAMAGED)) {
    const body = JSON.stringify({ asset: `${data}/${path}`, offset });
    const { status } = await fetch(`${stage.emulator.controlUrl ?? ''}/flip-byte`, { method: 'POST', body });
    expect(status).toBe(200);
  }
}

interface Delivery {
  accessedAt: string | null;
  methods: Record<string, { phase: string } | null>;
}

async function deliveryOf(uploadId: string): Promise<Delivery> {
  const { admin } = stage.program;
  const upload = `/api/v1/admin/uploads/${uploadId}`;
  const { deliveries } = await admin.expect<{ deliveries: { id: string }[] }>(200, 'GET', upload);
  return admin.expect<Delivery>(200, 'GET', `/api/v1/admin/deliveries/${deliveries[0]?.id ?? ''}`);
}

it('are found by each download, which names the files, gives them no name on the disk, and brings all others', async () => {
  const token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
  front.doFirst(/POST .*\/complete$/, turnBytes);
  const args = ['--url', front.url, '--token', token, '--to', 'ada@example.org', '--json', source];
  const uploaded = await stage.mover('upload', ...args).finished;
  expect(uploaded.code).toBe(0);
  const uploadId = String(eventsIn(uploaded.stdout).at(-1)?.['uploadId']);
  const link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  const out = join(stage.work, 'out');
  const download = () => stage.mover('download', link, out, '--json').finished;
  const whole = contentsOf(source);
  const sound = Object.fromEntries(Object.entries(whole).filter(([path]) => !(path in DAMAGED)));

  // Nothing of what is there is fetched anew by the second.
  for (const fetched of [FILES - 2, 0]) {
    const { code, stdout } = await download();
    expect(code).toBe(1);
    const events = eventsIn(stdout);
    const errors = events.filter(({ event }) => event === 'error');
    expect(errors.slice(0, -1).sort((left, right) => (String(left['path']) < String(right['path']) ? -1 : 1))).toEqual(
      Object.keys(DAMAGED).map((path) => ({ event: 'error', path, message: TOLD })),
    );
    expect(errors.at(-1)?.['message']).toMatch(`2 of ${FILES} files could not be fetched. Run the same command again`);
    expect(events.filter(({ event, skipped }) => event === 'file' && skipped === false)).toHaveLength(fetched);
    expect(contentsOf(out)).toEqual(sound);
    expect(readdirSync(join(out, '.instrument-dispatch', 'partial'))).toEqual([]);
    expect(await deliveryOf(uploadId)).toMatchObject({
      accessedAt: null,
      methods: { 'data-mover': { phase: 'failed' } },
    });
  }
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 1 });

  await turnBytes();
  const { code, stdout } = await download();
  expect(code).toBe(0);
  const transferredBytes = Object.keys(DAMAGED).reduce((sum, path) => sum + readFileSync(join(source, path)).length, 0);
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: FILES, transferredBytes });
  expect(contentsOf(out)).toEqual(whole);
  expect(existsSync(join(out, '.instrument-dispatch', 'partial'))).toBe(false);
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
  expect((await deliveryOf(uploadId)).methods['data-mover']).toMatchObject({ phase: 'completed' });
});
