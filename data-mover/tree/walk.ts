// Walks what is to be uploaded: files and empty folders, in order of name. Links are followed only when asked, and never
// in a circle; what cannot be read is named.

import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

export type Found =
  | { kind: 'file'; path: string; root: number; size: number; modifiedMs: number }
  | { kind: 'empty-folder'; path: string }
  | { kind: 'skipped'; path: string; why: string }
  | { kind: 'unreadable'; path: string; why: string };

/** So often others get their turn, signals too. */
const LOOKS_IN_A_ROW = 256;

/** One folder: its contents; several, or a file: each below its own name. Paths are relative, with `/`. */
export async function* walk(
  roots: readonly string[],
  options: { followSymlinks?: boolean; signal?: AbortSignal } = {},
): AsyncGenerator<Found> {
  const isTop = isOneFolder(roots);
  let looks = 0;
  for (const [root, at] of roots.entries()) {
    const walker = found(at, isTop ? '' : basename(at), root, options.followSymlinks ?? false, []);
    for (const one of walker) {
      yield one;
      looks += 1;
      if (looks % LOOKS_IN_A_ROW !== 0) continue;
      await nextTurn();
      options.signal?.throwIfAborted();
    }
  }
}

export function isOneFolder(roots: readonly string[]): boolean {
  const [only] = roots;
  return (
    roots.length === 1 && only !== undefined && (statSync(only, { throwIfNoEntry: false })?.isDirectory() ?? false)
  );
}

/** @param above real paths of the folders on the way here, kept where links are followed */
function* found(at: string, path: string, root: number, follows: boolean, above: readonly string[]): Generator<Found> {
  let stat: Stats;
  try {
    stat = lstatSync(at);
    // What the user named is meant, also when it is a link.
    if (stat.isSymbolicLink() && (follows || above.length === 0)) stat = statSync(at);
  } catch (error) {
    yield { kind: 'unreadable', path: path === '' ? '.' : path, why: reason(error) };
    return;
  }
  if (stat.isSymbolicLink())
    yield { kind: 'skipped', path, why: 'it is a symbolic link (--follow-symlinks takes what it leads to)' };
  else if (stat.isFile()) yield { kind: 'file', path, root, size: stat.size, modifiedMs: Math.floor(stat.mtimeMs) };
  else if (stat.isDirectory()) yield* insideFolder(at, path, root, follows, above);
  else yield { kind: 'skipped', path, why: 'it is neither a file nor a folder' };
}

function* insideFolder(
  at: string,
  path: string,
  root: number,
  follows: boolean,
  above: readonly string[],
): Generator<Found> {
  let names: string[];
  let here: string;
  try {
    here = follows ? realpathSync(at) : at;
    if (follows && above.includes(here)) {
      yield { kind: 'unreadable', path, why: 'it is a link back to a folder that it lies in' };
      return;
    }
    names = readdirSync(at);
  } catch (error) {
    yield { kind: 'unreadable', path: path === '' ? '.' : path, why: reason(error) };
    return;
  }
  if (names.length === 0 && path !== '') yield { kind: 'empty-folder', path };
  names.sort();
  const way = [...above, here];
  for (const name of names) yield* found(join(at, name), path === '' ? name : `${path}/${name}`, root, follows, way);
}

const reason = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  if (code === 'ENOENT') return 'it is gone, or a link that leads nowhere';
  return code === 'ELOOP' ? 'it is a link that leads in a circle' : `it cannot be read (${code ?? 'unknown'})`;
};
