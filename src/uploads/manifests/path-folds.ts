// Whether paths of a manifest may be one and the same where case does not count, and whether one may be a file and a
// folder of others too. Noted while the lines come, by 64 bits of each path, so that the database need not look through
// a million lines for what nearly never is there. A doubt is a reason to look there, never a verdict.

import { crc32 } from 'node:zlib';
import { folded } from './manifest.rules.js';

/** 16 MB, of a million and a half lines. */
const MOST_LINES = 1_500_000;
/** 4 MB. */
const MOST_FOLDERS = 375_000;
const DEEPEST_KEPT = 64;
const SLASH = 0x2f;
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** The number that `PathFolds` gives a path, of one alone. */
export const foldNumber = (path: string): number => crc32(folded(path)) | 0;

export class PathFolds {
  private readonly lines: NumberPairs;
  private readonly folders: NumberPairs;
  /** Numbers of the folders above the last path, by depth: mostly those of the next one. */
  private readonly above = new Int32Array(2 * DEEPEST_KEPT);
  private hasDoubled = false;
  private hasFileAsFolder = false;

  constructor(most = { lines: MOST_LINES, folders: MOST_FOLDERS }) {
    this.lines = new NumberPairs(most.lines);
    this.folders = new NumberPairs(most.folders);
  }

  /** False: no two paths are equal, nor fold alike. */
  get mayBeDoubled(): boolean {
    return this.hasDoubled || this.lines.isFull;
  }

  /** False: no file's path is a folder of another line, nor folds like one. */
  get mayHaveFileAsFolder(): boolean {
    return this.hasFileAsFolder || this.lines.isFull || this.folders.isFull;
  }

  /**
   * Notes a path with the folders that it lies in.
   * @returns a number that equals that of every path which folds alike; others may share it by chance
   */
  note(path: string, type: 'file' | 'directory'): number {
    const bytes = Buffer.from(folded(path));
    return this.noteBytes(bytes, 0, bytes.length, type);
  }

  /** As `note`, of a path of ASCII. */
  noteBytes(bytes: Uint8Array, begin: number, end: number, type: 'file' | 'directory'): number {
    let first = -1;
    let second = FNV_BASIS;
    let depth = 0;
    for (let at = begin; at < end; at += 1) {
      let byte = bytes[at] ?? 0;
      if (byte === SLASH) this.noteFolder(depth++, ~first, second);
      else if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
      first = (CRC_TABLE[(first ^ byte) & 0xff] ?? 0) ^ (first >>> 8);
      second = Math.imul(second ^ byte, FNV_PRIME);
    }
    const number = ~first;
    if (!this.lines.add(number, second)) this.hasDoubled = true;
    if (type === 'file' && this.folders.has(number, second)) this.hasFileAsFolder = true;
    return number;
  }

  private noteFolder(depth: number, first: number, second: number): void {
    const at = depth * 2;
    if (this.above[at] === first && this.above[at + 1] === second) return;
    this.above[at] = first;
    this.above[at + 1] = second;
    if (this.folders.add(first, second) && this.lines.has(first, second)) this.hasFileAsFolder = true;
  }
}

/** Of one byte each, from the function itself. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  // The CRC-32 of a byte b is ~(table[b ^ 0xff] ^ 0x00ffffff).
  const ofByte = crc32(Uint8Array.of(byte ^ 0xff));
  return ~ofByte ^ 0x00ffffff;
});

const FEWEST_SLOTS = 1_024;

/** A set of pairs of 32-bit numbers, eight bytes a slot, with a bound: what is full takes nothing more. */
class NumberPairs {
  isFull = false;
  private slots = new Int32Array(2 * FEWEST_SLOTS);
  private size = 0;
  private hasZero = false;

  constructor(private readonly most: number) {}

  has(first: number, second: number): boolean {
    if (first === 0 && second === 0) return this.hasZero;
    const at = this.slotOf(first, second);
    return this.slots[at] === first && this.slots[at + 1] === second;
  }

  /** False: it is there already. */
  add(first: number, second: number): boolean {
    if (first === 0 && second === 0) {
      const isNew = !this.hasZero;
      this.hasZero = true;
      return isNew;
    }
    let at = this.slotOf(first, second);
    if (this.slots[at] === first && this.slots[at + 1] === second) return false;
    if (this.size >= this.most) {
      this.isFull = true;
      return true;
    }
    if (this.size * 8 >= this.slots.length * 3) {
      this.grow();
      at = this.slotOf(first, second);
    }
    this.slots[at] = first;
    this.slots[at + 1] = second;
    this.size += 1;
    return true;
  }

  /** Where it is, or would be: two zeros. */
  private slotOf(first: number, second: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let at = (Math.imul(first ^ second, 0x9e3779b1) >>> 8) * 2; ; at += 2) {
      at &= mask;
      const there = slots[at];
      const beside = slots[at + 1];
      if ((there === first && beside === second) || (there === 0 && beside === 0)) return at;
    }
  }

  private grow(): void {
    const former = this.slots;
    this.slots = new Int32Array(former.length * 2);
    for (let from = 0; from < former.length; from += 2) {
      const first = former[from] ?? 0;
      const second = former[from + 1] ?? 0;
      if (first === 0 && second === 0) continue;
      const at = this.slotOf(first, second);
      this.slots[at] = first;
      this.slots[at + 1] = second;
    }
  }
}
