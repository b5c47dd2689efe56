// What a folder is to hold: the lines that the server tells, kept beside the data, read again as often as needed.

import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import { Failure } from '../failures.js';
import { takePlace } from '../journal/durable.js';
import { linesOf, LineWriter } from '../journal/lines.js';
import { PathTable } from '../journal/path-table.js';
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

/** In the user's folder: the manifest, and files that are not whole yet. */
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

  /**
   * Takes new lines, first; what earlier downloads into the folder brought stays known after them. Answers the CRC-32
   * of all, by which it is known again.
   * @param told of a manifest that is damaged: nothing of it is taken over, for no line of it is certain
   */
  async keep(lines: AsyncIterable<ManifestLine>, told: (message: string) => void): Promise<string> {
    mkdirSync(this.ownFolder, { recursive: true });
    const writer = new LineWriter(`${this.file}.new`);
    const end = new EndOf();
    let isWhole = false;
    try {
      const known = this.exists ? new PathTable() : undefined;
      for await (const line of lines) {
        known?.set(line.path, 0, 0, 0);
        writer.write(end.take(JSON.stringify(line)));
      }
      if (known && this.isUsable(told))
        for (const line of this.lines()) if (!known.get(line.path)) writer.write(end.take(JSON.stringify(line)));
      writer.write(JSON.stringify(end.line));
      isWhole = true;
    } finally {
      if (isWhole) writer.finish();
      else writer.close();
    }
    takePlace(`${this.file}.new`, this.file);
    return end.line.crc32;
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

  /** The CRC-32 of all lines. @throws Failure as `lines` */
  sum(): string {
    const lines = this.lines();
    for (;;) {
      const next = lines.next();
      if (next.done) return next.value;
    }
  }

  private isUsable(told: (message: string) => void): boolean {
    try {
      this.sum();
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      told(
        'The list of earlier downloads into this folder is damaged; files that came by another link are not verified any more, unless they are downloaded again.',
      );
      return false;
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
