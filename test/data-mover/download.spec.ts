// Downloads and what is told of transfers: gone on with after a break, parts of the whole, disks that do not take it.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import { fullFor, mayBeFull } from './full-file.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
let source: string;
let link: string;
const LARGE = 60_000_000;
/** The last megabytes of what a kill left are not trusted. */
const UNSURE = 8_000_000;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, { 'raw/scan.raw': bytesOf('scan', LARGE), 'raw/notes.txt': 'notes', 'b/c.txt': 'c', 'd.txt': 'd' });
  mkdirSync(join(source, 'empty'));
  utimesSync(join(source, 'd.txt'), new Date('2020-08-18T08:20:37Z'), new Date('2020-08-18T08:20:37Z'));
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterAll(async () => {
  await stage.close();
});

const partialBytes = (out: string): number => {
  const folder = join(out, '.instrument-dispatch', 'partial');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
};

it('goes on inside a file after a kill, and shows no file under its name before it is whole', async () => {
  const out = join(stage.work, 'killed');
  stage.emulator.faults.set({ path: '/mflux/content.mfjp', action: { cutAfterBytes: LARGE / 2 } });
  const mover = stage.mover('download', link, out, '--json');
  await until('a quarter of the file', () => partialBytes(out) >= LARGE / 4 || undefined);
  await mover.kill();
  stage.emulator.faults.clear();
  expect(existsSync(join(out, 'raw', 'scan.raw'))).toBe(false);
  const finished = await stage.mover('download', link, out, '--json').finished;
  expect(finished).toMatchObject({ code: 0 });
  const scan = eventsIn(finished.stdout).find(({ event, path }) => event === 'file' && path === 'raw/scan.raw');
  expect(scan?.['bytes']).toBeLessThanOrEqual(LARGE * 0.75 + UNSURE);
  expect(contentsOf(out)).toEqual(contentsOf(source));
  expect(existsSync(join(out, 'empty'))).toBe(true);
  expect(existsSync(join(out, '.instrument-dispatch', 'partial'))).toBe(false);
});

it('fetches what --only names, adds the rest later, and knows all of it when it verifies', async () => {
  const out = join(stage.work, 'parts');
  expect(await stage.mover('download', link, out, '--only', 'b/**').finished).toMatchObject({ code: 0 });
  expect(Object.keys(contentsOf(out))).toEqual([join('b', 'c.txt')]);
  expect(await stage.mover('download', link, out, '--only', '*.txt').finished).toMatchObject({ code: 0 });
  expect(Object.keys(contentsOf(out)).sort()).toEqual([join('b', 'c.txt'), 'd.txt']);
  expect((await stage.mover('verify', out).finished).stdout).toContain('All 2 files');
  writeFileSync(join(out, 'd.txt'), 'D');
  const verified = await stage.mover('verify', out).finished;
  expect(verified).toMatchObject({ code: 1 });
  expect(verified.stderr).toContain('d.txt: its content is another');
});

it.each(['raw', 'raw/', './raw'])('takes the name of a folder in --only (%s) for what is under it', async (only) => {
  const out = join(stage.work, `folder-${only.replaceAll('/', '-')}`);
  expect(await stage.mover('download', link, out, '--only', only).finished).toMatchObject({ code: 0 });
  expect(Object.keys(contentsOf(out)).sort()).toEqual([join('raw', 'notes.txt'), join('raw', 'scan.raw')]);
});

it('says where paths begin when --only fits nothing', async () => {
  const { code, stderr } = await stage.mover('download', link, join(stage.work, 'none'), '--only', 'c.txt').finished;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('begin at the top of the data') });
});

