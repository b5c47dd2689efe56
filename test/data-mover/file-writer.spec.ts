// What arrives in parts of any size lies in the file as it came, and memory is given back only when it is no longer read.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AtOnce } from '../../data-mover/disk/at-once.js';
import { diskForWrites, FileWriter } from '../../data-mover/disk/file-writer.js';
import { freshFolder, removeFolders } from '../support/folders.js';
import { bytesOf } from '../support/files.js';

const folder = freshFolder();
afterAll(() => removeFolders(folder));

const CONTENT = bytesOf('what arrives', 9_000_000);
const USED = 0xee;

/** Whoever gets memory back writes other bytes into it. */
const overwrite = (part: Uint8Array): void => {
  part.fill(USED);
};

/** Of these it is known that they let us wait, so that other threads do. */
const slowDisk = (): AtOnce => {
  const disk = new AtOnce();
  disk.took(60_000);
  return disk;
};

class WatchedDisk extends AtOnce {
  writesAtOnce = 0;

  override run<T>(now: () => T, elsewhere: () => Promise<T>): Promise<T> {
    const counted = (): T => {
      this.writesAtOnce += 1;
      return now();
    };
    return super.run(counted, elsewhere);
  }
}

it('writes at once on a disk that answers at once, and through other threads on one that lets us wait', async () => {
  const [quick, slow] = [new WatchedDisk(60_000), new WatchedDisk()];
  slow.took(60_000);
  for (const [disk, writes] of [
    [quick, 3],
    [slow, 0],
  ] as const) {
    const out = await FileWriter.create(join(folder, 'when'), undefined, disk);
    await out.write(Buffer.alloc(1_500_000, 1));
    await out.finish();
    expect(disk.writesAtOnce).toBe(writes);
  }
});

it('is written to at once by computers with few processors alone', () => {
  expect([1, 2, 3, 64].map((processors) => diskForWrites(processors) !== undefined)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

const DISKS = [
  ['answers at once', () => new AtOnce()],
  ['lets us wait', slowDisk],
] as const;

it.each(DISKS)(
  'writes parts of any size in order, each used again once it is given back: a disk that %s',
  async (_, disk) => {
    const path = join(folder, 'parts');
    const lengths = fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 1_500_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(lengths, { minLength: 1, maxLength: 60 }), fc.nat(100_000), async (sizes, already) => {
        writeFileSync(path, Buffer.concat([CONTENT.subarray(0, already), Buffer.from('what was uncertain')]));
        const back: Uint8Array[] = [];
        const out = await FileWriter.open(
          path,
          already,
          (part) => {
            back.push(part);
            overwrite(part);
          },
          disk(),
        );
        let at = already;
        const parts: Uint8Array[] = [];
        for (const size of sizes) {
          const part = Buffer.from(CONTENT.subarray(at, at + size));
          at += part.length;
          parts.push(part);
          await out.write(part);
        }
        await out.finish();
        expect(readFileSync(path).equals(CONTENT.subarray(0, at))).toBe(true);
        expect(back).toEqual(parts);
      }),
      { numRuns: 40 },
    );
  },
);

it('has in the file what it took when it was told to, however little that is', async () => {
  const path = join(folder, 'flushed');
  const out = await FileWriter.create(path);
  let taken = 0;
  for (const size of [1, 700_000, 3, 20_000]) {
    await out.write(Buffer.from(CONTENT.subarray(taken, taken + size)));
    taken += size;
    await out.flush();
    expect(readFileSync(path).equals(CONTENT.subarray(0, taken))).toBe(true);
  }
  await out.finish();
});

// Only Linux has a file that is a full disk.
(existsSync('/dev/full') ? it : it.skip).each(DISKS)(
  'gives nothing back of what it could not write: a disk that %s',
  async (_, disk) => {
    let back = 0;
    const out = await FileWriter.create('/dev/full', () => (back += 1), disk());
    const writing = (async () => {
      for (let part = 0; part < 30; part += 1) await out.write(Buffer.alloc(1_000_000));
      await out.finish();
    })();
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
    await out.finish().catch(() => undefined);
    expect(back).toBe(0);
  },
);

it('leaves out what was not written when it is closed early', async () => {
  const path = join(folder, 'closed');
  const out = await FileWriter.create(path);
  await out.write(Buffer.from('little'));
  await out.close();
  expect(readFileSync(path, 'utf8')).toBe('');
});
