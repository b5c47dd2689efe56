// A zip in memory, read by the directory at its end (APPNOTE 4.3): the sizes that stand before a content may be missing.
// Contents that are stored are parts of that memory and not copied, for which no library was found.

import { inflateRawSync } from 'node:zlib';

/** What is there is no zip, not all of one, or damaged. */
export class UnreadableZip extends Error {}

export interface ZipFile {
  /** Bytes of its content, as the directory tells. */
  size: number;
  /** @throws UnreadableZip */
  content(): Buffer;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** Stands where a number is elsewhere, in the 64-bit form. */
const ELSEWHERE = 0xffffffff;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/**
 * The files by their names, without folders. What is encrypted, compressed in a way of its own, in the 64-bit form or
 * with a name that is no UTF-8 is left out.
 * @throws UnreadableZip
 */
export function zipFiles(zip: Buffer): Map<string, ZipFile> {
  const end = endOf(zip);
  const files = new Map<string, ZipFile>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + ENTRY_BYTES > end || zip.readUInt32LE(at) !== ENTRY) throw unreadable('its directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const nameAt = at + ENTRY_BYTES;
    const next = nameAt + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    if (next > end) throw unreadable('its directory is damaged');
    const name = nameOf(zip.subarray(nameAt, nameAt + (nameLength ?? 0)));
    const file = fileAt(zip, at);
    if (file && name !== undefined && !name.endsWith('/')) files.set(name, file);
    at = next;
  }
  return files;
}

function endOf(zip: Buffer): number {
  const last = zip.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at -= 1)
    if (zip.readUInt32LE(at) === END && at + END_BYTES + zip.readUInt16LE(at + 20) === zip.length) return at;
  throw unreadable('its end is missing');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function nameOf(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** @param at of its entry in the directory */
function fileAt(zip: Buffer, at: number): ZipFile | undefined {
  const method = zip.readUInt16LE(at + 10);
  const packed = zip.readUInt32LE(at + 20);
  const size = zip.readUInt32LE(at + 24);
  const start = zip.readUInt32LE(at + 42);
  const isEncrypted = (zip.readUInt16LE(at + 8) & ENCRYPTED) !== 0;
  if (isEncrypted || [packed, size, start].includes(ELSEWHERE)) return undefined;
  if (method !== DEFLATED && !(method === STORED && packed === size)) return undefined;
  return {
    size,
    content() {
      const bytes = packedAt(zip, start, packed);
      return method === STORED ? bytes : inflated(bytes, size);
    },
  };
}

function packedAt(zip: Buffer, start: number, length: number): Buffer {
  if (start + LOCAL_BYTES > zip.length || zip.readUInt32LE(start) !== LOCAL)
    throw unreadable('a content is not where its directory says');
  const from = start + LOCAL_BYTES + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
  if (from + length > zip.length) throw unreadable('a content is cut short');
  return zip.subarray(from, from + length);
}

function inflated(bytes: Buffer, size: number): Buffer {
  try {
    // One byte more, for a size of nothing would mean no limit.
    return inflateRawSync(bytes, { maxOutputLength: size + 1 });
  } catch (error) {
    throw unreadable('a content cannot be unpacked', error);
  }
}

const unreadable = (why: string, cause?: unknown): UnreadableZip =>
  new UnreadableZip(`The archive cannot be read: ${why}.`, { cause });
