// What a namespace holds: every file, every folder, and a summary by queries of their own.

import { isMediafluxError, MediafluxError, textAt, type XmlElement } from '../protocol/index.js';
import {
  listNamespaces,
  namespaceExists,
  queryBatches,
  queryCount,
  queryLargest,
  queryTaken,
  quoted,
  storedFile,
} from '../services/index.js';
import type { MediafluxSession } from '../session/index.js';

/** A file as Mediaflux lists it. */
export interface ListedFile {
  /** Relative to the listed namespace, with `/`. */
  path: string;
  assetId: string;
  /** Bytes; null where Mediaflux tells none, as for an asset without content. */
  size: number | null;
  /** Eight lower-case hexadecimal digits; null where Mediaflux tells none. */
  crc32: string | null;
}

export interface FolderSummary {
  count: number;
  /** Largest change number in it; 0 when it is empty. */
  newestStime: number;
}

const VALUES = { namespace: 'namespace', name: 'name', size: 'content/size', csum: 'content/csum' };

const below = (namespace: string): string => `namespace>=${quoted(namespace)}`;

/**
 * Every file below the namespace, through one iterator. When it throws, what came so far is worth nothing: begin again.
 * @throws MediafluxError unreachable: also when the session ended in the middle, which only a server that went away does
 */
export async function* listFiles(
  session: MediafluxSession,
  namespace: string,
  signal?: AbortSignal,
): AsyncGenerator<ListedFile> {
  const files = queryTaken(session, below(namespace), VALUES, (asset) => listedFile(asset, namespace), signal);
  yield* whole(files, namespace);
}

/**
 * As `listFiles`, each file told to `take` as soon as it is read: what waits for its turn, a million times, is garbage
 * that only a whole collection finds. Yields the number of files of each part of the list, once all of them are told.
 */
export async function* tellFiles(
  session: MediafluxSession,
  namespace: string,
  take: (file: ListedFile) => void,
  signal?: AbortSignal,
): AsyncGenerator<number> {
  const told = (asset: XmlElement): void => take(listedFile(asset, namespace));
  const batches = queryBatches(session, below(namespace), VALUES, told, signal);
  for await (const batch of whole(batches, namespace)) yield batch.length;
}

async function* whole<T>(list: AsyncGenerator<T>, namespace: string): AsyncGenerator<T> {
  try {
    yield* list;
  } catch (error) {
    if (!isMediafluxError(error, 'session-expired')) throw error;
    throw new MediafluxError('unreachable', `The list of ${namespace} was lost in the middle; it must begin again.`, {
      service: error.service,
      version: error.version,
      cause: error,
    });
  }
}

/** Of one session's connections, which serve others meanwhile. */
const FOLDERS_AT_ONCE = 4;

/**
 * Namespaces directly in each of `parents`, which are relative to `namespace` ('': itself), as they are; relative too. One
 * that is not there holds none. Mediaflux tells those of one namespace a call.
 */
export async function* listFoldersIn(
  session: MediafluxSession,
  namespace: string,
  parents: AsyncIterable<readonly string[]>,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const listOf = async (parent: string) => {
    const path = parent === '' ? namespace : `${namespace}/${parent}`;
    try {
      return { parent, names: await listNamespaces(session, path, signal) };
    } catch (error) {
      const mayBeGone = isMediafluxError(error, 'not-found', 'not-permitted', 'service-error');
      if (!mayBeGone || (await namespaceExists(session, path))) throw error;
      return { parent, names: [] };
    }
  };
  for await (const some of parents)
    for (let at = 0; at < some.length; at += FOLDERS_AT_ONCE)
      for (const { parent, names } of await Promise.all(some.slice(at, at + FOLDERS_AT_ONCE).map(listOf)))
        for (const name of names) {
          signal?.throwIfAborted();
          yield parent === '' ? name : `${parent}/${name}`;
        }
}

/**
 * By queries of their own, independent of the listing.
 * @throws MediafluxError malformed-reply too where there are files and no change number: whether one of them is written
 *   anew would not show
 */
export async function summarize(
  session: MediafluxSession,
  namespace: string,
  signal?: AbortSignal,
): Promise<FolderSummary> {
  const count = await queryCount(session, below(namespace), signal);
  const newest = await queryLargest(session, below(namespace), 'stime', signal);
  if (newest === undefined && count > 0)
    throw new MediafluxError('malformed-reply', `Mediaflux does not tell the newest change number in ${namespace}.`, {
      service: 'asset.query',
    });
  return { count, newestStime: newest ?? 0 };
}

function listedFile(asset: XmlElement, root: string): ListedFile {
  const { assetId, size, crc32 } = storedFile(asset);
  const namespace = textAt(asset, 'namespace') ?? '';
  // Some servers tell an empty element of an asset without a name, some none.
  const name = textAt(asset, 'name') || `__asset_id__${assetId}`;
  const path = namespace === root ? name : `${namespace.slice(root.length + 1)}/${name}`;
  // Written out: what spreading an object and adding to it leaves behind is garbage in V8's old generation, 150 bytes each.
  return { path, assetId, size, crc32 };
}
