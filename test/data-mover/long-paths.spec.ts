// Paths up to the longest that a system opens, 4,095 bytes with the folder that they lie in (PATH_MAX with its ending NUL):
// they go there and come back. What is longer, here or where it is fetched, is named, and nothing else suffers.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { eventsIn, Stage } from './stage.js';
import { uploadsOf } from './watched.js';

const LONGEST = 4_095;
/** Bytes of whole paths, from where other tests of names end to the last that is opened. */
const LENGTHS = [1_021, 1_500, 2_048, 3_211, 3_800, 4_000, 4_090, LONGEST - 1, LONGEST];
const NAME_BYTES = 255;

// Only there a path may have that many bytes: other systems open shorter ones.
const onLinux = process.platform === 'linux' ? it : it.skip;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  // Node removes nothing that is deeper than it can name.
  spawnSync('rm', ['-rf', join(stage.work, 'beyond')]);
  await stage.close();
});

/** A path of so many bytes, in letters of two bytes each, with names as long as they may be. */
function pathOf(bytes: number): string {
  const names: string[] = [];
  for (let left = bytes; left > 0;) {
    // Never so that a slash alone is left.
    const most = left === NAME_BYTES + 1 ? NAME_BYTES - 1 : NAME_BYTES;
    const size = Math.min(left, most);
    names.push(`${size % 2 === 1 ? 'x' : ''}${'ä'.repeat(Math.floor(size / 2))}`);
    left -= size + 1;
  }
  return names.join('/');
}

const lengthIn = (folder: string, path: string): number => Buffer.byteLength(join(folder, path));

/** Made step by step from the inside, as no whole path of it can be opened. */
function writeFromInside(folder: string, path: string): void {
  const program = `
    const { mkdirSync, writeFileSync } = require('node:fs');
    const names = process.argv[2].split('/');
    const last = names.pop();
    process.chdir(process.argv[1]);
    for (const name of names) { mkdirSync(name, { recursive: true }); process.chdir(name); }
    writeFileSync(last, 'beyond');`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program, folder, path], { env, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

onLinux(
  'go there and come back up to the longest that is opened, and beyond it are named where they are fetched',
  async () => {
    const folder = join(stage.work, 'in');
    const paths = LENGTHS.map((length) => pathOf(length - Buffer.byteLength(folder) - 1));
    expect(paths.map((path) => lengthIn(folder, path))).toEqual(LENGTHS);
    writeTree(folder, Object.fromEntries(paths.map((path) => [path, `of ${Buffer.byteLength(path)}`])));
    const upload = ['upload', '--settings', stage.settings, '--to', 'long@example.org', folder];
    expect(await stage.mover(...upload).finished).toMatchObject({ code: 0 });
    const link = linkIn(await stage.program.mailbox.next('long@example.org', /your data/));

    const out = join(stage.work, 'ou');
    expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(folder));
    expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });

    // The same into a folder whose own path leaves them less.
    const deeper = join(stage.work, 'o'.repeat(200));
    const finished = await stage.mover('download', link, deeper, '--json').finished;
    expect(finished).toMatchObject({ code: 1 });
    const tooLong = paths.filter((path) => lengthIn(deeper, path) > LONGEST);
    expect(tooLong).toHaveLength(4);
    const errors = eventsIn(finished.stdout).filter(({ event, path }) => event === 'error' && path !== undefined);
    expect(errors.map(({ path }) => path).sort()).toEqual(tooLong.sort());
    for (const { message } of errors) expect(message).toMatch(/too long.*folder whose own path is shorter/);
    const others = Object.entries(contentsOf(folder)).filter(([path]) => !tooLong.includes(path));
    expect(contentsOf(deeper)).toEqual(Object.fromEntries(others));
  },
);

onLinux('are named and nothing is sent where one is longer than this system opens', async () => {
  const folder = join(stage.work, 'beyond');
  writeTree(folder, { 'a.txt': 'a' });
  const room = LONGEST - Buffer.byteLength(folder) - 1;
  // One whose name is too much, and one that lies in a folder that is.
  const [file, inFolder] = [pathOf(room + 1), `y${pathOf(room + 300).slice(1)}`];
  for (const path of [file, inFolder]) writeFromInside(folder, path);
  const before = await uploadsOf(stage);
  const finished = await stage.upload(folder).finished;
  expect(finished).toMatchObject({ code: 1 });
  const errors = eventsIn(finished.stdout).filter(({ event, path }) => event === 'error' && path !== undefined);
  expect(errors.map(({ message }) => message)).toEqual(
    Array.from({ length: 2 }, () => expect.stringContaining('its path is longer than this system opens')),
  );
  for (const { path } of errors) expect([file, inFolder].some((long) => long.startsWith(String(path)))).toBe(true);
  expect(await uploadsOf(stage)).toEqual(before);
});
