// A link's files, folder by folder and page by page: folders first, then files, each with what it holds.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { NotFound } from '../../http/index.js';
import { type Folder, FoldersStore, type OwnFile, type TopOfTree } from './folders.store.js';

export interface FolderPage {
  folder: Folder;
  folders: Folder[];
  files: OwnFile[];
  /** What to ask for as `after` to get the next page; null on the last one. */
  next: string | null;
}

/** `d12`: after the folder with that number; `f345`: after the file on that line. */
const AFTER = /^([df])(\d{1,15})$/;

@Injectable()
export class FileTreeService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(FoldersStore) private readonly folders: FoldersStore,
  ) {}

  /** @param path without slashes at its ends, empty for the top @throws NotFound no such folder, or `after` is none of ours */
  async page(
    { manifestId }: Pick<DeliveryFacts, 'manifestId'>,
    path: string,
    after: string | undefined,
    limit: number,
  ): Promise<FolderPage> {
    const { pool } = this.transactions;
    // PostgreSQL takes no such character in a text.
    if (path.includes('\0')) fail();
    const [, kind = 'd', place = '0'] = after === undefined ? [] : (AFTER.exec(after) ?? fail());
    const { folder, folders } =
      after === undefined
        ? await this.begin(manifestId, path, limit + 1)
        : await this.goOn(manifestId, path, kind === 'd' ? Number(place) : undefined, limit + 1);
    const room = limit - folders.length;
    const from = kind === 'f' ? Number(place) : 0;
    const files = room < 0 ? [] : await this.folders.filesIn(pool, manifestId, folder, from, room + 1);
    return firstOf({ folder, folders, files }, limit);
  }

  private async begin(manifestId: string, path: string, limit: number) {
    const { pool } = this.transactions;
    const found = await this.folders.findWithFolders(pool, manifestId, path, limit);
    return found ?? this.goOn(manifestId, path, 0, limit);
  }

  /** @param after the number of the last folder seen; undefined: all were */
  private async goOn(manifestId: string, path: string, after: number | undefined, limit: number) {
    const folder = await this.folder(manifestId, path);
    if (after === undefined) return { folder, folders: [] };
    return { folder, folders: await this.folders.foldersIn(this.transactions.pool, manifestId, folder, after, limit) };
  }

  private async folder(manifestId: string, path: string): Promise<Folder> {
    const { pool } = this.transactions;
    const found = await this.folders.find(pool, manifestId, path);
    if (found) return found;
    if (path === '' || !(await this.folders.find(pool, manifestId, '')))
      await this.transactions.run((tx) => this.folders.make(tx, manifestId));
    return (await this.folders.find(pool, manifestId, path)) ?? fail();
  }
}

/** @param found with one folder or file more than fit, where there are more */
export function firstOf({ folder, folders, files }: TopOfTree, limit: number): FolderPage {
  if (folders.length > limit) {
    const shown = folders.slice(0, limit);
    return { folder, folders: shown, files: [], next: `d${shown.at(-1)?.number ?? 0}` };
  }
  const room = limit - folders.length;
  const shown = files.slice(0, room);
  const isLast = files.length <= room;
  return { folder, folders, files: shown, next: isLast ? null : `f${shown.at(-1)?.line ?? 0}` };
}

function fail(): never {
  throw new NotFound('folder of these data');
}
