// Files to upload, and comparing trees.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Bytes that are the same for the same seed, and compress to nothing less. */
export function bytesOf(seed: string, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let made = 0, index = 0; made < size; index += 1) {
    const part = createHash('sha512').update(`${seed}:${index}`).digest();
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts).subarray(0, size);
}

export function writeTree(folder: string, files: Record<string, Buffer | string>): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
}

/** A small tree with what trips programs up: empty files, deep folders, other scripts, quotes. */
export function writeSampleTree(folder: string): void {
  writeTree(folder, {
    'readme.txt': 'Acquired today.\n',
    'empty.dat': '',
    'raw/plane-001.tif': bytesOf('plane-1', 1_500_000),
    'raw/plane-002.tif': bytesOf('plane-2', 20_000),
    'raw/deep/er/notes.md': '# Notes\n',
    "names/größe & 'quotes' «日本».txt": 'names\n',
  });
  mkdirSync(join(folder, 'empty-folder'), { recursive: true });
}

/** Path to SHA-256 of every file below a folder, what programs keep for themselves left out. */
export function contentsOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    const path = relative(folder, place);
    if (!path.startsWith('.instrument-dispatch'))
      found[path] = createHash('sha256').update(readFileSync(place)).digest('hex');
  }
  return found;
}