it('misses an empty folder when it verifies, and tells of files that were not downloaded without taking them ill', async () => {
  const out = join(stage.work, 'verified');
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  const whole = await stage.mover('verify', out).finished;
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining('All 4 files are as they were uploaded.') });
  expect(whole.stderr).not.toContain('was not downloaded');
  writeTree(out, { 'raw/mine.txt': 'mine', 'more/of mine.txt': 'mine' });
  const more = await stage.mover('verify', out).finished;
  expect(more).toMatchObject({ code: 0, stdout: expect.stringContaining('All 4 files are as they were uploaded.') });
  expect(more.stderr).toMatch(/mine\.txt: it is in the folder and was not downloaded, as 1 more is/);
  rmSync(join(out, 'empty'), { recursive: true });
  const { code, stdout } = await stage.mover('verify', out, '--json').finished;
  const errors = eventsIn(stdout).filter(({ event }) => event === 'error');
  expect({ code, errors }).toEqual({
    code: 1,
    errors: [
      { event: 'error', path: expect.stringMatching(/^empty\/?$/), message: 'the empty folder is missing' },
      { event: 'error', message: '1 empty folder is missing; run the download again.' },
    ],
  });
  // A file in its place is none.
  writeFileSync(join(out, 'empty'), '');
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 1 });
  rmSync(join(out, 'empty'));
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
});

it('tells of a part whose paths are too many for one call', async () => {
  const folder = join(stage.work, 'many');
  // 1.2 MB of paths in all.
  const deep = ['x', 'y', 'z'].map((letter) => letter.repeat(240)).join('/');
  const names = Array.from({ length: 1_600 }, (_, number) => `plane-${number}-of-the-first-of-two-channels.tif`);
  writeTree(folder, { 'notes.txt': 'notes', ...Object.fromEntries(names.map((name) => [`${deep}/${name}`, name])) });
  const uploaded = await stage.mover('upload', '--settings', stage.settings, '--to', 'bo@example.org', folder).finished;
  expect(uploaded).toMatchObject({ code: 0 });
  const many = linkIn(await stage.program.mailbox.next('bo@example.org', /your data/));
  const fetched = await stage.mover('download', many, join(stage.work, 'few'), '--only', 'x*/**').finished;
  expect(fetched).toMatchObject({ code: 0 });
  const token = many.slice(many.lastIndexOf('/') + 1);
  const share = await fetch(`${stage.program.endpoints.server}/api/v1/shares/${token}`);
  expect(await share.json()).toMatchObject({
    methods: { 'data-mover': { phase: 'completed', files: 1_600, ofFiles: 1_601 } },
  });
});

it('names what is there and differs, fetches nothing then, and replaces it only when asked', async () => {
  const out = join(stage.work, 'differing');
  writeTree(out, { 'd.txt': 'mine' });
  const refused = await stage.mover('download', link, out).finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('d.txt: another file of this name is there');
  expect(Object.keys(contentsOf(out))).toEqual(['d.txt']);
  expect(await stage.mover('download', link, out, '--overwrite').finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

it('ends cleanly where a file is in the way of a folder, and names it', async () => {
  const out = join(stage.work, 'in-the-way');
  writeTree(out, { b: 'a file and not a folder' });
  const finished = await stage.mover('download', link, out).finished;
  expect(finished).toMatchObject({ code: 1 });
  expect(finished.stderr).toContain('b/c.txt:');
});

(mayBeFull ? it : it.skip)('ends cleanly on a full disk, says what to do, and leaves no half file', async () => {
  const out = join(stage.work, 'full');
  // Where the file is gathered before it has its name.
  const nodeOptions = fullFor(/small-1$/);
  const finished = await stage.moverOn({ nodeOptions }, 'download', link, out, '--only', 'd.txt').finished;
  expect(finished).toMatchObject({ code: 1 });
  expect(finished.stderr).toContain('d.txt: the disk is full; make room, and run the same command again');
  expect(existsSync(join(out, 'd.txt'))).toBe(false);
  expect(await stage.mover('download', link, out, '--only', 'd.txt').finished).toMatchObject({ code: 0 });
});

it('writes through no link that leads out of the folder, and through one that leads to another place in it', async () => {
  const out = join(stage.work, 'linked');
  const outside = join(stage.work, 'outside');
  mkdirSync(out);
  mkdirSync(outside);
  symlinkSync(join('..', 'outside'), join(out, 'b'));
  const refused = await stage.mover('download', link, out).finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('b/c.txt: b is a link that leads out of the folder; remove it');
  expect(readdirSync(outside)).toEqual([]);
  expect(contentsOf(out)).toEqual({});
  rmSync(join(out, '.instrument-dispatch'), { recursive: true });
  symlinkSync(join('..', 'outside'), join(out, '.instrument-dispatch'));
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 1 });
  expect(readdirSync(outside)).toEqual([]);
  rmSync(join(out, '.instrument-dispatch'));
  rmSync(join(out, 'b'));
  mkdirSync(join(out, 'elsewhere'));
  symlinkSync('elsewhere', join(out, 'b'));
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  expect(readdirSync(join(out, 'elsewhere'))).toEqual(['c.txt']);
});

it('follows links only when asked, and refuses one that leads back', async () => {
  const folder = join(stage.work, 'links');
  writeTree(folder, { 'in/a.txt': 'a' });
  writeTree(join(stage.work, 'elsewhere'), { 'e.txt': 'e' });
  symlinkSync(join(stage.work, 'elsewhere'), join(folder, 'in', 'out'));
  const left = await stage.upload(join(folder, 'in')).finished;
  expect(left).toMatchObject({ code: 0 });
  expect(left.stderr).toContain('out: left out');
  const taken = await stage.upload(join(folder, 'in'), '--follow-symlinks').finished;
  expect(taken).toMatchObject({ code: 0 });
  expect(eventsIn(taken.stdout)).toContainEqual(expect.objectContaining({ event: 'done', files: 2 }));
  symlinkSync(folder, join(folder, 'in', 'loop'));
  const refused = await stage.upload(join(folder, 'in'), '--follow-symlinks').finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stdout).toContain('a link back to a folder that it lies in');
});

