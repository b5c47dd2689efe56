// A file's bytes for the network come as they are in the file, also when their memory is read into again.

import { readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileParts } from '../../data-mover/disk/file-parts.js';
import { freshFolder, removeFolders } from '../support/folders.js';
import { bytesOf } from '../support/files.js';

const folder = freshFolder();
afterAll(() => removeFolders(folder));

const CONTENT = bytesOf('what is sent', 6_000_000);
const path = join(folder, 'content');

const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((number) => {
    try {
      return [readlinkSync(`/proc/self/fd/${number}`)];
    } catch {
      // The one that this folder was read by.
      return [];
    }
  });

it('gives all bytes of what is asked for in order, each part still whole when the next has come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: CONTENT.length }),
      fc.nat(CONTENT.length),
      fc.option(fc.nat(4_000_000), { nil: undefined }),
      async (size, offset, length) => {
        writeFileSync(path, CONTENT.subarray(0, size));
        const told: number[] = [];
        const got: Buffer[] = [];
        let before: Uint8Array = Buffer.alloc(0);
        for await (const part of fileParts(path, offset, length, (each) => told.push(each.length))) {
          got.push(Buffer.from(before));
          before = part;
        }
        got.push(Buffer.from(before));
        const expected = CONTENT.subarray(0, size).subarray(offset, length === undefined ? undefined : offset + length);
        expect(Buffer.concat(got).equals(expected)).toBe(true);
        expect(told.reduce((sum, each) => sum + each, 0)).toBe(expected.length);
      },
    ),
    { numRuns: 40 },
  );
});

it('ends where the file ends by then', async () => {
  writeFileSync(path, CONTENT);
  let bytes = 0;
  for await (const part of fileParts(path, 0, undefined, () => undefined)) {
    if (bytes === 0) truncateSync(path, 3_000_000);
    bytes += part.length;
  }
  expect(bytes).toBe(3_000_000);
});

// Which files a process has open is told by /proc, which Linux alone has.
(process.platform === 'linux' ? it : it.skip)(
  'closes the file when it is left in the middle, and when its bytes cannot be looked at',
  async () => {
    writeFileSync(path, CONTENT);
    const parts = fileParts(path, 0, undefined, () => undefined);
    await parts.next();
    await parts.return(undefined);
    const failing = fileParts(path, 0, undefined, () => {
      throw new Error('nobody takes it');
    });
    await expect(failing.next()).rejects.toThrow('nobody takes it');
    expect(openFiles().filter((name) => name === path)).toEqual([]);
  },
);

it('tells of a folder and of a file that is not there by their code', async () => {
  await expect(fileParts(folder, 0, undefined, () => undefined).next()).rejects.toMatchObject({
    code: 'EISDIR',
    syscall: 'read',
  });
  await expect(fileParts(join(folder, 'none'), 0, undefined, () => undefined).next()).rejects.toMatchObject({
    code: 'ENOENT',
    path: join(folder, 'none'),
  });
});
