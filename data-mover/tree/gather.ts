// Everything that is to go, listed before anything moves, or the reasons why nothing may.

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure, wrongUse } from '../failures.js';
import { meantBy } from '../globs.js';
import { inNotes, ownFolderIn } from '../journal/home.js';
import { OWN_FOLDER } from '../journal/own-folder.js';
import type { Reporter } from '../report/reporter.js';
import { refusal, windowsWarning } from './names.rules.js';
import { sharedName, TreeList } from './tree-list.js';
import { type Found, isOneFolder, walk } from './walk.js';
import { Fingerprint } from './fingerprint.js';

export interface Tree {
  list: TreeList;
  files: number;
  bytes: number;
  youngestMs: number;
  /** As it was found. */
  fingerprint: string;
}

/** What is looked at. */
export interface Source {
  paths: readonly string[];
  followSymlinks: boolean;
  /** Names at the top of the tree that are none of the data. */
  leaveOut?: readonly string[] | undefined;
  /** Globs of what does not go, relative to the top of the tree. */
  exclude: readonly string[];
  signal: AbortSignal;
}

/** So many names that Windows cannot hold are told one by one. */
const MOST_TOLD = 20;

/**
 * @param listFile where the list is kept; undefined: nowhere
 * @throws Failure something may not or cannot be uploaded; each is named before
 */
export async function gather(source: Source, listFile: string | undefined, reporter: Reporter): Promise<Tree> {
  const { paths } = source;
  const shared = sharedName(paths);
  if (shared !== undefined)
    throw wrongUse(`Two of the paths end in ${shared}; upload the folder that they lie in, or one after the other.`);
  const list = new TreeList(listFile, paths, isOneFolder(paths));
  const gathering = new Gathering(list, reporter);
  for (const path of ownFolders(paths)) reporter.leftOut('this program keeps its own notes there', path);
  for (const path of downloadNotes(paths)) reporter.leftOut('a download keeps its notes there', path);
  try {
    for await (const some of dataIn(source, () => gathering.excluded()))
      for (const found of some) gathering.take(found);
  } finally {
    inNotes(() => list.finish());
  }
  return gathering.tree();
}

/** All that is found there, some at a time, but for what is none of the data. @param onExcluded told of each that the globs mean */
export async function* dataIn(source: Source, onExcluded?: () => void): AsyncGenerator<Found[]> {
  const own = [...ownFolders(source.paths), ...downloadNotes(source.paths)];
  const isExcluded = meantBy(source.exclude);
  const isData = ({ path }: Found): boolean => {
    const isOwn = own.some((folder) => path === folder || path.startsWith(`${folder}/`));
    if (isOwn || source.leaveOut?.includes(path)) return false;
    if (!isExcluded(path)) return true;
    onExcluded?.();
    return false;
  };
  for await (const some of walk(source.paths, source)) yield some.filter(isData);
}

/** Where this program's own folder lies in the tree: it changes all the time. */
function ownFolders(paths: readonly string[]): string[] {
  const isOne = isOneFolder(paths);
  return paths.flatMap((path) => {
    const own = ownFolderIn(path);
    return own === undefined ? [] : [isOne ? own : `${basename(path)}/${own}`];
  });
}

/**
 * What downloads made in the folders that are named: with that at its top nobody could fetch an upload to where a download
 * keeps the same.
 */
function downloadNotes(paths: readonly string[]): string[] {
  const isOne = isOneFolder(paths);
  return paths.flatMap((path) => {
    const name = basename(path);
    if (!isOne && name === OWN_FOLDER) return [OWN_FOLDER];
    if (!existsSync(join(path, OWN_FOLDER))) return [];
    return [isOne ? OWN_FOLDER : `${name}/${OWN_FOLDER}`];
  });
}

class Gathering {
  private readonly fingerprint = new Fingerprint();
  private files = 0;
  private bytes = 0;
  private youngestMs = 0;
  private faults = 0;
  private windowsTroubles = 0;
  private excludedEntries = 0;

  constructor(
    private readonly list: TreeList,
    private readonly reporter: Reporter,
  ) {
    reporter.looks();
  }

  excluded(): void {
    this.excludedEntries += 1;
  }

  take(found: Found): void {
    if (found.kind === 'skipped') this.reporter.leftOut(found.why, found.path);
    else {
      const trouble = found.kind === 'unreadable' ? found.why : refusal(found.path);
      if (trouble !== undefined) {
        this.reporter.error(trouble, found.path);
        this.faults += 1;
      } else if (found.kind !== 'unreadable') this.add(found);
    }
  }

  tree(): Tree {
    this.reporter.excluded(this.excludedEntries);
    if (this.windowsTroubles > MOST_TOLD)
      this.reporter.note(
        `${this.windowsTroubles - MOST_TOLD} more names are of the kinds that Windows cannot hold, or too long there.`,
      );
    if (this.faults > 0)
      throw new Failure(
        `Nothing was sent: ${this.faults} ${this.faults === 1 ? 'entry' : 'entries'} cannot be uploaded, as told above. Put that right, and run the same command again.`,
      );
    if (this.files === 0)
      throw wrongUse(
        `There is no file to upload${this.excludedEntries === 0 ? '' : ' but what --exclude leaves out'}.`,
      );
    const { list, files, bytes, youngestMs } = this;
    return { list, files, bytes, youngestMs, fingerprint: this.fingerprint.digest() };
  }

  private add(found: Extract<Found, { kind: 'file' | 'empty-folder' }>): void {
    const windows = windowsWarning(found.path);
    if (windows !== undefined) {
      this.windowsTroubles += 1;
      if (this.windowsTroubles <= MOST_TOLD) this.reporter.note(windows, found.path);
    }
    if (found.kind === 'empty-folder') {
      inNotes(() => this.list.addEmptyFolder(found.path));
      this.fingerprint.emptyFolder(found.path);
      return;
    }
    this.files += 1;
    this.bytes += found.size;
    this.youngestMs = Math.max(this.youngestMs, found.modifiedMs);
    inNotes(() => this.list.addFile(found.path, found.root, found.size, found.modifiedMs));
    this.fingerprint.file(found);
    this.reporter.found(this.files, this.bytes);
  }
}
