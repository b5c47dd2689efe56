// Downloads that a break and the end of their link meet, what a folder's manifest is worth after a fault of the disk,
// and what links that lead nowhere end with.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { breakDownload } from './broken-download.js';
import { letExpire, resharedLink } from './reshared-link.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
let source: string;
const LARGE = 30_000_000;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, { 'scan.raw': bytesOf('scan', LARGE), 'a.txt': 'a', 'b/c.txt': 'c' });
  // Fractions that no binary number holds.
  for (let index = 0; index < 60; index += 1) {
    const path = join(source, 'b', `t${index}.txt`);
    writeFileSync(path, `${index}`);
    const at = 1_597_738_837 + index * 977 + (index * 17 + 7) / 1_000 + 0.0004;
    utimesSync(path, at, at);
  }
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await stage.close();
});

const ownFolder = (out: string): string => join(out, '.instrument-dispatch');
const manifestOf = (out: string): string => join(ownFolder(out), 'manifest.ndjson');

const freshLink = (recipient: string) => resharedLink(stage, recipient);

/** A download that was killed in the middle of its large file. */
async function killedDownload(link: string): Promise<string> {
  const out = mkdtempSync(join(stage.work, 'out-'));
  await breakDownload({ stage, link, out, bytes: LARGE });
  return out;
}

it('goes on with what was begun before the link expired, and begins nothing new', async () => {
  const { link, deliveryId } = await freshLink('exa@example.org');
  const out = await killedDownload(link);
  await letExpire(stage, { link, deliveryId });
  const finished = await stage.mover('download', link, out, '--json').finished;
  expect(finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
  const delivery = await stage.program.admin.expect<{ methods: Record<string, { phase: string } | null> }>(
    200,
    'GET',
    `/api/v1/admin/deliveries/${deliveryId}`,
  );
  expect(delivery.methods['data-mover']).toMatchObject({ phase: 'completed' });
  const fresh = await stage.mover('download', link, join(stage.work, 'too-late'), '--json').finished;
  expect(fresh).toMatchObject({ code: 3 });
  expect(fresh.stdout).toContain('desk@example.org');
});

it('does not go on with another list of files than the one that it was begun with', async () => {
  const { link, deliveryId } = await freshLink('exb@example.org');
  const out = await killedDownload(link);
  await letExpire(stage, { link, deliveryId });
  for (const name of readdirSync(ownFolder(out))) if (name.endsWith('.ndjson')) rmSync(join(ownFolder(out), name));
  const finished = await stage.mover('download', link, out).finished;
  expect(finished).toMatchObject({ code: 3 });
  expect(finished.stderr).toContain('Ask whoever sent the link');
});

it('goes on with the same download after a break while the link is valid', async () => {
  const { link, deliveryId } = await freshLink('exc@example.org');
  const out = await killedDownload(link);
  expect(await stage.mover('download', link, out, '--json').finished).toMatchObject({ code: 0 });
  const { events } = await stage.program.admin.expect<{ events: { method: string; phase: string }[] }>(
    200,
    'GET',
    `/api/v1/admin/deliveries/${deliveryId}`,
  );
  const told = events.filter(({ method }) => method === 'data-mover').map(({ phase }) => phase);
  expect(told.sort()).toEqual(['completed', 'started']);
});

it('stops for good when the link is revoked, and ends with 3', async () => {
  const { link, deliveryId } = await freshLink('exd@example.org');
  const out = await killedDownload(link);
  await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${deliveryId}/revoke`);
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 3 });
  expect(existsSync(join(out, 'scan.raw'))).toBe(false);
});

it('ends with 3 for a link that there is not', async () => {
  const unknown = `${stage.program.endpoints.server}/s/${'x'.repeat(43)}`;
  expect(await stage.mover('download', unknown, join(stage.work, 'unknown')).finished).toMatchObject({ code: 3 });
});

it('keeps the times of files to the millisecond', async () => {
  const { link } = await freshLink('exe@example.org');
  const out = join(stage.work, 'times');
  expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
  const times = (folder: string) =>
    ['scan.raw', ...readdirSync(join(folder, 'b')).map((name) => join('b', name))].map((path) => [
      path,
      Math.floor(statSync(join(folder, path)).mtimeMs),
    ]);
  expect(times(out)).toEqual(times(source));
});

it.each([
  ['was cut after a line', (text: string) => text.split('\n').slice(0, 3).join('\n') + '\n'],
  ['lost its last line', (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)],
  ['was cut in a line', (text: string) => text.slice(0, -10)],
  ['is empty', () => ''],
  ['holds another path than it did', (text: string) => text.replace('a.txt', 'b.txt')],
  ['lost a line', (text: string) => text.replace(/^.*"a\.txt".*\n/m, '')],
  ['has another line at its end', (text: string) => `${text}${text.split('\n')[0] ?? ''}\n`],
])('takes no folder for whole whose manifest %s, and mends it', async (_, harm) => {
  const { link } = await freshLink('exf@example.org');
  const out = mkdtempSync(join(stage.work, 'harmed-'));
  expect(await stage.mover('download', link, out, '--only', '*.txt', '--only', 'b/**').finished).toMatchObject({
    code: 0,
  });
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
  const before = readFileSync(manifestOf(out), 'utf8');
  writeFileSync(manifestOf(out), harm(before));
  expect(readFileSync(manifestOf(out), 'utf8')).not.toBe(before);
  const verified = await stage.mover('verify', out).finished;
  expect(verified).toMatchObject({ code: 1, stdout: '' });
  expect(verified.stderr).toContain('run the download again');
  const again = await stage.mover('download', link, out, '--json', '--only', '*.txt', '--only', 'b/**').finished;
  expect(again.stderr).toContain('is damaged');
  expect(eventsIn(again.stdout)).toContainEqual(expect.objectContaining({ event: 'done', transferredBytes: 0 }));
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
});
