// A zip as Windows takes it, by Explorer and by .NET's ZipFile: what of it could not be unpacked there, or not as it is.
// Names: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file; records: APPNOTE 4.3 and 4.4.4, 4.5.3.

/** Reads so many bytes at a place of the archive. */
export type ReadAt = (offset: number, length: number) => Buffer;

interface Entry {
  name: string;
  /** What stands in the directory and not as in the entry itself, or in a form that cannot be read there. */
  faults: string[];
}

const DEVICES = /^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\..*)?$/i;
const LONGEST_NAME_UNITS = 255;
/** Explorer's limit, less 80 for the folder that it is unpacked in. */
const LONGEST_PATH_UNITS = 259 - 80;
const UTF8 = 0x0800;
const IN_64_BITS = 0xffffffff;
const VERSION_64 = 45;

/** A line for each entry that Windows would not unpack as it is, with why. @throws Error it is no zip */
export function windowsFaults(readAt: ReadAt, size: number): string[] {
  const places = new Map<string, string>();
  return entriesOf(readAt, size).flatMap(({ name, faults }) => {
    const path = name.replace(/\/$/, '');
    const all = [...faults, ...nameFaults(path)];
    // NTFS compares the capitals of names; a folder is made once, whatever it is called afterwards.
    const folded = path.toUpperCase();
    const other = places.get(folded);
    if (other !== undefined) all.push(`is there the same as ${other}`);
    places.set(folded, path);
    return all.length === 0 ? [] : [`${name}: ${all.join('; ')}`];
  });
}

export const windowsFaultsOf = (zip: Buffer): string[] =>
  windowsFaults((offset, length) => zip.subarray(offset, offset + length), zip.length);

function nameFaults(path: string): string[] {
  const faults: string[] = [];
  if (path.length > LONGEST_PATH_UNITS) faults.push('is too long with the folder above it');
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) faults.push('is absolute');
  for (const step of path.split(/[/\\]/)) {
    if (step === '' || step === '.' || step === '..') faults.push('has a step that leads elsewhere');
    else if (/[. ]$/.test(step)) faults.push('ends in a dot or a space');
    if (DEVICES.test(step)) faults.push('is the name of a device');
    if (step.length > LONGEST_NAME_UNITS) faults.push('is too long');
  }
  // eslint-disable-next-line no-control-regex -- no name has them there
  if (/[<>:"|?*\\\u0000-\u001f]/.test(path)) faults.push('has a character that no name has');
  return faults;
}

/** By the directory, as both read it; in 64 bits where a number of the 32-bit form says so. */
function entriesOf(readAt: ReadAt, size: number): Entry[] {
  const end = readAt(size - 22, 22);
  if (end.readUInt32LE(0) !== 0x06054b50) throw new Error('The zip does not end as one.');
  let [count, length, at] = [BigInt(end.readUInt16LE(10)), BigInt(end.readUInt32LE(12)), BigInt(end.readUInt32LE(16))];
  if (count === 0xffffn || length === 0xffffffffn || at === 0xffffffffn) {
    const locator = readAt(size - 42, 20);
    if (locator.readUInt32LE(0) !== 0x07064b50) throw new Error('The zip lacks the locator of its 64-bit end.');
    const end64 = readAt(Number(locator.readBigUInt64LE(8)), 56);
    if (end64.readUInt32LE(0) !== 0x06064b50) throw new Error('The 64-bit end of the zip is not where it should be.');
    [count, length, at] = [end64.readBigUInt64LE(32), end64.readBigUInt64LE(40), end64.readBigUInt64LE(48)];
  }
  const directory = readAt(Number(at), Number(length));
  const found: Entry[] = [];
  let place = 0;
  for (let index = 0n; index < count; index += 1n) {
    const header = directory.subarray(place);
    const entry = entryOf(header, readAt);
    found.push(entry.entry);
    place += entry.length;
  }
  if (place !== directory.length) throw new Error('The directory of the zip has another length than its end says.');
  return found;
}

function entryOf(header: Buffer, readAt: ReadAt): { entry: Entry; length: number } {
  if (header.readUInt32LE(0) !== 0x02014b50) throw new Error('The directory of the zip is not where its end says.');
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => header.readUInt16LE(at)) as [
    number,
    number,
    number,
  ];
  const name = header.subarray(46, 46 + nameLength);
  const extra = header.subarray(46 + nameLength, 46 + nameLength + extraLength);
  const [packed, unpacked, offset] = [20, 24, 42].map((at) => header.readUInt32LE(at)) as [number, number, number];
  const wide = [unpacked, packed, offset].map((value) => value === IN_64_BITS);
  const numbers = numbers64(extra);
  const faults: string[] = [];
  if (numbers.length !== wide.filter(Boolean).length) faults.push('lacks numbers of 64 bits, or has too many');
  if (wide.some(Boolean) && header.readUInt16LE(6) < VERSION_64) faults.push('does not say that it needs 64 bits');
  const local = readAt(wide[2] ? Number(numbers.at(-1) ?? 0n) : offset, 30);
  if (local.readUInt32LE(0) !== 0x04034b50) faults.push('is not where the directory says');
  const flags = [header.readUInt16LE(8), local.readUInt16LE(6)];
  if (!isAscii(name) && !flags.every((flag) => (flag & UTF8) !== 0)) faults.push('does not say that its name is UTF-8');
  if (flags[0] !== flags[1]) faults.push('says other things of itself than the directory');
  if (local.readUInt16LE(8) !== header.readUInt16LE(10) || ![0, 8].includes(local.readUInt16LE(8)))
    faults.push('is packed in a way that is not known there');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(name);
  const there = wide[2] ? Number(numbers.at(-1) ?? 0n) : offset;
  if (!readAt(there + 30, local.readUInt16LE(26)).equals(name)) faults.push('has another name than in the directory');
  return { entry: { name: text, faults }, length: 46 + nameLength + extraLength + commentLength };
}

/** Of the extra field for them, in its order: sizes, then the place. */
function numbers64(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    return Array.from({ length: extra.readUInt16LE(at + 2) / 8 }, (_, index) =>
      extra.readBigUInt64LE(at + 4 + index * 8),
    );
  }
  return [];
}

const isAscii = (bytes: Buffer): boolean => bytes.every((byte) => byte < 0x80);
