// What a folder is to hold: the lines that the server tells, kept beside the data, read again as often as needed.

import { createReadStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import { Failure } from '../failures.js';
import { linesOf, LineWriter } from '../journal/lines.js';
import { PathTable } from '../journal/path-table.js';
import { AtOnce } from '../transfer/at-once.js';

export interface ManifestLine {
  path: string;
  type: 'file' | 'directory';
  size: number;
  crc32: string | null;
  mtime: string | null;
}

/** In the user's folder: the manifest, and files that are not whole yet. */
export const OWN_FOLDER = '.instrument-dispatch';
const CHUNK_BYTES = 1024 * 1024;

export class KeptManifest {
  readonly ownFolder: string;
  private readonly file: string;

  constructor(target: string) {
    this.ownFolder = join(target, OWN_FOLDER);
    this.file = join(this.ownFolder, 'manifest.ndjson');
  }

  get exists(): boolean {
    return existsSync(this.file);
  }

  /** Takes new lines; what earlier downloads into the folder brought stays known. */
  async keep(lines: AsyncIterable<ManifestLine>): Promise<void> {
    mkdirSync(this.ownFolder, { recursive: true });
    const writer = new LineWriter(`${this.file}.new`);
    try {
      const known = new PathTable();
      for await (const line of lines) {
        known.set(line.path, 0, 0, 0);
        writer.write(JSON.stringify(line));
      }
      for (const line of this.lines()) if (!known.get(line.path)) writer.write(JSON.stringify(line));
    } finally {
      writer.close();
    }
    renameSync(`${this.file}.new`, this.file);
  }

  *lines(): Generator<ManifestLine> {
    for (const text of linesOf(this.file)) yield JSON.parse(text) as ManifestLine;
  }
}

/** Where a file goes. @throws Failure the path would leave the folder */
export function placeOf(target: string, path: string): string {
  const place = resolve(target, ...path.split('/'));
  if (place === target || !place.startsWith(target.endsWith(sep) ? target : target + sep))
    throw new Failure('its path would leave the folder; it is not fetched', 1, path);
  if (path === OWN_FOLDER || path.startsWith(`${OWN_FOLDER}/`))
    throw new Failure('this program keeps its own files under that name; fetch it with the zip', 1, path);
  return place;
}

/** CRC-32 of a file on disk. */
export async function sumOfContent(place: string, bytes = Infinity): Promise<number> {
  let sum = 0;
  const parts = createReadStream(place, { highWaterMark: CHUNK_BYTES, end: bytes - 1 });
  for await (const part of parts) sum = crc32(part as Buffer, sum);
  return sum;
}

const looking = new AtOnce();

/** Is what lies there the file of the line? Files of another size are not read. */
export async function isEqual(place: string, line: ManifestLine): Promise<'equal' | 'absent' | 'different'> {
  const found = await looking
    .run(
      () => statSync(place, { throwIfNoEntry: false }),
      () => stat(place),
    )
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
  if (!found) return 'absent';
  if (!found.isFile() || found.size !== line.size) return 'different';
  return crc32Text(await sumOfContent(place)) === line.crc32 ? 'equal' : 'different';
}
