// Assets: contents, checksums, metadata documents. Reference 3 and section 10 "unimelb upload".

import {
  childNamed,
  type ContentSource,
  crc32FromMediaflux,
  executedResponses,
  type HttpReply,
  isMediafluxError,
  MediafluxError,
  textAt,
  xml,
  type XmlElement,
} from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';

/** What Mediaflux holds of a file. */
export interface StoredFile {
  assetId: string;
  /** Bytes; null where Mediaflux tells none. */
  size: number | null;
  /** CRC-32, eight lower-case hexadecimal digits; null where Mediaflux tells none. */
  crc32: string | null;
}

const CHECKED_VALUES = [
  xml('xpath', 'content/size', { ename: 'size' }),
  xml('xpath', 'content/csum', { ename: 'csum' }),
];

/** By `path=` plus the path as it is; XML escaping happens once, later (reference 13.6). */
const byPath = (path: string): XmlElement => xml('id', `path=${path}`);

/**
 * Sends a file and asks what arrived, in one call: `service.execute { asset.set path=… create=true; asset.get }`. A file
 * that is there gets a new version. Namespaces on the way must exist. May be repeated.
 */
export async function uploadFile(
  session: MediafluxSession,
  path: string,
  content: ContentSource,
  options: CallOptions = {},
): Promise<StoredFile> {
  const result = await session.execute(
    [
      { service: 'asset.set', args: [byPath(path), xml('create', true)] },
      { service: 'asset.get', args: [byPath(path), ...CHECKED_VALUES] },
    ],
    content,
    options,
  );
  const asset = executedResponses(result)[1];
  const stored = asset && childNamed(asset, 'asset');
  if (!stored)
    throw new MediafluxError('malformed-reply', 'Mediaflux took a file and did not tell what it holds.', {
      service: 'asset.get',
    });
  return storedFile(stored);
}

/** `asset.get` by path with `only-if-exists`; undefined when nothing is there. */
export async function statFile(session: MediafluxSession, path: string): Promise<StoredFile | undefined> {
  const args = [xml('id', `path=${path}`, { 'only-if-exists': true }), ...CHECKED_VALUES];
  try {
    const asset = childNamed(await session.call('asset.get', args, { repeatable: true }), 'asset');
    return asset && storedFile(asset);
  } catch (error) {
    if (isMediafluxError(error, 'not-found')) return undefined;
    throw error;
  }
}

/** `asset.destroy` by path. One that is gone is no error. */
export async function destroyFile(session: MediafluxSession, path: string): Promise<void> {
  try {
    await session.call('asset.destroy', [byPath(path)], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/** Writes an asset with a metadata document and a content; one of that name gets a new version. Reply: its id. */
export async function writeDocumentAsset(
  session: MediafluxSession,
  path: string,
  type: string,
  document: XmlElement,
  content: ContentSource,
): Promise<string> {
  const result = await session.execute(
    [
      {
        service: 'asset.set',
        args: [byPath(path), xml('create', true), xml('type', type), xml('meta', [document], { action: 'replace' })],
      },
      { service: 'asset.get', args: [byPath(path), xml('xpath', '@id', { ename: 'id' })] },
    ],
    content,
    { repeatable: true },
  );
  const response = executedResponses(result)[1];
  const id = response && childNamed(response, 'asset')?.attributes['id'];
  if (id === undefined)
    throw new MediafluxError('malformed-reply', 'Mediaflux wrote an asset and did not tell which.', {
      service: 'asset.set',
    });
  return id;
}

/** `asset.doc.namespace.update` and `asset.doc.type.update` with `create`: defines a document type, again if need be. */
export async function defineDocumentType(
  session: MediafluxSession,
  type: string,
  description: string,
  definition: readonly XmlElement[],
): Promise<void> {
  const [namespace = ''] = type.split(':');
  await session.call(
    'asset.doc.namespace.update',
    [xml('create', true), xml('namespace', namespace), xml('description', description)],
    { repeatable: true },
  );
  const args = [xml('create', true), xml('type', type), xml('description', description), xml('definition', definition)];
  await session.call('asset.doc.type.update', args, { repeatable: true });
}

/** The content of an asset as a stream; `contentLength` in bytes where the server tells it. */
export async function openContent(
  session: MediafluxSession,
  assetId: string,
  options: CallOptions = {},
): Promise<{ body: HttpReply['body']; contentLength: number | undefined }> {
  const reply = await session.content(assetId, options);
  const length = Number(reply.headers['content-length']);
  return { body: reply.body, contentLength: Number.isSafeInteger(length) ? length : undefined };
}

export function storedFile(asset: XmlElement): StoredFile {
  return {
    assetId: asset.attributes['id'] ?? '',
    size: exactSize(textAt(asset, 'size')),
    crc32: crc32FromMediaflux(textAt(asset, 'csum')) ?? null,
  };
}

/** A size in bytes. @throws MediafluxError beyond 2^53: it is refused by name and never rounded */
export function exactSize(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text.trim())) return null;
  const size = Number(text);
  if (!Number.isSafeInteger(size))
    throw new MediafluxError(
      'malformed-reply',
      'Mediaflux tells a size beyond 2^53 bytes, which this program does not handle.',
    );
  return size;
}
