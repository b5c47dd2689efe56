// Files as assets: contents, sizes, checksums. Reference 3 and section 10 "unimelb upload".

import {
  checkedContent,
  childNamed,
  childrenNamed,
  closable,
  type ContentSource,
  crc32FromMediaflux,
  executedResponses,
  isMediafluxError,
  MediafluxError,
  mustBeWhole,
  type ServiceCall,
  textAt,
  xml,
  type XmlElement,
} from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';
import { wholeNumber } from './queries.js';

/** What Mediaflux holds of a file. */
export interface StoredFile {
  assetId: string;
  /** Bytes; null where Mediaflux tells none. */
  size: number | null;
  /** CRC-32, eight lower-case hexadecimal digits; null where Mediaflux tells none. */
  crc32: string | null;
}

/** Contents from this size on are worth a connection of their own. */
const LARGE_BYTES = 16 * 1024 * 1024;

const CHECKED_VALUES = [
  xml('xpath', 'content/size', { ename: 'size' }),
  xml('xpath', 'content/csum', { ename: 'csum' }),
];

/** By `path=` plus the path as it is; XML escaping happens once, later (reference 13.6). */
export const byPath = (path: string): XmlElement => xml('id', `path=${path}`);

/**
 * Sends a file and asks what arrived, in one call. A file that is there gets a new version. Namespaces on the way must
 * exist. May be repeated.
 *
 * Arguments  `service.execute` `<service name="asset.set"><id>path=/a/b</id><create>true</create></service>` and
 *            `<service name="asset.get"><id>path=/a/b</id><xpath ename="size">content/size</xpath>…</service>`
 * Reply      `<reply service="asset.set"><response><id>7</id></response></reply>`, or `<version id="7">3</version>` in it,
 *            and `<reply service="asset.get"><response><asset id="7"><size>11</size><csum>D4A1185</csum></asset></response></reply>`
 * @throws MediafluxError, and what the source of the content threw
 */
export async function uploadFile(
  session: MediafluxSession,
  path: string,
  content: ContentSource,
  options: CallOptions = {},
): Promise<StoredFile> {
  return checkedUpload(await session.execute(uploadCalls(path), content, options));
}

/**
 * Sends a file without asking what arrived: for many small ones that a listing compares afterwards. A file that is there
 * gets a new version. Namespaces on the way must exist. May be repeated.
 *
 * Arguments  `asset.set` `<id>path=/a/b</id><create>true</create>`
 * Reply      `<id>7</id>`, or `<version id="7">3</version>`; it is not read
 * @throws MediafluxError, and what the source of the content threw
 */
export async function putFile(
  session: MediafluxSession,
  path: string,
  content: ContentSource,
  options: CallOptions = {},
): Promise<void> {
  await session.upload(settingCall(path), content, options);
}

const settingCall = (path: string): ServiceCall => ({
  service: 'asset.set',
  args: [byPath(path), xml('create', true)],
});

/**
 * Sends a file and asks what arrived, in one call. Nothing that is there is touched. The namespace must exist.
 *
 * Arguments  `service.execute` `<service name="asset.create"><namespace>/a</namespace><name>b</name></service>` and
 *            `asset.get` as in `uploadFile`
 * Reply      `<reply service="asset.create"><response><id>7</id></response></reply>`, and `asset.get` as in `uploadFile`
 * @throws MediafluxError already-exists, and others; and what the source of the content threw
 */
export async function createFile(
  session: MediafluxSession,
  path: string,
  content: ContentSource,
  options: CallOptions = {},
): Promise<StoredFile> {
  const end = path.lastIndexOf('/');
  const create = {
    service: 'asset.create',
    args: [xml('namespace', path.slice(0, end)), xml('name', path.slice(end + 1))],
  };
  return checkedUpload(await session.execute([create, ...uploadCalls(path).slice(1)], content, options));
}

