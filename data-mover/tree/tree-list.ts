// What is to be sent, as it was found before anything moved: a line for each file and empty folder in a file of the
// journal's folder, read again as often as it is needed.

import { basename, dirname, sep } from 'node:path';
import { linesOf, LineWriter } from '../journal/lines.js';

export interface LocalFile {
  /** Relative, with `/`. */
  path: string;
  from: string;
  size: number;
  modifiedMs: number;
}

type Line = [path: string, root: number, size: number, modifiedMs: number] | [emptyFolder: string];

export class TreeList {
  private writer: LineWriter | undefined;
  /** What a path follows to be a place. */
  private readonly bases: string[];

  constructor(
    /** Undefined: what is found is counted only. */
    private readonly file: string | undefined,
    roots: readonly string[],
    /** One folder: its contents lie at the top, without its name. */
    isOneFolder: boolean,
  ) {
    const folders = isOneFolder ? roots : roots.map(dirname);
    this.bases = folders.map((folder) => (folder.endsWith(sep) ? folder : folder + sep));
  }

  addFile(path: string, root: number, size: number, modifiedMs: number): void {
    this.write([path, root, size, modifiedMs]);
  }

  addEmptyFolder(path: string): void {
    this.write([path]);
  }

  finish(): void {
    this.writer?.close();
    this.writer = undefined;
  }

  *entries(): Generator<LocalFile | { emptyFolder: string }> {
    if (this.file === undefined) throw new Error('A list that is kept nowhere cannot be read.');
    for (const text of linesOf(this.file)) {
      const [path, root, size, modifiedMs] = JSON.parse(text) as Line;
      if (root === undefined) yield { emptyFolder: path };
      else yield { path, from: `${this.bases[root] ?? ''}${path}`, size: size ?? 0, modifiedMs: modifiedMs ?? 0 };
    }
  }

  private write(line: Line): void {
    if (this.file === undefined) return;
    this.writer ??= new LineWriter(this.file);
    this.writer.write(JSON.stringify(line));
  }
}

/** The name that two of the roots would share. */
export function sharedName(roots: readonly string[]): string | undefined {
  const names = roots.map((root) => basename(root));
  return names.find((name, index) => names.indexOf(name) !== index);
}
