// A list of what a folder is to hold: lines that the server told, kept beside the data, read again as often as needed.

import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import { Failure } from '../failures.js';
import { takePlace } from '../journal/durable.js';
import { linesOf, LineWriter } from '../journal/lines.js';
import { OWN_FOLDER } from '../journal/own-folder.js';

export interface ManifestLine {
  path: string;
  type: 'file' | 'directory';
  size: number;
  crc32: string | null;
  mtime: string | null;
}

/** The last line: what stands before it, without which a manifest that was cut would look like a shorter one. */
interface End {
  type: 'end';
  lines: number;
  /** CRC-32 of those lines, each with its line end. */
  crc32: string;
}

export class Manifest {
  constructor(private readonly file: string) {}

  get exists(): boolean {
    return existsSync(this.file);
  }

  /** @throws what the system says, where it is there and cannot be read */
  mustBeReadable(): void {
    if (this.exists) accessSync(this.file, constants.R_OK);
  }

  /** In place of what it held. Answers the CRC-32 of all lines, by which it is known again. */
  async write(lines: AsyncIterable<ManifestLine> | Iterable<ManifestLine>): Promise<string> {
    mkdirSync(dirname(this.file), { recursive: true });
    // Other people may verify the folder, and download into it.
    const writer = new LineWriter(`${this.file}.new`, 0o666);
    const end = new EndOf();
    let isWhole = false;
    try {
      for await (const line of lines) writer.write(end.take(JSON.stringify(line)));
      writer.write(JSON.stringify(end.line));
      isWhole = true;
    } finally {
      if (isWhole) writer.finish();
      else writer.close();
    }
    takePlace(`${this.file}.new`, this.file);
    return end.line.crc32;
  }

  /** It is that one from now on, in place of what that held. */
  becomes(other: Manifest): void {
    takePlace(this.file, other.file);
  }

  remove(): void {
    rmSync(this.file, { force: true });
    rmSync(`${this.file}.new`, { force: true });
  }

  /** Answers its sum at the end. @throws Failure it was cut, or is damaged; the lines before that have been read by then */
  *lines(): Generator<ManifestLine, string> {
    const end = new EndOf();
    let isEnded = false;
    for (const text of linesOf(this.file)) {
      const line = lineOf(text);
      if (line === undefined || isEnded) throw this.damaged();
      if (line.type === 'end') {
        if (line.lines !== end.line.lines || line.crc32 !== end.line.crc32) throw this.damaged();
        isEnded = true;
      } else {
        end.take(text);
        yield line;
      }
    }
    if (!isEnded) throw this.damaged();
    return end.line.crc32;
  }

  /** The CRC-32 of all lines; undefined: there is none, or it is damaged. */
  sum(): string | undefined {
    if (!this.exists) return undefined;
    const lines = this.lines();
    try {
      for (;;) {
        const next = lines.next();
        if (next.done) return next.value;
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return undefined;
    }
  }

  private damaged(): Failure {
    return new Failure(
      'it is damaged or was cut short, so that it cannot be told whether the folder is whole; run the download again: what is there and right is not fetched again',
      1,
      this.file,
    );
  }
}

class EndOf {
  private count = 0;
  private sum = 0;

  /** Answers the line. */
  take(text: string): string {
    this.count += 1;
    this.sum = crc32(Buffer.from(`${text}\n`), this.sum);
    return text;
  }

  get line(): End {
    return { type: 'end', lines: this.count, crc32: crc32Text(this.sum) };
  }
}

/** Undefined for what is no line. */
function lineOf(text: string): ManifestLine | End | undefined {
  try {
    return JSON.parse(text) as ManifestLine | End;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
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
