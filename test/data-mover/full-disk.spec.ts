// A disk that is full, at the first run and at any later one: told as such, with what to do, and gone on from when there is
// room. It is a real one of a few megabytes, which only root can make.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { Stage } from './stage.js';

const disk = join(freshFolder(), 'disk');
const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;

mkdirSync(disk);
const mountDisk = (): boolean => mount('-t', 'tmpfs', '-o', 'size=24m', 'none', disk);
const unmountDisk = (): boolean => spawnSync('umount', [disk], { stdio: 'ignore' }).status === 0;
const mayMount = mountDisk() && unmountDisk();

/** Takes all the room that is left. */
function fill(): string {
  const filler = join(disk, 'filler');
  const file = openSync(filler, 'w');
  for (let size = 1 << 20; size > 0;) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) size >>= 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      size >>= 1;
    }
  }
  closeSync(file);
  return filler;
}

// Where this process may not mount a disk of its own, `npm test` says so.
(mayMount ? describe : describe.skip)('a full disk', () => {
  let stage: Stage;
  let source: string;
  let link: string;
  const out = join(disk, 'out');

  beforeAll(async () => {
    mountDisk();
    stage = await Stage.open();
    source = join(stage.work, 'in');
    writeTree(source, { 'a/small.txt': 'small', 'scan.raw': bytesOf('scan', 30_000_000) });
    expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
    link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  });
  afterAll(async () => {
    unmountDisk();
    await stage.close();
  });

  const expectFull = async (): Promise<void> => {
    const { code, stderr } = await stage.mover('download', link, out).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/the disk is full; make room, and run the same command again to go on$/m);
    expect(stderr).not.toContain('ENOSPC');
  };

  it('is told before anything is fetched, in the middle, and at each run after that; with room it is gone on from', async () => {
    const filler = fill();
    await expectFull();
    rmSync(filler);
    await expectFull();
    fill();
    await expectFull();
    expect(Object.keys(contentsOf(out)).filter((path) => path === 'scan.raw')).toEqual([]);
    expect(mount('-o', 'remount,size=96m', disk)).toBe(true);
    expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(source));
  });
});
