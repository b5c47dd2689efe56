// Walks what is to be uploaded: files and empty folders, in order of name. Links are followed only when asked, and never
// in a circle; what cannot be read is named.

import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isText, NOT_TEXT } from './names.rules.js';

export type Found =
  | { kind: 'file'; path: string; root: number; size: number; modifiedMs: number }
  | { kind: 'empty-folder'; path: string }
  | { kind: 'skipped'; path: string; why: string }
  | { kind: 'unreadable'; path: string; why: string };

/** So many at a time; then others get their turn, signals too. */
const LOOKS_IN_A_ROW = 256;

/**
 * One folder: its contents; several, or a file: each below its own name. Paths are relative, with `/`. They come some at a
 * time, since waiting for each would take as long as looking at it.
 */
export async function* walk(
  roots: readonly string[],
  options: { followSymlinks?: boolean; signal?: AbortSignal } = {},
): AsyncGenerator<Found[]> {
  const isTop = isOneFolder(roots);
  for (const [root, at] of roots.entries()) {
    const walker = found(at, isTop ? '' : basename(at), root, options.followSymlinks ?? false);
    for (const some of walker) {
      yield some;
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

/** A folder on the way down, with what in it was not looked at yet. */
interface Open {
  /** What a name in it follows to be its place. */
  inside: string;
  path: string;
  names: string[];
  next: number;
  /** Its real path, where links are followed. */
  real: string;
}

/** Folders that are open are kept in a list: a tree may be deeper than calls can be. */
function* found(at: string, top: string, root: number, follows: boolean): Generator<Found[]> {
  const open: Open[] = [];
  let some: Found[] = [];
  const look = (place: string, path: string): void => {
    const one = lookAt(place, path, root, follows || open.length === 0);
    if (one.kind !== 'folder') some.push(one);
    else {
      const inside = openFolder(place, path, follows, open);
      if ('kind' in inside) some.push(inside);
      else if (inside.names.length === 0 && path !== '') some.push({ kind: 'empty-folder', path });
      else open.push(inside);
    }
  };
  look(at, top);
  let looks = 1;
  for (let folder = open.at(-1); folder; folder = open.at(-1)) {
    const name = folder.names[folder.next];
    folder.next += 1;
    if (name === undefined) open.pop();
    else look(folder.inside + name, folder.path === '' ? name : `${folder.path}/${name}`);
    looks += 1;
    if (looks % LOOKS_IN_A_ROW !== 0) continue;
    yield some;
    some = [];
  }
  yield some;
}

/** @param follows what the user named is meant, also when it is a link */
function lookAt(at: string, path: string, root: number, follows: boolean): Found | { kind: 'folder' } {
  // It cannot be asked for: the name that the system has is another one.
  if (!isText(path)) return { kind: 'unreadable', path, why: NOT_TEXT };
  try {
    const stat = follows ? statSync(at) : lstatSync(at);
    if (stat.isFile()) return { kind: 'file', path, root, size: stat.size, modifiedMs: Math.floor(stat.mtimeMs) };
    if (stat.isDirectory()) return { kind: 'folder' };
    const isLink = stat.isSymbolicLink();
    const why = isLink
      ? 'it is a symbolic link (--follow-symlinks takes what it leads to)'
      : 'it is neither a file nor a folder';
    return { kind: 'skipped', path, why };
  } catch (error) {
    return { kind: 'unreadable', path: path === '' ? '.' : path, why: reason(error) };
  }
}

function openFolder(at: string, path: string, follows: boolean, above: readonly Open[]): Open | Found {
  try {
    const real = follows ? realpathSync(at) : at;
    if (follows && above.some((folder) => folder.real === real))
      return { kind: 'unreadable', path, why: 'it is a link back to a folder that it lies in' };
    const inside = at.endsWith(sep) ? at : at + sep;
    return { inside, path, names: readdirSync(at).sort(), next: 0, real };
  } catch (error) {
    return { kind: 'unreadable', path: path === '' ? '.' : path, why: reason(error) };
  }
}

const reason = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  if (code === 'ENAMETOOLONG') return 'its path is longer than this system opens; move it up, or shorten names in it';
  if (code === 'ENOENT') return 'it is gone, or a link that leads nowhere';
  return code === 'ELOOP' ? 'it is a link that leads in a circle' : `it cannot be read (${code ?? 'unknown'})`;
};
