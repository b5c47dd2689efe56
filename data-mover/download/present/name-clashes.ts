// Disks of Windows and macOS take names for one that Mediaflux tells apart: `Scan.tif` and `scan.tif`, or an accent written
// in two ways. What would overwrite another file there is found before anything is fetched.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failures.js';
import { PathTable } from '../../journal/path-table.js';
import type { Reporter } from '../../report/reporter.js';
import { shown } from '../../report/units.js';
import { broadName } from '../../tree/names.rules.js';
import { diskTrouble } from '../disk-trouble.js';
import { OWN_FOLDER } from '../../journal/own-folder.js';

/** Does the disk take two names in one folder for the same? */
export type TakesForOne = (name: string, other: string) => boolean;

/** So many are named one by one. */
const MOST_TOLD = 100;

/**
 * Compares what is to be fetched with itself, as the disk of the target compares names.
 * @param lines to be fetched; gone through two times at most
 * @param ownFolder of this program on the disk of the target, to ask the disk in
 * @throws Failure some would overwrite others, each is named before; or the disk takes nothing
 */
export function refuseClashes(
  lines: () => Iterable<{ line: { path: string } }>,
  ownFolder: string,
  reporter: Reporter,
): void {
  const paths = function* () {
    for (const { line } of lines()) yield line.path;
  };
  const disk = new DiskProbe(join(ownFolder, 'names'));
  let clashing = 0;
  try {
    if (!disk.foldsNames()) return;
    for (const [path, other] of clashes(paths, disk.takesForOne)) {
      clashing += 1;
      if (clashing <= MOST_TOLD) reporter.error(`on this disk its name is the same as that of ${shown(other)}`, path);
    }
  } catch (error) {
    throw diskTrouble(error, `${OWN_FOLDER}/names`);
  } finally {
    disk.end();
  }
  if (clashing > 0)
    throw new Failure(
      `Nothing was fetched: ${clashing} ${clashing === 1 ? 'name is' : 'names are'} the same as another on this disk, where one file would overwrite the other. Fetch them into different folders with --only, or onto a disk that tells such names apart.`,
    );
}

/** Pairs of paths, of files or of folders above them, that a disk takes for one: the later, and the earlier one. */
export function* clashes(paths: () => Iterable<string>, takesForOne: TakesForOne): Generator<[string, string]> {
  const suspects = suspectsIn(paths());
  if (suspects.size === 0) return;
  const seen = new Map<string, Set<string>>();
  for (const path of paths()) {
    for (const one of waysTo(path)) {
      const key = broadName(one);
      if (!suspects.has(key)) continue;
      const known = seen.get(key) ?? new Set();
      seen.set(key, known);
      if (known.has(one)) continue;
      const other = [...known].find((before) => areOne(before, one, takesForOne));
      known.add(one);
      if (other !== undefined) yield [one, other];
    }
  }
}

/** Broad names that stand for several paths. Millions of paths fit in memory as numbers, few of them are suspects. */
function suspectsIn(paths: Iterable<string>): Set<string> {
  const suspects = new Set<string>();
  const table = new PathTable();
  for (const path of paths) {
    for (const one of waysTo(path)) {
      const key = broadName(one);
      const [word, first] = markOf(one);
      const known = table.get(key);
      if (!known) table.set(key, word, first, 0);
      else if (known.word !== word || known.first !== first) suspects.add(key);
    }
  }
  return suspects;
}

/** `a`, `a/b`, `a/b/c` of `a/b/c`. */
function* waysTo(path: string): Generator<string> {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) yield path.slice(0, end);
  yield path;
}

/** 85 bits that two different texts with one broad name do not share: FNV-1a of both halves of every unit. */
function markOf(text: string): [word: number, first: number] {
  let word = 0x811c9dc5;
  let other = 0x01000193;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    word = Math.imul(word ^ unit, 0x01000193) >>> 0;
    other = Math.imul(other ^ unit, 0x85ebca6b) >>> 0;
  }
  return [word, other * 0x200000 + (text.length & 0x1fffff)];
}

function areOne(path: string, other: string, takesForOne: TakesForOne): boolean {
  const names = path.split('/');
  const others = other.split('/');
  return (
    names.length === others.length &&
    names.every((name, at) => name === others[at] || takesForOne(name, others[at] ?? name))
  );
}

/** Asks the disk itself: which letters it takes for one depends on its kind, its version and its settings. */
class DiskProbe {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly folder: string) {}

  foldsNames(): boolean {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    return this.takesForOne('case', 'CASE') || this.takesForOne('\u00e9', 'e\u0301');
  }

  readonly takesForOne: TakesForOne = (name, other) => {
    const key = `${name}/${other}`;
    const isOne = this.known.get(key) ?? this.ask(name, other);
    this.known.set(key, isOne);
    return isOne;
  };

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private ask(name: string, other: string): boolean {
    const place = join(this.folder, name);
    try {
      writeFileSync(place, '');
    } catch (error) {
      // A name that the disk cannot hold overwrites nothing.
      if (['ENAMETOOLONG', 'EILSEQ', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
    const isOne = existsSync(join(this.folder, other));
    rmSync(place, { force: true });
    return isOne;
  }
}
