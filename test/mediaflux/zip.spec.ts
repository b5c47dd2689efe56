// Zips as servers may send them, read in memory: what is in them, or a typed error.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { deflateRawSync } from 'node:zlib';
import { crc32, UnreadableZip, zipFiles } from '../../src/mediaflux/protocol/index.js';
import { zipAtOnce } from '../../emulator/archive/zip-at-once.js';
import { type ArchiveEntry, writeZip } from '../../emulator/archive/zip-writer.js';
import { bytesOf } from '../support/files.js';

const FILES: Record<string, Buffer> = {
  'a/plane.tif': bytesOf('plane', 70_000),
  'empty.dat': Buffer.alloc(0),
  'größe/日本.txt': Buffer.from('names\n'),
  'text.txt': Buffer.from('the same again. '.repeat(400)),
};

const entriesOf = (files: Record<string, Buffer>): ArchiveEntry[] =>
  Object.entries(files).map(([name, content]) => ({
    name,
    size: content.length,
    crc: crc32(content),
    modified: new Date('2026-03-01T10:00:00Z'),
    read: () => [content],
    fill: (target) => void content.copy(target),
  }));

async function streamed(files: Record<string, Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of writeZip(entriesOf(files))) parts.push(part);
  return Buffer.concat(parts);
}

function atOnce(files: Record<string, Buffer>): Buffer {
  const whole = zipAtOnce(entriesOf(files));
  const zip = Buffer.alloc(whole?.bytes ?? 0, 0xee);
  whole?.fill(zip);
  return zip;
}

const contentsIn = (zip: Buffer): Record<string, Buffer> =>
  Object.fromEntries([...zipFiles(zip)].map(([name, file]) => [name, Buffer.from(file.content())]));

/** What stands at a field of the first entry of the directory. */
function changed(zip: Buffer, field: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(zip);
  copy.set(bytes, copy.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + field);
  return copy;
}

/** As programs write that cannot go back: compressed, and the sizes only behind the content and in the directory. */
const PYTHON = `
import sys, zipfile
class Out:
    def write(self, data): return sys.stdout.buffer.write(data)
    def flush(self): pass
with zipfile.ZipFile(Out(), 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('a/plane.tif', bytes(range(256)) * 300)
    z.writestr('empty.dat', b'')
    z.writestr('gr\u00f6\u00dfe.txt', 'names')
    z.writestr('folder/', b'')
`;

describe('a zip', () => {
  it('is read as the emulator writes it, streamed and at once, which is the same', async () => {
    const zip = await streamed(FILES);
    expect(contentsIn(zip)).toEqual(FILES);
    expect(atOnce(FILES).equals(zip)).toBe(true);
    expect(contentsIn(await streamed({}))).toEqual({});
  });

  // Where python3 is missing, `npm test` names it among the parts that were not exercised.
  (spawnSync('python3', ['--version']).status === 0 ? it : it.skip)(
    'is read where its contents are compressed and their sizes stand behind them, as by python3',
    () => {
      const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON]);
      expect(stderr.toString()).toBe('');
      // Bit 3: the sizes stand behind the content.
      expect(stdout.readUInt16LE(6) & 8).toBe(8);
      expect(contentsIn(stdout)).toEqual({
        'a/plane.tif': Buffer.concat(
          Array.from({ length: 300 }, () => Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
        ),
        'empty.dat': Buffer.alloc(0),
        'größe.txt': Buffer.from('names'),
      });
    },
  );

  it('is read with a comment at its end', async () => {
    const zip = await streamed(FILES);
    const comment = Buffer.from('made by somebody');
    zip.writeUInt16LE(comment.length, zip.length - 2);
    expect(contentsIn(Buffer.concat([zip, comment]))).toEqual(FILES);
  });

  it.each([
    ['is encrypted', 8, [1, 8]],
    ['is compressed in another way', 10, [93, 0]],
    ['is stored and says two sizes', 20, [1, 0, 0, 0]],
    ['has its size elsewhere', 24, [255, 255, 255, 255]],
    ['has its place elsewhere', 42, [255, 255, 255, 255]],
    ['has a name that is no UTF-8', 46, [0xff]],
    ['is a folder', 46 + 'a/plane.tif'.length - 1, [0x2f]],
  ])('is read without a file that %s', async (_, field, bytes) => {
    const { 'a/plane.tif': first, ...others } = FILES;
    expect(first).toBeDefined();
    expect(contentsIn(changed(await streamed(FILES), field, bytes))).toEqual(others);
  });

  it('hands on contents as parts of its memory', async () => {
    const zip = await streamed(FILES);
    expect(zipFiles(zip).get('a/plane.tif')?.content().buffer).toBe(zip.buffer);
  });

  it('unpacks no more than the directory says', async () => {
    const packed = deflateRawSync(Buffer.alloc(50_000_000));
    const zip = await streamed({ bomb: packed });
    // As if it were compressed, to a size of ten bytes.
    const size = changed(changed(zip, 10, [8, 0]), 24, [10, 0, 0, 0]);
    expect(() => zipFiles(size).get('bomb')?.content()).toThrow(UnreadableZip);
  });

  it('that is cut short anywhere is an error', async () => {
    const zip = await streamed({ 'a.txt': Buffer.from('some bytes'), 'b.txt': Buffer.from('others') });
    for (let length = 0; length < zip.length; length += 1)
      expect(() => contentsIn(zip.subarray(0, length))).toThrow(UnreadableZip);
  });

  it('that is damaged ends in contents or in a typed error', async () => {
    const zip = await streamed({
      'a.txt': Buffer.from('some bytes'),
      'b.txt': Buffer.from('others'),
      c: Buffer.alloc(0),
    });
    const damage = fc.tuple(fc.nat({ max: zip.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (damages) => {
        const bytes = Buffer.from(zip);
        for (const [at, byte] of damages) bytes[at] = byte;
        try {
          for (const content of Object.values(contentsIn(bytes))) expect(content.length).toBeLessThan(zip.length);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableZip);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
