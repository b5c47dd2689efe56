// What Mediaflux holds in the folder of an upload, as rows for COPY.

import { CopyRows } from '../../database/index.js';
import type { ListedFile, MediafluxGateway } from '../../mediaflux/index.js';

/** A path that Mediaflux holds; a folder has neither size nor checksum. */
export interface Listed {
  path: string;
  type: 'file' | 'directory';
  size: number | null;
  crc32: string | null;
}

/** What one listing told. */
export interface ListedCount {
  files: number;
}

/** One part of a listing, so that a buffer is garbage before it is old. */
const LISTED_BYTES = 64 * 1024;
const FOLDERS_AT_ONCE = 1_000;

/** The rows of a listing for COPY. */
export class ListedRows {
  private readonly rows = new CopyRows(LISTED_BYTES);

  add({ path, type, size, crc32 }: Listed): void {
    this.rows.row(4);
    this.rows.text(path);
    this.rows.text(type);
    if (size === null) this.rows.null();
    else this.rows.bigint(size);
    if (crc32 === null) this.rows.null();
    else this.rows.text(crc32);
  }

  /** Those since the last time, to be sent on. */
  take(): Buffer {
    return this.rows.take();
  }

  end(): Buffer {
    return this.rows.end();
  }
}

/**
 * Every file below the namespace, through one iterator.
 * @param parents of folders that lines name, whose folders are listed too: one that no line names is no difference;
 *   undefined: there is none
 * @param counted is told how many files came
 * @throws MediafluxError what came so far is worth nothing
 */
export async function* folderRows(
  mediaflux: MediafluxGateway,
  namespace: string,
  { parents, counted }: { parents: AsyncIterable<readonly string[]> | undefined; counted: ListedCount },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const listed = new ListedRows();
  const take = ({ path, size, crc32 }: ListedFile): void => listed.add({ path, type: 'file', size, crc32 });
  for await (const files of mediaflux.tellFolder(namespace, take, signal)) {
    counted.files += files;
    yield listed.take();
  }
  if (parents) yield* subfolderRows(mediaflux, namespace, parents, signal, listed);
  else yield listed.end();
}

/** Folders only. @param parents of those that lines name */
export async function* subfolderRows(
  mediaflux: MediafluxGateway,
  namespace: string,
  parents: AsyncIterable<readonly string[]>,
  signal: AbortSignal,
  listed = new ListedRows(),
): AsyncGenerator<Buffer> {
  let folders = 0;
  for await (const path of mediaflux.listFoldersIn(namespace, parents, signal)) {
    listed.add({ path, type: 'directory', size: null, crc32: null });
    folders += 1;
    if (folders % FOLDERS_AT_ONCE === 0) yield listed.take();
  }
  yield listed.end();
}
