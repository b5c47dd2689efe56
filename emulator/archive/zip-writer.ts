// A zip of files whose size and CRC-32 are known beforehand: stored, not compressed, with UTF-8 names, and in the
// 64-bit form wherever the 32-bit one cannot hold a number (APPNOTE 4.3 and 4.5.3).

export interface ArchiveEntry {
  /** Relative, with `/`; a folder's name ends in one. */
  name: string;
  size: number;
  crc: number;
  modified: Date;
  /** The bytes, in order. */
  read: () => AsyncIterable<Buffer> | Iterable<Buffer>;
  /** Reads all of them into memory of their size, where that can be done at once. @throws Error they are fewer or more */
  fill?: (target: Buffer) => void;
}

/** Bytes of a name, whose length stands in 16 bits. */
export const LONGEST_ZIP_NAME = 0xffff;

const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;
const UTF8_NAMES = 0x0800;
const VERSION_ZIP64 = 45;
const VERSION_PLAIN = 20;

/**
 * The archive's bytes. Memory stays flat but for one record of about 50 bytes and the name for each entry.
 *
 * @throws Error a content has another size than was recorded, or a name is longer than a zip can hold
 */
export async function* writeZip(entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  const out = new Gathering();
  let offset = 0;
  let count = 0;
  for await (const entry of entries) {
    const header = localHeader(entry);
    out.add(header);
    directory.push(centralHeader(entry, offset));
    offset += header.length;
    const content = entry.read();
    let sent = 0;
    if (Symbol.iterator in content) {
      for (const part of content) {
        sent += part.length;
        out.add(part);
      }
    } else {
      for await (const part of content) {
        sent += part.length;
        out.add(part);
        if (out.isFull) yield out.take();
      }
    }
    if (sent !== entry.size)
      throw new Error(`The content of ${entry.name} has ${sent} bytes where ${entry.size} were recorded.`);
    offset += sent;
    count += 1;
    if (out.isFull) yield out.take();
  }
  if (out.length > 0) yield out.take();
  const central = Buffer.concat(directory);
  yield central;
  yield endRecords(offset, central.length, count);
}

const CHUNK_BYTES = 256 * 1024;

/** Puts small parts together, so that each costs no way of its own through the streams. */
class Gathering {
  length = 0;
  private parts: Buffer[] = [];

  get isFull(): boolean {
    return this.length >= CHUNK_BYTES;
  }

  add(part: Buffer): void {
    this.parts.push(part);
    this.length += part.length;
  }

  take(): Buffer {
    const [only] = this.parts;
    const taken = only && this.parts.length === 1 ? only : Buffer.concat(this.parts, this.length);
    this.parts = [];
    this.length = 0;
    return taken;
  }
}

/** Date and time in the form of MS-DOS, in UTC; years before 1980 become 1980. */
function dosTime(date: Date): [time: number, day: number] {
  const year = Math.min(Math.max(date.getUTCFullYear(), 1980), 2107);
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return [time, ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()];
}

function nameOf(entry: ArchiveEntry): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  if (name.length > LONGEST_ZIP_NAME) throw new Error(`A zip cannot hold a name of ${name.length} bytes.`);
  return name;
}

export function localHeader(entry: ArchiveEntry): Buffer {
  const name = nameOf(entry);
  const isLarge = entry.size >= LIMIT_32;
  const extra = isLarge ? extra64([entry.size, entry.size]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  const [time, day] = dosTime(entry.modified);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(isLarge ? VERSION_ZIP64 : VERSION_PLAIN, 4);
  header.writeUInt16LE(UTF8_NAMES, 6);
  header.writeUInt16LE(0, 8);
  header.writeUInt16LE(time, 10);
  header.writeUInt16LE(day, 12);
  header.writeUInt32LE(entry.crc >>> 0, 14);
  header.writeUInt32LE(isLarge ? LIMIT_32 : entry.size, 18);
  header.writeUInt32LE(isLarge ? LIMIT_32 : entry.size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

export function centralHeader(entry: ArchiveEntry, offset: number): Buffer {
  const name = nameOf(entry);
  const isLarge = entry.size >= LIMIT_32;
  const isFar = offset >= LIMIT_32;
  const extra =
    isLarge || isFar
      ? extra64([...(isLarge ? [entry.size, entry.size] : []), ...(isFar ? [offset] : [])])
      : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  const [time, day] = dosTime(entry.modified);
  const version = isLarge || isFar ? VERSION_ZIP64 : VERSION_PLAIN;
  header.writeUInt32LE(0x02014b50, 0);
  // Made on Unix, so that the mode in the external attributes is read.
  header.writeUInt16LE((3 << 8) | version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(UTF8_NAMES, 8);
  header.writeUInt16LE(0, 10);
  header.writeUInt16LE(time, 12);
  header.writeUInt16LE(day, 14);
  header.writeUInt32LE(entry.crc >>> 0, 16);
  header.writeUInt32LE(isLarge ? LIMIT_32 : entry.size, 20);
  header.writeUInt32LE(isLarge ? LIMIT_32 : entry.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  const mode = entry.name.endsWith('/') ? 0o40755 : 0o100644;
  header.writeUInt32LE(((mode << 16) | (entry.name.endsWith('/') ? 0x10 : 0)) >>> 0, 38);
  header.writeUInt32LE(isFar ? LIMIT_32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

function extra64(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + index * 8));
  return extra;
}

export function endRecords(directoryOffset: number, directorySize: number, count: number): Buffer {
  const needs64 = directoryOffset >= LIMIT_32 || directorySize >= LIMIT_32 || count >= LIMIT_16;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, LIMIT_16), 8);
  end.writeUInt16LE(Math.min(count, LIMIT_16), 10);
  end.writeUInt32LE(Math.min(directorySize, LIMIT_32), 12);
  end.writeUInt32LE(Math.min(directoryOffset, LIMIT_32), 16);
  if (!needs64) return end;
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE((3 << 8) | VERSION_ZIP64, 12);
  end64.writeUInt16LE(VERSION_ZIP64, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(directorySize), 40);
  end64.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}
