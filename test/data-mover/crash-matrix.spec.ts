// The client and the server killed, and the network cut, at seeded moments of uploads: each ends as it would have without.
// One folder number, one mail a recipient, every byte as it was, and little sent twice.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { bytesOf, writeTree } from '../support/files.js';
import { freePort } from '../support/free-port.js';
import { generator } from '../support/random.js';
import { BrokenJourney, type Kind, KINDS, PHASES, type Plan } from './broken-journey.js';
import { Stage } from './stage.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const FILES = LONG ? 500 : 120;
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_125);
const MOST_SENT = 1.3;

let stage: Stage;
const journeys: BrokenJourney[] = [];
beforeAll(async () => {
  // The server's address must outlive a restart.
  stage = await Stage.open({ PORT: String(await freePort()) });
});
afterAll(async () => {
  stage.emulator.faults.clear();
  for (const journey of journeys) await journey.close();
  await stage.close();
});

const random = generator(SEED);

const shuffled = (kinds: readonly Kind[]): Kind[] =>
  kinds
    .map((kind) => ({ kind, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ kind }) => kind);

const many = (kind: Kind, times: number): Kind[] => Array.from({ length: times }, () => kind);

/** All of each kind in each phase, and more while it sends; in the reduced one only what is named after the sending. */
const planOf = (rest: Omit<Plan, 'sending'>): Plan => ({
  sending: shuffled(LONG ? [...many('client', 20), ...many('server', 10), ...many('network', 5)] : KINDS),
  ...(LONG ? { manifest: shuffled(KINDS), verification: shuffled(KINDS), dispatch: shuffled(KINDS) } : rest),
});

async function begin(name: string, files: Record<string, Buffer>, plan: Plan) {
  const folder = join(stage.work, name);
  writeTree(folder, files);
  const journey = await BrokenJourney.begin(stage, folder, `${name}@example.org`, plan, random);
  journeys.push(journey);
  return { journey, bytes: Object.values(files).reduce((sum, { length }) => sum + length, 0) };
}

async function endsWell({ journey, bytes }: { journey: BrokenJourney; bytes: number }): Promise<void> {
  const ratio = await journey.ends(bytes);
  expect(ratio).toBeGreaterThanOrEqual(1);
  expect(ratio).toBeLessThanOrEqual(MOST_SENT);
}

it(`ends the same whatever is broken in each phase of uploads (seed ${SEED})`, async () => {
  // Whoever takes up what a killed server verified waits for its lease; the others go on meanwhile.
  const first = { ...planOf({ manifest: ['network'], verification: ['server'], dispatch: ['network'] }), sending: [] };
  const small = await begin('small', { 'a.txt': bytesOf('a', 1_000) }, first);
  await small.journey.hasBroken(first.manifest.length + first.verification.length);

  const files = Array.from({ length: FILES }, (_, index) => [
    `f${index % 7}/file-${index}.bin`,
    bytesOf(`f${index}`, 40_000 + ((index * 7_919) % 120_000)),
  ]);
  const plan = planOf({ manifest: ['server'], verification: ['client'], dispatch: ['server'] });
  const ofMany = await begin('many', Object.fromEntries(files) as Record<string, Buffer>, plan);
  await ofMany.journey.breakSending(ofMany.bytes);
  await endsWell(ofMany);

  const content = bytesOf('scan', LONG ? 200_000_000 : 40_000_000);
  const other = planOf({ manifest: ['client'], verification: ['network'], dispatch: ['client'] });
  const ofOne = await begin('one', { 'scan.raw': content }, other);
  await ofOne.journey.breakSending(ofOne.bytes);
  await endsWell(ofOne);

  await small.journey.ends(1);
  for (const { journey } of [small, ofMany, ofOne]) await journey.hasArrived();

  const happened = journeys.flatMap((journey) => journey.happened);
  expect(new Set(happened)).toEqual(new Set(PHASES.flatMap((phase) => KINDS.map((kind) => `${phase}: ${kind}`))));
  expect(happened).toHaveLength(LONG ? 3 * 9 + 2 * 35 : 3 * 3 + 2 * 3);
  const { items } = await stage.program.admin.expect<{ items: { folder: string; state: string }[] }>(
    200,
    'GET',
    '/api/v1/admin/uploads?limit=1000',
  );
  expect(items.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  expect(items.map(({ folder }) => /-1-(\d+)$/.exec(folder)?.[1]).sort()).toEqual(['1', '2', '3']);
}, 1_200_000);
