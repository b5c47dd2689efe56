// The zips of the emulator are read by the programs that people have.

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from '../../src/mediaflux/protocol/index.js';
import { writeZip } from '../../emulator/archive/zip-writer.js';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';

const FILES: Record<string, Buffer> = {
  'a/plane.tif': bytesOf('plane', 300_000),
  'empty.dat': Buffer.alloc(0),
  'größe/日本.txt': Buffer.from('names\n'),
};

async function makeZip(folder: string): Promise<string> {
  const entries = Object.entries(FILES).map(([name, content]) => ({
    name,
    size: content.length,
    crc: crc32(content),
    modified: new Date('2026-03-01T10:00:00Z'),
    async *read() {
      if (content.length > 0) yield content;
    },
  }));
  const parts: Buffer[] = [];
  for await (const part of writeZip(entries)) parts.push(part);
  const path = join(folder, 'x.zip');
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const PYTHON =
  'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])';
const READERS: [program: string, version: string, args: (zip: string, out: string) => string[]][] = [
  ['unzip', '-v', (zip, out) => ['-q', zip, '-d', out]],
  ['bsdtar', '--version', (zip, out) => ['-xf', zip, '-C', out]],
  ['python3', '--version', (zip, out) => ['-c', PYTHON, zip, out]],
];

describe('a zip', () => {
  for (const [program, version, args] of READERS) {
    // Where a program is missing, `npm test` names it among the parts that were not exercised.
    const isHere = spawnSync(program, [version]).status === 0;
    (isHere ? it : it.skip)(`is read whole by ${program}`, async () => {
      const work = freshFolder();
      const zip = await makeZip(work);
      const out = join(work, 'out');
      mkdirSync(out);
      const read = spawnSync(program, args(zip, out), { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
      expect(`${read.stderr}${read.status ?? ''}`).toBe('0');
      writeTree(join(work, 'in'), FILES);
      expect(contentsOf(out)).toEqual(contentsOf(join(work, 'in')));
    });
  }
});
