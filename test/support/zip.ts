// Reads a zip by its central directory: names, sizes and contents of stored entries. Code of its own, so that it can
// judge the archives that the emulator writes.

import { createHash } from 'node:crypto';
import { crc32 } from '../../src/mediaflux/protocol/index.js';

/** Path to SHA-256 of every file in it; entries that end in a slash are folders. @throws Error it is not whole, or a checksum does not fit */
export function contentsOfZip(zip: Buffer): Record<string, string> {
  return Object.fromEntries(Object.entries(entriesOfZip(zip)).filter(([name]) => !name.endsWith('/')));
}

/** Folders that have an entry of their own, as empty ones must. */
export const foldersOfZip = (zip: Buffer): string[] =>
  Object.keys(entriesOfZip(zip)).filter((name) => name.endsWith('/'));

function entriesOfZip(zip: Buffer): Record<string, string> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('The zip has no end: it was cut.');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const found: Record<string, string> = {};
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error('The directory of the zip is not where its end says.');
    const [nameLength, extraLength, commentLength] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    const name = zip.subarray(at + 46, at + 46 + nameLength).toString('utf8');
    const header = zip.readUInt32LE(at + 42);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const content = zip.subarray(start, start + zip.readUInt32LE(at + 24));
    if (crc32(content) !== zip.readUInt32LE(at + 16))
      throw new Error(`The checksum of ${name} in the zip does not fit.`);
    found[name] = createHash('sha256').update(content).digest('hex');
    at += 46 + nameLength + extraLength + commentLength;
  }
  return found;
}