it('prints events as the contract has them, and logs without tokens and addresses', async () => {
  const folder = join(stage.work, 'events');
  writeTree(folder, { 'a.txt': 'aa', 'b.txt': 'b' });
  const finished = await stage.upload(folder).finished;
  const events = eventsIn(finished.stdout);
  expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['start', 'file', 'done']));
  const known = new Set(['start', 'file', 'progress', 'done', 'error']);
  expect(events.filter(({ event }) => !known.has(String(event)))).toEqual([]);
  expect(events).toContainEqual({ event: 'file', path: 'a.txt', bytes: 2, skipped: false });
  expect(events.at(-1)).toMatchObject({ event: 'done', files: 2, bytes: 3, transferredBytes: 3 });
  const token = /<token>(.*)<\/token>/.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? 'none';
  let logs = 0;
  for (const entry of readdirSync(stage.state, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    if (entry.name === 'transfer.log') logs += 1;
    expect(text).not.toContain(token);
    expect(text).not.toContain(link.split('/').at(-1));
    expect(text).not.toContain('ada@example.org');
  }
  expect(logs).toBeGreaterThan(1);
});

it('names a file that cannot be read, in a verification and where it is in the way, and looks at the others', async () => {
  const out = join(stage.work, 'unreadable');
  const fetch = (...more: string[]) => stage.mover('download', link, out, '--json', ...more).finished;
  expect(await fetch()).toMatchObject({ code: 0 });
  // A link to itself: even an administrator cannot read it.
  rmSync(join(out, 'b', 'c.txt'));
  symlinkSync('c.txt', join(out, 'b', 'c.txt'));
  writeFileSync(join(out, 'd.txt'), 'D');
  const errors = (stdout: string) => eventsIn(stdout).filter(({ event }) => event === 'error');
  expect(errors((await stage.mover('verify', out, '--json').finished).stdout)).toEqual([
    { event: 'error', path: 'b/c.txt', message: 'it cannot be read (ELOOP)' },
    { event: 'error', path: 'd.txt', message: 'its content is another' },
    { event: 'error', message: expect.stringMatching(/^2 of 4 files/) },
  ]);
  expect(errors((await fetch()).stdout)).toEqual([
    { event: 'error', path: 'b/c.txt', message: 'it cannot be read (ELOOP); move it, or use --overwrite' },
    { event: 'error', path: 'd.txt', message: expect.stringContaining('another file of this name is there') },
    { event: 'error', message: expect.stringMatching(/^2 files are there already/) },
  ]);
  expect(await fetch('--overwrite')).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});

// Only Linux has a file system that makes no folder and says that the place is not there.
(existsSync('/proc/self') ? it : it.skip)('ends where no folder can be made, instead of trying for ever', async () => {
  const { code, stderr } = await stage.mover('download', link, '/proc/here/and/there').finished;
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('/proc/here/and/there cannot be used as a folder to download into (ENOENT)'),
  });
});