/** What makes an asset of a content and asks what it became. */
export const uploadCalls = (path: string): ServiceCall[] => [
  settingCall(path),
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

/**
 * What Mediaflux holds at a path; undefined when nothing is there.
 *
 * Arguments  `asset.get` `<id only-if-exists="true">path=/a/b</id><xpath ename="size">content/size</xpath>…`
 * Reply      `<asset id="7" version="1"><size>11</size><csum>D4A1185</csum></asset>`, or nothing
 */
export async function statFile(
  session: MediafluxSession,
  path: string,
  options: CallOptions = {},
): Promise<StoredFile | undefined> {
  const args = [xml('id', `path=${path}`, { 'only-if-exists': true }), ...CHECKED_VALUES];
  try {
    const asset = childNamed(await session.call('asset.get', args, { ...options, repeatable: true }), 'asset');
    return asset && storedFile(asset);
  } catch (error) {
    if (isMediafluxError(error, 'not-found')) return undefined;
    throw error;
  }
}

/** `asset.destroy`: `<id>path=/a/b</id>`; the reply is empty. One that is gone is no error. */
export async function destroyFile(session: MediafluxSession, path: string, options: CallOptions = {}): Promise<void> {
  try {
    await session.call('asset.destroy', [byPath(path)], { ...options, repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/** A stored content that is to be read: what Mediaflux told of it is checked while it comes. */
export type WantedContent = Pick<StoredFile, 'assetId' | 'size' | 'crc32'>;

/**
 * The content of an asset as a stream, its length and checksum checked against `wanted`. It is read to its end or left
 * (`return`, `break`), also before its first byte: else its connection is lost.
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
): Promise<AsyncIterableIterator<Buffer>> {
  const { offset = 0, ...call } = options;
  const isLarge = (wanted.size ?? 0) >= LARGE_BYTES;
  if (offset === 0) return checked(await session.content(wanted.assetId, { ...call, isLarge }), wanted, 'content.mfjp');
  const rest = wanted.size === null ? null : wanted.size - offset;
  const args = [xml('id', wanted.assetId), xml('offset', offset), ...(rest === null ? [] : [xml('length', rest)])];
  const part = await session.contentOf('asset.content.get', args, call);
  return checked(part.body, { size: rest, crc32: null }, 'asset.content.get');
}

/**
 * The content of a small asset, all of it at once, and its CRC-32; checked against `wanted` as in `openContent`.
 * @throws MediafluxError content-damaged, unreachable when it broke off, and others
 */
export async function readContent(
  session: MediafluxSession,
  wanted: WantedContent,
  options: CallOptions = {},
): Promise<{ content: Buffer; sum: number }> {
  const content = await session.wholeContent(wanted.assetId, options);
  return { content, sum: mustBeWhole(content, wanted, 'content.mfjp') };
}

const checked = (
  body: AsyncIterableIterator<Buffer>,
  expected: Pick<StoredFile, 'size' | 'crc32'>,
  service: string,
): AsyncIterableIterator<Buffer> =>
  closable(checkedContent(body, expected, service), async () => {
    await body.return?.();
  });

/**
 * `<asset id="7"><size>11</size><csum>D4A1185</csum></asset>`, of an `asset.get` or a query by values.
 * @throws MediafluxError malformed-reply: no id, or a size that is no whole number below 2^53
 */
export function storedFile(asset: XmlElement): StoredFile {
  const assetId = asset.attributes['id']?.trim() ?? '';
  if (assetId === '')
    throw new MediafluxError('malformed-reply', 'Mediaflux tells of an asset without its id.', {
      service: 'asset.get',
    });
  return {
    assetId,
    size: exactSize(textAt(asset, 'size')),
    crc32: crc32FromMediaflux(hexadecimalSum(asset)) ?? null,
  };
}

/** Where checksums come in several bases, each names its own; one without a base is hexadecimal (reference 7). */
const hexadecimalSum = (asset: XmlElement): string | undefined =>
  childrenNamed(asset, 'csum').find((sum) => (sum.attributes['base'] ?? '16').trim() === '16')?.text;

/**
 * A size in bytes, or another whole number that may be missing; null: missing or empty.
 * @throws MediafluxError malformed-reply: no whole number, or beyond 2^53: it is refused by name and never rounded
 */
export const exactSize = (text: string | undefined): number | null => wholeNumber(text ?? '', 'asset.get') ?? null;
