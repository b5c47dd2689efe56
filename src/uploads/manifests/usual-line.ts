// The usual line of a manifest, as `JSON.stringify` writes it, read from its bytes as they came: a path of ASCII that
// needs no escape, with its fields in the contract's order. It is read many times as fast as JSON, of which a million
// lines take seconds; any other line, a wrong one too, goes the long way (`manifest.rules.ts`). A test holds the two together.

import { daysIn, LONGEST_NAME_BYTES, LONGEST_PATH_BYTES } from './manifest.rules.js';

const BEFORE_PATH = Buffer.from('{"path":"');
const BEFORE_SIZE = Buffer.from('"size":');
const BEFORE_SUM = Buffer.from(',"crc32":"');
const BEFORE_TIME = Buffer.from(',"mtime":"');
const SUM_LENGTH = 8;
/** Of so many digits every number is a safe integer. */
const MOST_DIGITS = 15;
/** `Date.UTC` takes earlier years for those of another century. */
const FIRST_SURE_YEAR = 100;

const QUOTE = 0x22;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const COLON = 0x3a;
const T = 0x54;
const Z = 0x5a;
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;

/** What the last line that was read says; positions are in the bytes that were given. */
export class UsualLine {
  pathBegin = 0;
  pathEnd = 0;
  size = 0;
  /** Of eight digits. */
  sumBegin = 0;
  /** Milliseconds since 1970; NaN: the line tells none. */
  modifiedMs = Number.NaN;
  /** Behind the line's end. */
  end = 0;
  private at = 0;
  /** Of the date before, mostly the same: as year, month and day in one number. */
  private date = 0;
  private dateMs = 0;

  /** False: the line that begins at `from` is another one, or its end is not in these bytes. */
  read(bytes: Uint8Array, from: number): boolean {
    this.at = from;
    return (
      this.isNext(bytes, BEFORE_PATH) &&
      this.readPath(bytes) &&
      this.isNext(bytes, BEFORE_SIZE) &&
      this.readSize(bytes) &&
      this.isNext(bytes, BEFORE_SUM) &&
      this.readSum(bytes) &&
      this.readTime(bytes) &&
      this.readEnd(bytes)
    );
  }

  private isNext(bytes: Uint8Array, expected: Uint8Array): boolean {
    const from = this.at;
    for (let index = 0; index < expected.length; index += 1) if (bytes[from + index] !== expected[index]) return false;
    this.at = from + expected.length;
    return true;
  }

  /** Up to the comma behind it. As `pathProblem`, of which no words are needed here. */
  private readPath(bytes: Uint8Array): boolean {
    const begin = this.at;
    let nameBegin = begin;
    for (let at = begin; ; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === SLASH || byte === QUOTE) {
        if (!isName(bytes, nameBegin, at)) return false;
        nameBegin = at + 1;
        if (byte === SLASH) continue;
        if (at - begin > LONGEST_PATH_BYTES || bytes[at + 1] !== COMMA) return false;
        this.pathBegin = begin;
        this.pathEnd = at;
        this.at = at + 2;
        return true;
      }
      if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return false;
    }
  }

  private readSize(bytes: Uint8Array): boolean {
    const begin = this.at;
    let size = 0;
    for (; isDigit(bytes[this.at]); this.at += 1) {
      if (this.at - begin >= MOST_DIGITS) return false;
      size = size * 10 + ((bytes[this.at] ?? 0) - ZERO);
    }
    this.size = size;
    const digits = this.at - begin;
    return digits === 1 || (digits > 1 && bytes[begin] !== ZERO);
  }

  private readSum(bytes: Uint8Array): boolean {
    const begin = this.at;
    const end = begin + SUM_LENGTH;
    for (let at = begin; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (!isDigit(byte) && !(byte >= 0x61 && byte <= 0x66)) return false;
    }
    this.sumBegin = begin;
    this.at = end + 1;
    return bytes[end] === QUOTE;
  }

  /** As `toISOString` writes it, with or without its milliseconds, or none at all. */
  private readTime(bytes: Uint8Array): boolean {
    this.modifiedMs = Number.NaN;
    if (bytes[this.at] !== COMMA) return true;
    if (!this.isNext(bytes, BEFORE_TIME)) return false;
    const at = this.at;
    const isShaped =
      bytes[at + 4] === HYPHEN &&
      bytes[at + 7] === HYPHEN &&
      bytes[at + 10] === T &&
      bytes[at + 13] === COLON &&
      bytes[at + 16] === COLON;
    if (!isShaped) return false;
    const date = numberAt(bytes, at, 4) * 10_000 + numberAt(bytes, at + 5, 2) * 100 + numberAt(bytes, at + 8, 2);
    const hour = numberAt(bytes, at + 11, 2);
    const minute = numberAt(bytes, at + 14, 2);
    const second = numberAt(bytes, at + 17, 2);
    const hasMilliseconds = bytes[at + 19] === DOT;
    const millisecond = hasMilliseconds ? numberAt(bytes, at + 20, 3) : 0;
    const end = at + (hasMilliseconds ? 23 : 19);
    // What is no number is NaN, of which no comparison is true.
    if (!(hour < 24 && minute < 60 && second < 60 && millisecond >= 0) || !this.isDate(date)) return false;
    this.modifiedMs = this.dateMs + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
    this.at = end + 2;
    return bytes[end] === Z && bytes[end + 1] === QUOTE;
  }

  private isDate(date: number): boolean {
    if (date === this.date) return true;
    const year = Math.floor(date / 10_000);
    const month = Math.floor(date / 100) % 100;
    const day = date % 100;
    if (!(year >= FIRST_SURE_YEAR && day >= 1 && day <= daysIn(year, month))) return false;
    this.date = date;
    this.dateMs = Date.UTC(year, month - 1, day);
    return true;
  }

  private readEnd(bytes: Uint8Array): boolean {
    if (bytes[this.at] !== CLOSING_BRACE) return false;
    const at = bytes[this.at + 1] === 0x0d ? this.at + 2 : this.at + 1;
    this.end = at + 1;
    return bytes[at] === 0x0a;
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= 0x39;

/** NaN where another character stands among the digits. */
function numberAt(bytes: Uint8Array, from: number, digits: number): number {
  let number = 0;
  for (let at = from; at < from + digits; at += 1) {
    const byte = bytes[at];
    if (!isDigit(byte)) return Number.NaN;
    number = number * 10 + ((byte ?? 0) - ZERO);
  }
  return number;
}

/** Neither empty, nor `.` or `..`, nor too long. */
function isName(bytes: Uint8Array, begin: number, end: number): boolean {
  const length = end - begin;
  if (length === 0 || length > LONGEST_NAME_BYTES) return false;
  if (length > 2 || bytes[begin] !== DOT) return true;
  return length === 2 && bytes[begin + 1] !== DOT;
}
