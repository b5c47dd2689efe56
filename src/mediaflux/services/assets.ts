// Assets: contents, checksums, metadata documents. Reference 3 and section 10 "unimelb upload".

import {
  checkedContent,
  childNamed,
  type ContentSource,
  crc32FromMediaflux,
  executedResponses,
  isMediafluxError,
  MediafluxError,
  type ServiceCall,
  textAt,
  transportError,
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
  return checkedUpload(await session.execute(uploadCalls(path), content, options));
}

/** What makes an asset of a content and asks what it became. */
export const uploadCalls = (path: string): ServiceCall[] => [
  { service: 'asset.set', args: [byPath(path), xml('create', true)] },
  { service: 'asset.get', args: [byPath(path), ...CHECKED_VALUES] },
];

/** The answer to `uploadCalls`. @throws MediafluxError malformed-reply */
export function checkedUpload(result: XmlElement): StoredFile {
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

/** A stored content that is to be read: what Mediaflux told of it is checked while it comes. */
export type WantedContent = Pick<StoredFile, 'assetId' | 'size' | 'crc32'>;

/**
 * The content of an asset as a stream, its length and checksum checked against `wanted`.
 *
 * From the start it is `GET content.mfjp` (reference 5.1); from `offset` on, to go on after a break, it is
 * `asset.content.get` `<id/><offset/><length/>` in the packet form (reference 3.2, 5.3), whose checksum cannot be checked
 * here: the caller has the first part.
 * @throws MediafluxError before the first byte; while it is read also content-damaged, or unreachable when it breaks off
 */
export async function openContent(
  session: MediafluxSession,
  wanted: WantedContent,
  options: CallOptions & { offset?: number } = {},
): Promise<AsyncGenerator<Buffer>> {
  const { offset = 0, ...call } = options;
  if (offset === 0) {
    const reply = await session.content(wanted.assetId, call);
    return typedFaults(checkedContent(reply.body, wanted), call.signal);
  }
  const length = wanted.size === null ? [] : [xml('length', wanted.size - offset)];
  const part = await session.contentOf(
    'asset.content.get',
    [xml('id', wanted.assetId), xml('offset', offset), ...length],
    call,
  );
  const rest = wanted.size === null ? null : wanted.size - offset;
  return typedFaults(checkedContent(part.body, { size: rest, crc32: null }), call.signal);
}

/** A connection that breaks while a content is read is Mediaflux out of reach, and told so. */
async function* typedFaults(body: AsyncGenerator<Buffer>, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw transportError(error, signal);
  }
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
