// What is remembered of files that were verified: only what was on the disk by then, and only as long as nobody has written
// to them. Real files, set time.

import { beforeEach, expect, it } from '@jest/globals';
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookAt, type Mark } from '../../data-mover/download/present/comparing.js';
import type { ManifestLine } from '../../data-mover/download/manifest.js';
import { NOTED_BYTES, VerifiedFiles } from '../../data-mover/download/present/verified-files.js';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';

const CONTENT = bytesOf('content', NOTED_BYTES);
const RESTED = 61_000;
let folder: string;
let notes: string;
let place: string;
let line: ManifestLine;
let now = 0;

beforeEach(() => {
  folder = freshFolder();
  notes = join(folder, 'verified.ndjson');
  place = join(folder, 'a.raw');
  writeFileSync(place, CONTENT);
  utimesSync(place, 1_597_738_837, 1_597_738_837);
  const mtime = new Date(1_597_738_837_000).toISOString();
  line = { path: 'a.raw', type: 'file', size: CONTENT.length, crc32: crc32Text(crc32(CONTENT)), mtime };
  now = 0;
});

const opened = (): VerifiedFiles => new VerifiedFiles(notes, () => now);

async function markNow(): Promise<Mark> {
  const found = await lookAt(place, line);
  if (typeof found === 'string') throw new Error(`It is ${found}.`);
  return found;
}

/** In a run of its own. */
const isKnown = async (of: ManifestLine = line): Promise<boolean> => {
  const later = opened();
  const found = later.has(of, await markNow());
  later.close();
  return found;
};

async function note(restMs = RESTED, meanwhile: () => void = () => undefined): Promise<void> {
  const run = opened();
  await run.fetched(line, place);
  meanwhile();
  now += restMs;
  await run.settle();
  run.close();
}

it('knows a file that has rested since it was fetched, and one that was read', async () => {
  expect(await isKnown()).toBe(false);
  await note();
  expect(await isKnown()).toBe(true);
  rmSync(notes);
  const run = opened();
  run.checked(line, place, await markNow());
  now += RESTED;
  await run.settle();
  run.close();
  expect(await isKnown()).toBe(true);
});

it.each([
  ['its content', () => writeFileSync(place, bytesOf('other', NOTED_BYTES))],
  ['its times', () => utimesSync(place, 1_597_738_838, 1_597_738_838)],
  [
    'its content, with its time set back',
    () => {
      writeFileSync(place, bytesOf('other', NOTED_BYTES));
      utimesSync(place, 1_597_738_837, 1_597_738_837);
    },
  ],
])('does not know a file any more when somebody changes %s', async (_, change) => {
  await note();
  change();
  expect(await isKnown()).toBe(false);
});

it('does not know it for the file of another line', async () => {
  await note();
  expect(await isKnown({ ...line, crc32: '00000001' })).toBe(false);
  expect(await isKnown({ ...line, path: 'b.raw' })).toBe(false);
});

it('notes nothing that may not be on the disk yet', async () => {
  await note(59_000);
  expect(await isKnown()).toBe(false);
});

it.each([
  ['changes before it has rested', () => appendFileSync(place, 'more')],
  ['goes before it has rested', () => rmSync(place)],
])('notes no file that %s', async (_, meanwhile) => {
  await note(RESTED, meanwhile);
  expect(statSync(notes, { throwIfNoEntry: false })).toBeUndefined();
});

it('notes no file that is written to before it is looked at', async () => {
  writeFileSync(place, bytesOf('other', NOTED_BYTES));
  await note();
  expect(statSync(notes, { throwIfNoEntry: false })).toBeUndefined();
});

it('notes no small files', async () => {
  writeFileSync(place, 'small');
  utimesSync(place, 1_597_738_837, 1_597_738_837);
  line = { ...line, size: 5, crc32: crc32Text(crc32(Buffer.from('small'))) };
  await note();
  expect(statSync(notes, { throwIfNoEntry: false })).toBeUndefined();
});

it('reads past what a break left of a line, and writes none behind it', async () => {
  writeFileSync(notes, '{"path":"a.raw","crc');
  await note();
  expect(await isKnown()).toBe(true);
  expect(readFileSync(notes, 'utf8').split('\n')).toHaveLength(3);
});

it('forgets lines that later ones have replaced, once they are many', async () => {
  await note();
  const known = readFileSync(notes, 'utf8');
  const stale = JSON.stringify({ path: 'a.raw', crc32: '00000001', modifiedMs: 1, changedMs: 1 });
  writeFileSync(notes, `${stale}\n`.repeat(10_100) + known);
  expect(await isKnown()).toBe(true);
  expect(readFileSync(notes, 'utf8').trim()).toBe(known.trim());
});

it('holds up nothing where notes cannot be kept', async () => {
  mkdirSync(notes);
  await note();
  expect(await isKnown()).toBe(false);
});
