// Fetches many files, several at a time: one that fails alone is told of and left to the next run, a trouble that others
// would meet too ends all.

import { dirname } from 'node:path';
import type { CameWhole, StoredFile } from '../../../src/mediaflux/services/index.js';
import { Failure } from '../../failures.js';
import type { Reporter } from '../../report/reporter.js';
import { SmallWrites } from '../../disk/small-writes.js';
import { Behind } from '../../transfer/behind.js';
import { inParallel } from '../../transfer/in-parallel.js';
import type { MediafluxLink } from '../../transfer/mediaflux-link.js';
import { refusalOf, Refusals } from '../../transfer/mediaflux-trouble.js';
import { DiskTrouble, diskTrouble } from '../disk-trouble.js';
import { type Fetched, Fetching, type Partials } from './fetch-file.js';
import type { MadeFolders } from './made-folders.js';
import { type ManifestLine, placeOf } from '../manifest.js';
import { portions } from './portions.js';
import { StoredFiles, type Wanted } from './stored-files.js';
import { Together } from './together.js';
import type { VerifiedFiles } from '../present/verified-files.js';
import { OWN_FOLDER } from '../../journal/own-folder.js';

/** Small files in memory that have arrived and are not written yet; each of at most 128 KiB. */
const MOST_STORED_AT_A_TIME = 64;

export interface FetchOptions extends Partials {
  /** Folder that is downloaded into. */
  target: string;
  parallel: number;
  signal: AbortSignal;
}

export class FetchedFiles {
  receivedBytes = 0;
  /** Each has been named. */
  failed = 0;
  private readonly refusals = new Refusals();
  private stored: StoredFiles | undefined;

  constructor(
    private readonly options: FetchOptions,
    private readonly link: MediafluxLink,
    private readonly folders: MadeFolders,
    private readonly verified: VerifiedFiles,
    private readonly reporter: Reporter,
  ) {}

  /** @throws Failure what ends the download, not what is wrong with a single file */
  async fetch(lines: Iterable<ManifestLine>): Promise<void> {
    const { partialFolder, run, parallel, signal } = this.options;
    const stored = (this.stored ??= new StoredFiles(this.link));
    await this.folders.make(partialFolder, `${OWN_FOLDER}/partial`);
    const writes = new SmallWrites();
    const fetching = new Fetching(this.link, { partialFolder, run }, writes, this.reporter, signal);
    const storing = new Behind(MOST_STORED_AT_A_TIME);
    const fetchAlone = async ({ line, held }: Wanted, came?: CameWhole): Promise<void> => {
      const fetched = await this.alone(line, () => this.fetchOne(line, held, fetching, came));
      // The network is free for the next while this one is written.
      if (fetched) await storing.add(this.alone(line, () => this.isStored(line, fetched)));
    };
    const together = this.togetherWith(writes, fetchAlone);
    const asked = portions(lines, () => together.mayBe);
    try {
      await inParallel(asked, parallel, async (portion) => {
        // Those that are listed by now do not wait for the others.
        for (let left: readonly ManifestLine[] = portion; left.length > 0;) {
          const { known, unknown } = await stored.listed(left);
          if (known.length > 1) await together.fetch(known);
          else for (const only of known) await fetchAlone(only);
          left = unknown;
        }
      });
      await together.all();
      await storing.all();
    } finally {
      await together.settled();
      await storing.settled();
      await writes.close();
    }
  }

  /** Nothing is asked or written any more when it answers. */
  async close(): Promise<void> {
    await this.stored?.close();
  }

  private togetherWith(writes: SmallWrites, alone: (wanted: Wanted, came?: CameWhole) => Promise<void>): Together {
    const { target, partialFolder, run } = this.options;
    const { folders, reporter } = this;
    return new Together(this.link, writes, {
      target,
      partialFolder,
      run,
      alone,
      followed: reporter,
      leave: (name) => reporter.failed(name),
      makeFolder: (folder, line) => folders.has(folder) || this.madeFolder(folder, line),
      stored: (line) => {
        this.refusals.wentWell();
        this.came(line, line.size);
      },
      notStored: async (line, error) => {
        await this.alone(line, () => {
          throw diskTrouble(error, line.path);
        });
      },
    });
  }

  private async madeFolder(folder: string, line: ManifestLine): Promise<boolean> {
    const made = await this.alone(line, async () => {
      await this.folders.make(folder, line.path);
      return true;
    });
    return made ?? false;
  }

  private async fetchOne(
    line: ManifestLine,
    held: StoredFile | undefined,
    fetching: Fetching,
    came: CameWhole | undefined,
  ): Promise<Fetched> {
    if (!held) throw new Failure('Mediaflux no longer has it; please tell whoever sent the link', 1, line.path);
    const place = placeOf(this.options.target, line.path);
    await this.folders.make(dirname(place), line.path);
    const fetched = await fetching.fetch(line, place, held, came);
    this.refusals.wentWell();
    return fetched;
  }

  private async isStored(line: ManifestLine, { received, stored }: Fetched): Promise<void> {
    await stored;
    this.came(line, received);
    await this.verified.fetched(line, placeOf(this.options.target, line.path));
  }

  private came(line: ManifestLine, bytes: number): void {
    this.receivedBytes += bytes;
    this.reporter.file(line.path, bytes, false, line.size);
  }

  /** Undefined where something is wrong with this file alone. */
  private async alone<T>(line: ManifestLine, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (caught) {
      const error = refusalOf(caught, line.path, 'give');
      if (!(error instanceof Failure) || error.path === undefined || error instanceof DiskTrouble) throw error;
      this.reporter.failed(line.path);
      this.reporter.error(error.message, error.path);
      this.failed += 1;
      this.refusals.note(error);
      return undefined;
    }
  }
}
