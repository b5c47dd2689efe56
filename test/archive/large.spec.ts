// Zips beyond what 16 and 32 bits can count: more than 65,535 entries, and more than 4 GB. The large content is zeros,
// of which the file on disk holds none. Programs list what is in them; with DISPATCH_TEST_LONG they read it all, too.

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveEntry, writeZip } from '../../emulator/archive/zip-writer.js';
import { crc32 } from '../../src/mediaflux/protocol/index.js';
import { freshFolder } from '../support/folders.js';
import { windowsFaults } from '../support/windows-zip.js';

const IS_LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const ZEROS = Buffer.alloc(1024 * 1024);

/** Writes the parts but for the zeros, and answers how many bytes the archive has. */
async function writeSparse(file: string, entries: Iterable<ArchiveEntry>): Promise<number> {
  const descriptor = openSync(file, 'w');
  let size = 0;
  for await (const part of writeZip(entries)) {
    if (part !== ZEROS) writeSync(descriptor, part, 0, part.length, size);
    size += part.length;
  }
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
  return size;
}

const modified = new Date('2026-03-01T10:00:00Z');
const small = (name: string, text: string): ArchiveEntry => ({
  name,
  size: text.length,
  crc: crc32(Buffer.from(text)),
  modified,
  read: () => [Buffer.from(text)],
});

function* zeros(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= ZEROS.length) yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
}

function zerosEntry(name: string, size: number): ArchiveEntry {
  let crc = 0;
  if (IS_LONG) for (const part of zeros(size)) crc = crc32(part, crc);
  const read = async function* () {
    yield* zeros(size);
  };
  return { name, size, crc, modified, read };
}

/** What the last records of the archive say of its directory (APPNOTE 4.3.14 to 4.3.16). */
function endOf(file: string): { count: bigint; size: bigint; offset: bigint } {
  const descriptor = openSync(file, 'r');
  const end = Buffer.alloc(56 + 20 + 22);
  readSync(descriptor, end, 0, end.length, fstatSync(descriptor).size - end.length);
  closeSync(descriptor);
  expect([end.readUInt32LE(0), end.readUInt32LE(56), end.readUInt32LE(76)]).toEqual([
    0x06064b50, 0x07064b50, 0x06054b50,
  ]);
  return { count: end.readBigUInt64LE(32), size: end.readBigUInt64LE(40), offset: end.readBigUInt64LE(48) };
}

/** What Windows could not read of the archive. */
function faultsOnWindows(file: string): string[] {
  const descriptor = openSync(file, 'r');
  try {
    const readAt = (offset: number, length: number): Buffer => {
      const part = Buffer.alloc(length);
      readSync(descriptor, part, 0, length, offset);
      return part;
    };
    return windowsFaults(readAt, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

/** How a program lists the names of the entries, a line each, and how it reads the contents. */
const READERS: [
  program: string,
  version: string,
  list: (file: string) => string[],
  test: (file: string) => string[],
][] = [
  [
    'python3',
    '--version',
    (file) => ['-c', 'import sys, zipfile\nfor i in zipfile.ZipFile(sys.argv[1]).infolist(): print(i.filename)', file],
    (file) => ['-c', 'import sys, zipfile\nassert zipfile.ZipFile(sys.argv[1]).testzip() is None', file],
  ],
  ['unzip', '-v', (file) => ['-Z1', file], (file) => ['-tqq', file]],
  ['bsdtar', '--version', (file) => ['-tf', file], (file) => ['-xOf', file, '--include', '*.txt']],
];
const run = (program: string, args: string[]) =>
  spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

describe('a zip of more than 65,535 entries', () => {
  const COUNT = 65_600;
  const file = join(freshFolder(), 'many.zip');
  const names = Array.from({ length: COUNT }, (_, index) => `folder/${index}.txt`);

  it('counts them in 64 bits', async () => {
    const entries = names.map((name) => small(name, 'x'));
    const size = await writeSparse(file, entries);
    const end = endOf(file);
    expect(end.count).toBe(BigInt(COUNT));
    expect(end.offset + end.size).toBe(BigInt(size - 98));
  });

  it('is as Windows reads it', () => {
    expect(faultsOnWindows(file)).toEqual([]);
  });

  for (const [program, version, list, test] of READERS) {
    const isHere = run(program, [version]).status === 0;
    // Where it is missing, `npm test` names it among the parts that were not exercised.
    (isHere ? it : it.skip)(`is read by ${program}`, () => {
      const listed = run(program, list(file));
      expect(listed.stdout.trimEnd().split('\n')).toEqual(names);
      expect(listed.stderr).toBe('');
      if (IS_LONG) expect(run(program, test(file)).status).toBe(0);
    });
  }
});

describe('a zip of more than 4 GB', () => {
  const LARGE = 2 ** 32 + 5;
  const file = join(freshFolder(), 'large.zip');
  const names = ['before.txt', 'large.bin', 'after.txt'];
  /** Local headers, of which the large one has its sizes in an extra field, and contents. */
  const OFFSETS = { large: 30 + 10 + 6, after: 30 + 10 + 6 + (30 + 9 + 20) + LARGE };

  it('has sizes and places in 64 bits', async () => {
    await writeSparse(file, [
      small('before.txt', 'before'),
      zerosEntry('large.bin', LARGE),
      small('after.txt', 'after'),
    ]);
    const end = endOf(file);
    expect(end.count).toBe(3n);
    expect(end.offset).toBe(BigInt(OFFSETS.after + 30 + 9 + 5));
  }, 120_000);

  it('is as Windows reads it', () => {
    expect(faultsOnWindows(file)).toEqual([]);
  });

  for (const [program, version, list, test] of READERS) {
    const isHere = run(program, [version]).status === 0;
    // As above.
    (isHere ? it : it.skip)(
      `is read by ${program}`,
      () => {
        const listed = run(program, list(file));
        expect([listed.stdout.trimEnd().split('\n'), listed.stderr]).toEqual([names, '']);
        if (IS_LONG) expect(run(program, test(file)).status).toBe(0);
      },
      300_000,
    );
  }

  const isPythonHere = run('python3', ['--version']).status === 0;
  // Where it is missing, `npm test` names it among the parts that were not exercised.
  (isPythonHere ? it : it.skip)('has the sizes and places that were written, and the last content is found', () => {
    const script =
      'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint([(i.file_size, i.header_offset) for i in z.infolist()], z.read("after.txt"))';
    expect(run('python3', ['-c', script, file]).stdout.trim()).toBe(
      `[(6, 0), (${LARGE}, ${OFFSETS.large}), (5, ${OFFSETS.after})] b'after'`,
    );
  });
});
