// A folder to download into, or one below it, that may not be written: told as such, with what to do, and gone on from when
// it may. Who runs the tests as root runs the program without the power to write everywhere.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { linkIn } from '../support/mailbox.js';
import { type Mover, Stage } from './stage.js';

const POWERS = '-dac_override,-dac_read_search';
const under = process.getuid?.() === 0 ? ['setpriv', `--inh-caps=${POWERS}`, `--bounding-set=${POWERS}`] : [];
const WHAT_TO_DO = 'it may not be written there; choose another folder, or change its permissions';

function lockedFolder(...names: string[]): string {
  const folder = join(freshFolder(), ...names);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o555);
  return folder;
}

/** Does the system keep the program from writing where it may not? */
function isKeptOut(): boolean {
  const script = `try { fs.mkdirSync(process.argv[1]) } catch ({ code }) { process.exitCode = code === 'EACCES' ? 7 : 1 }`;
  const [program = '', ...first] = [...under, process.execPath, '-e', script, join(lockedFolder(), 'new')];
  return spawnSync(program, first, { stdio: 'ignore' }).status === 7;
}

const disk = join(freshFolder(), 'disk');
mkdirSync(disk);
const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const mountDisk = (): boolean => mount('-t', 'tmpfs', '-o', 'size=24m', 'none', disk);
const unmountDisk = (): boolean => spawnSync('umount', [disk], { stdio: 'ignore' }).status === 0;
const mayMount = mountDisk() && unmountDisk();

let stage: Stage;
let source: string;
let link: string;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, {
    'a.txt': 'a',
    'alone/b.txt': 'b',
    'large/scan.raw': bytesOf('scan', 3_000_000),
    ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`together/${index}.txt`, `file ${index}`])),
  });
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterAll(() => stage.close());

async function expectRefused(mover: Mover, where: RegExp): Promise<void> {
  const { code, stdout, stderr } = await mover.finished;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const told = stderr.split('\n').find((line) => line.endsWith(WHAT_TO_DO));
  expect(told ?? stderr).toMatch(new RegExp(`^${where.source}: ${WHAT_TO_DO}$`));
  expect(stderr).not.toMatch(/EACCES|EPERM|EROFS|\n +at /);
}

// Where nobody is kept out, `npm test` says so.
(isKeptOut() ? describe : describe.skip)('without permission', () => {
  const download = (out: string, ...more: string[]): Mover => stage.moverOn({ under }, 'download', link, out, ...more);

  it.each([
    ['the folder', (folder: string) => folder],
    ['the one that it would be made in', (folder: string) => join(folder, 'new')],
  ])('to write %s it ends before anything is fetched, and with it the same command completes', async (_, target) => {
    const locked = lockedFolder('locked');
    const out = target(locked);
    await expectRefused(download(out), new RegExp(out));
    expect(readdirSync(locked)).toEqual([]);
    chmodSync(locked, 0o755);
    expect(await download(out).finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(source));
  });

  it.each([
    ['alone', ['--only', 'alone/**']],
    ['large', []],
    ['together', ['--only', '*/*.txt']],
  ])('to write a folder of files that come %s it names one of them, and goes on from there', async (name, only) => {
    const locked = lockedFolder('out', name);
    const out = join(locked, '..');
    await expectRefused(download(out, ...only), new RegExp(`${name}/[^/]+`));
    expect(readdirSync(locked)).toEqual([]);
    chmodSync(locked, 0o755);
    expect(await download(out).finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(source));
  });
});

// Where this process may not mount a disk of its own, `npm test` says so.
(mayMount ? describe : describe.skip)('a disk that is read-only', () => {
  beforeAll(() => expect(mountDisk()).toBe(true));
  afterAll(() => expect(unmountDisk()).toBe(true));

  it('is told at the first run and when it has become so, and gone on from when it may be written', async () => {
    const out = join(disk, 'out');
    const mode = (how: 'ro' | 'rw'): void => expect(mount('-o', `remount,${how}`, disk)).toBe(true);
    mode('ro');
    await expectRefused(stage.mover('download', link, out), new RegExp(out));
    mode('rw');
    expect(await stage.mover('download', link, out, '--only', 'a.txt').finished).toMatchObject({ code: 0 });
    mode('ro');
    await expectRefused(stage.mover('download', link, out), /\.instrument-dispatch/);
    expect(Object.keys(contentsOf(out))).toEqual(['a.txt']);
    mode('rw');
    expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(source));
  });
});
