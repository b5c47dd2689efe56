// A large content in pieces through an IO ticket, so that it can go on after a break (reference 4): `server.io.job.create`,
// `server.io.write` at offsets, `server.io.write.finish`, and the ticket as input of a call. Only the calls are attested;
// what `server.io.job.describe` tells is not known, so how far a content got is the caller's to remember.

import { childNamed, type ContentSource, isMediafluxError, MediafluxError, textAt, xml } from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';
import { checkedUpload, type StoredFile, uploadCalls } from './assets.js';

/**
 * `server.io.job.create`: `<store>asset:data</store>`.
 *
 * Reply  `<ticket>12</ticket>`
 * @param store name of the store that the content is for, as a namespace's description tells it
 */
export async function createIoJob(
  session: MediafluxSession,
  store: string,
  options: CallOptions = {},
): Promise<string> {
  const result = await session.call('server.io.job.create', [xml('store', `asset:${store}`)], options);
  const ticket = textAt(result, 'ticket')?.trim();
  if (ticket === undefined || ticket === '')
    throw new MediafluxError('malformed-reply', 'Mediaflux made an IO job and told no ticket.', {
      service: 'server.io.job.create',
    });
  return ticket;
}

/** `server.io.job.describe`: does the server still know the job? */
export async function ioJobExists(session: MediafluxSession, ticket: string): Promise<boolean> {
  try {
    await session.call('server.io.job.describe', [xml('ticket', ticket)], { repeatable: true });
    return true;
  } catch (error) {
    if (isMediafluxError(error, 'not-found', 'service-error', 'invalid-arguments', 'not-permitted')) return false;
    throw error;
  }
}

/** `server.io.write`: the bytes of `piece` from `offset` on. Writing the same piece again changes nothing. */
export async function writePiece(
  session: MediafluxSession,
  ticket: string,
  offset: number,
  piece: ContentSource,
  options: CallOptions = {},
): Promise<void> {
  const args = [xml('ticket', ticket), xml('offset', offset)];
  await session.upload({ service: 'server.io.write', args }, piece, { repeatable: true, ...options });
}

/** A local content that can be read from any place. */
export interface RandomAccessContent {
  name: string;
  /** Bytes. */
  size: number;
  read(offset: number, length: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** How far a content got, for the caller to keep beside its own records. */
export interface PieceProgress {
  ticket: string;
  /** Everything before it has been acknowledged. */
  offset: number;
}

/**
 * Sends a content in pieces and makes the asset at `path` of it, or its next version. After a break, call it again with
 * the last `progress`: it goes on there if the server still has the job, and begins anew if not.
 * @param options.onProgress told after each acknowledged piece, and waited for
 * @throws MediafluxError
 */
export async function uploadInPieces(
  session: MediafluxSession,
  path: string,
  content: RandomAccessContent,
  options: CallOptions & {
    store: string;
    pieceBytes: number;
    progress?: PieceProgress | undefined;
    onProgress?: (progress: PieceProgress) => void | Promise<void>;
  },
): Promise<StoredFile> {
  const { store, pieceBytes, progress, onProgress, ...call } = options;
  const standing = progress && (await ioJobExists(session, progress.ticket)) ? progress : undefined;
  const ticket = standing?.ticket ?? (await createIoJob(session, store, call));
  for (let offset = standing?.offset ?? 0; offset < content.size;) {
    const from = offset;
    const length = Math.min(pieceBytes, content.size - from);
    const piece = { name: content.name, size: length, open: () => content.read(from, length) };
    await writePiece(session, ticket, from, piece, call);
    offset += length;
    await onProgress?.({ ticket, offset });
  }
  await session.call('server.io.write.finish', [xml('ticket', ticket)], { repeatable: true, ...call });
  return checkedUpload(await session.execute(uploadCalls(path), { inputTicket: ticket }, call));
}

/** Name of the store that a namespace's contents go to, for `createIoJob`; undefined where it is not told. */
export async function storeOfNamespace(session: MediafluxSession, namespace: string): Promise<string | undefined> {
  const result = await session.call('asset.namespace.describe', [xml('namespace', namespace)], { repeatable: true });
  const described = childNamed(result, 'namespace');
  return described && textAt(described, 'store')?.trim();
}
