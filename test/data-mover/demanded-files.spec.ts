// What `verify` demands of a folder: what commands that went through have brought into it, and what one that was broken off
// was to bring, until another command for the same link says what is wanted; never what a refused one would have brought.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { breakDownload } from './broken-download.js';
import { letExpire, type ResharedLink, resharedLink } from './reshared-link.js';
import { Stage } from './stage.js';

const LARGE = 30_000_000;
let stage: Stage;
let work: string;
let out: string;
/** Of a large file in `raw`, and small ones in `a`. */
let link: string;
/** Of the same. */
let expiring: ResharedLink;

beforeAll(async () => {
  stage = await Stage.open();
  link = await linkOf('all', {
    'raw/scan.raw': bytesOf('scan', LARGE),
    'a/1.txt': 'one',
    'a/2.txt': 'two',
    'd.txt': 'd',
  });
  expiring = await resharedLink(stage, 'expiring@example.org');
});
afterAll(async () => {
  await stage.close();
});
beforeEach(() => {
  work = mkdtempSync(join(stage.work, 'work-'));
  out = join(work, 'out');
});

async function linkOf(name: string, files: Record<string, string | Buffer>): Promise<string> {
  const folder = join(stage.work, `in-${name}`);
  writeTree(folder, files);
  const recipient = `${name}@example.org`;
  const args = ['upload', '--settings', stage.settings, '--to', recipient, folder];
  expect(await stage.mover(...args).finished).toMatchObject({ code: 0 });
  return linkIn(await stage.program.mailbox.next(recipient, /your data/));
}

const download = (from: string, ...more: string[]) => stage.mover('download', from, out, ...more).finished;
const verify = () => stage.mover('verify', out).finished;
const ownNames = (): string[] => readdirSync(join(out, '.instrument-dispatch')).sort();

const whole = (files: number) => ({
  code: 0,
  stdout: expect.stringContaining(`All ${files} files are as they were uploaded.`) as unknown,
});

it.each([
  ['sizes show', 'another one', 'nothing was fetched'],
  ['only the contents show', 'ONE', 'left as before'],
])('demands nothing of a download that was refused for files that differ, as %s', async (seen, content, told) => {
  const other = await linkOf(seen.replaceAll(' ', '-'), { 'a/1.txt': content, 'a/2.txt': 'two' });
  expect(await download(link, '--only', 'a/**')).toMatchObject({ code: 0 });
  const names = ownNames();
  const refused = await download(other);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(told) });
  expect(await verify()).toMatchObject(whole(2));
  if (told === 'nothing was fetched') expect(ownNames()).toEqual(names);
  expect(await download(link, '--only', 'a/**')).toMatchObject({ code: 0 });
  expect(await verify()).toMatchObject(whole(2));
});

it('demands nothing of a folder in which every download was refused', async () => {
  writeTree(out, { 'd.txt': 'my own' });
  expect(await download(link)).toMatchObject({ code: 1 });
  expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no manifest') });
});

it('demands all of a download that was killed, until the next command for its link wants less', async () => {
  await breakDownload({ stage, link, out, bytes: LARGE });
  expect(await verify()).toMatchObject({ code: 1, stderr: expect.stringContaining('raw/scan.raw: it is missing') });
  expect(await download(link, '--only', 'a/**')).toMatchObject({ code: 0 });
  expect(await verify()).toMatchObject(whole(2));
  expect(ownNames()).toEqual(['manifest.ndjson']);
  expect(await download(link)).toMatchObject({ code: 0 });
  expect(await verify()).toMatchObject(whole(4));
});

it('goes on demanding all of a download that was killed after another command for its link was refused', async () => {
  expect(await download(link, '--only', 'd.txt')).toMatchObject({ code: 0 });
  await breakDownload({ stage, link, out, bytes: LARGE });
  writeFileSync(join(out, 'd.txt'), 'changed');
  expect(await download(link, '--only', 'd.txt')).toMatchObject({ code: 1 });
  writeFileSync(join(out, 'd.txt'), 'd');
  const verified = await verify();
  expect(verified).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 4 files') });
  expect(verified.stderr).toContain('raw/scan.raw: it is missing');
});

it('demands what a download that was killed was to put in the place of what was there', async () => {
  const scan = bytesOf('another scan', LARGE);
  const other = await linkOf('overwriting', { 'raw/scan.raw': scan });
  expect(await download(link)).toMatchObject({ code: 0 });
  await breakDownload({ stage, link: other, out, bytes: LARGE }, '--overwrite');
  expect(await verify()).toMatchObject({ code: 1, stderr: expect.stringContaining('its content is another') });
  expect(await download(other, '--overwrite')).toMatchObject({ code: 0 });
  expect(await verify()).toMatchObject(whole(4));
});

it('demands the part that was fetched of a download that goes on after its link has expired', async () => {
  await breakDownload({ stage, link: expiring.link, out, bytes: LARGE });
  await letExpire(stage, expiring);
  expect(await verify()).toMatchObject({ code: 1 });
  expect(await download(expiring.link, '--only', 'a')).toMatchObject({ code: 0 });
  expect(await verify()).toMatchObject(whole(2));
});
