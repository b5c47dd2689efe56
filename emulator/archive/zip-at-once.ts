// A short zip put together in memory at once: without a way through the streams, and without memory of its own, for each of
// its contents.

import type { Whole } from '../services/output.js';
import { type ArchiveEntry, centralHeader, endRecords, localHeader } from './zip-writer.js';

const MOST_BYTES = 8 * 1024 * 1024;

/** Undefined where it is not short, or a content is to be streamed. */
export function zipAtOnce(entries: Iterable<ArchiveEntry>): Whole | undefined {
  const heads: Buffer[] = [];
  const directory: Buffer[] = [];
  const fills: { size: number; fill: (target: Buffer) => void }[] = [];
  let offset = 0;
  for (const entry of entries) {
    const head = localHeader(entry);
    if (!entry.fill || offset + head.length + entry.size > MOST_BYTES) return undefined;
    heads.push(head);
    fills.push({ size: entry.size, fill: entry.fill });
    directory.push(centralHeader(entry, offset));
    offset += head.length + entry.size;
  }
  const last = Buffer.concat(directory);
  const end = Buffer.concat([last, endRecords(offset, last.length, heads.length)]);
  return {
    bytes: offset + end.length,
    fill(target) {
      let at = 0;
      for (const [index, { size, fill }] of fills.entries()) {
        at += heads[index]?.copy(target, at) ?? 0;
        fill(target.subarray(at, at + size));
        at += size;
      }
      end.copy(target, at);
    },
  };
}
