// Walks what is to be uploaded: files and empty folders, in order of name. Links are not followed; what cannot be read
// is named.

import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type Found =
  | { kind: 'file'; path: string; from: string; size: number; modifiedMs: number }
  | { kind: 'empty-folder'; path: string }
  | { kind: 'skipped'; path: string; why: string }
  | { kind: 'unreadable'; path: string; why: string };

/** One folder: its contents; several, or a file: each below its own name. Paths are relative, with `/`. */
export async function* walk(roots: readonly string[]): AsyncGenerator<Found> {
  const [only] = roots;
  const isOneFolder = roots.length === 1 && only !== undefined && (await lstat(only)).isDirectory();
  for (const root of roots) yield* found(root, isOneFolder ? '' : basename(root));
}

async function* found(at: string, path: string): AsyncGenerator<Found> {
  let stat: Stats;
  try {
    stat = await lstat(at);
  } catch (error) {
    yield { kind: 'unreadable', path, why: reason(error) };
    return;
  }
  if (stat.isSymbolicLink()) yield { kind: 'skipped', path, why: 'it is a symbolic link' };
  else if (stat.isFile()) yield { kind: 'file', path, from: at, size: stat.size, modifiedMs: Math.floor(stat.mtimeMs) };
  else if (stat.isDirectory()) yield* insideFolder(at, path);
  else yield { kind: 'skipped', path, why: 'it is neither a file nor a folder' };
}

async function* insideFolder(at: string, path: string): AsyncGenerator<Found> {
  let entries: Dirent[];
  try {
    entries = await readdir(at, { withFileTypes: true });
  } catch (error) {
    yield { kind: 'unreadable', path: path === '' ? '.' : path, why: reason(error) };
    return;
  }
  if (entries.length === 0 && path !== '') yield { kind: 'empty-folder', path };
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) yield* found(join(at, entry.name), path === '' ? entry.name : `${path}/${entry.name}`);
}

const reason = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM'
    ? 'it may not be read'
    : code === 'ENOENT'
      ? 'it is gone'
      : `it cannot be read (${code ?? 'unknown'})`;
};
