// A stream of bytes as rows for COPY, one for each line; what is wrong with a line is told by its number.

import { crc32 } from 'node:zlib';
import { CopyRows, uuidBytes } from '../database/index.js';
import { folded, type ManifestEntry, parseManifestLine } from './manifest.rules.js';
import { ManifestFaulty } from './uploads.errors.js';
import { isForWindows } from './windows-names.rules.js';

const MOST_FAULTS = 20;
const MOST_EXAMPLES = 5;
const LONGEST_LINE_CHARACTERS = 32 * 1024;

/** Of the lines so far. */
export interface ManifestTotals {
  files: number;
  bytes: number;
  /** Of the folders that the paths lie in, as `fold` of entries: 32 bits each. */
  folders: Set<number>;
  /** Paths that Windows cannot hold, and the first few of them. */
  notForWindows: { count: number; examples: string[] };
}

/** @throws ManifestFaulty at the end, or once there are many faults */
export async function* manifestRows(
  manifestId: string,
  body: AsyncIterable<Buffer>,
  totals: ManifestTotals,
): AsyncGenerator<Buffer> {
  const rows = new CopyRows();
  const manifest = uuidBytes(manifestId);
  const faults: { path: string; message: string }[] = [];
  let number = 0;
  let parent = '';
  for await (const lines of linesOf(body)) {
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const parsed = line.length > LONGEST_LINE_CHARACTERS ? { problem: 'it is too long' } : parseManifestLine(line);
      if ('problem' in parsed) faults.push({ path: `line ${number}`, message: parsed.problem });
      else {
        writeRow(rows, manifest, number, parsed.entry);
        parent = noteFolders(totals.folders, parent, parsed.entry.path);
        if (!isForWindows(parsed.entry.path)) noteForWindows(totals.notForWindows, parsed.entry.path);
        if (parsed.entry.type === 'file') {
          totals.files += 1;
          totals.bytes += parsed.entry.size;
        }
      }
      if (faults.length >= MOST_FAULTS) throw new ManifestFaulty(faults);
    }
    yield rows.take();
  }
  if (faults.length > 0) throw new ManifestFaulty(faults);
  yield rows.end();
}

export const MANIFEST_COLUMNS = ['manifest_id', 'line', 'path', 'type', 'size', 'crc32', 'modified_at', 'fold'];

function writeRow(rows: CopyRows, manifest: Buffer, line: number, entry: ManifestEntry): void {
  const isFile = entry.type === 'file';
  rows.row(MANIFEST_COLUMNS.length);
  rows.bytes(manifest);
  rows.bigint(line);
  rows.text(entry.path);
  rows.text(entry.type);
  rows.bigint(isFile ? entry.size : 0);
  if (isFile) rows.text(entry.crc32);
  else rows.null();
  if (isFile && entry.modifiedMs !== null) rows.timestamptz(entry.modifiedMs);
  else rows.null();
  rows.integer(foldNumber(entry.path));
}

function noteForWindows(noted: ManifestTotals['notForWindows'], path: string): void {
  noted.count += 1;
  if (noted.count <= MOST_EXAMPLES) noted.examples.push(path);
}

/** Notes every folder above `path`; those of the path before, mostly the same, are noted already. Returns its parent. */
function noteFolders(folders: Set<number>, noted: string, path: string): string {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (parent === noted) return parent;
  for (let end = parent.length; end > 0; end = parent.lastIndexOf('/', end - 1)) {
    const folder = parent.slice(0, end);
    if (folder === noted || noted.startsWith(`${folder}/`)) break;
    folders.add(foldNumber(folder));
  }
  return parent;
}

/** A number that equals that of every path which folds alike; others may share it by chance. An integer of PostgreSQL. */
const foldNumber = (path: string): number => crc32(folded(path)) | 0;

/** Whole lines, as many as each part of the stream brings; one beyond the bound is cut, so that memory stays bounded. */
async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held = '';
  let number = 1;
  const decoded = (part?: Buffer): string => {
    try {
      return part ? decoder.decode(part, { stream: true }) : decoder.decode();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ManifestFaulty([{ path: `line ${number}`, message: 'it, or a line soon after it, is not UTF-8' }]);
    }
  };
  for await (const part of body) {
    const lines = (held + decoded(part)).split('\n');
    held = lines.pop() ?? '';
    if (held.length > LONGEST_LINE_CHARACTERS) held = held.slice(0, LONGEST_LINE_CHARACTERS + 1);
    number += lines.length;
    yield lines;
  }
  held += decoded();
  if (held !== '') yield [held];
}
