// A large content in pieces through an IO ticket, so that it can go on after a break (reference 4): `server.io.job.create`,
// `server.io.write` at offsets, `server.io.write.finish`, and the ticket as input of a call. Only the calls are attested;
// what `server.io.job.describe` tells is not known, so how far a content got is the caller's to remember.

import {
  childNamed,
  type ContentSource,
  crc32,
  crc32Text,
  isMediafluxError,
  isServiceRefused,
  MediafluxError,
  textAt,
  xml,
} from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';
import type { StoredFile } from './assets.js';
import { assetOf, type FinishPace, type PieceProgress, whatArrived } from './pieces-end.js';

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

/** `server.io.job.describe`: `<ticket>12</ticket>`; the reply is not known. Does the server still know the job? */
export async function ioJobExists(
  session: MediafluxSession,
  ticket: string,
  options: CallOptions = {},
): Promise<boolean> {
  try {
    await session.call('server.io.job.describe', [xml('ticket', ticket)], { ...options, repeatable: true });
    return true;
  } catch (error) {
    if (isMediafluxError(error, 'not-found', 'service-error', 'invalid-arguments', 'not-permitted')) return false;
    throw error;
  }
}

/**
 * `server.io.write`: `<ticket>12</ticket><offset>0</offset>` and the bytes of `piece`; the reply is empty. Writing the same
 * piece again changes nothing.
 */
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
  /** Another one when the content is another, as a time of change; what it says is the caller's. */
  version?: string;
  read(offset: number, length: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface InPiecesOptions extends CallOptions {
  store: string;
  pieceBytes: number;
  progress?: PieceProgress | undefined;
  /** Told after each acknowledged piece, and waited for. */
  onProgress?: (progress: PieceProgress) => void | Promise<void>;
  /** Told when what was acknowledged is lost, since the server has forgotten the job. */
  onForgotten?: () => void;
  /** How long the end of it may take; the usual pace if left out. */
  pace?: FinishPace;
}

/** A server that forgets a job so often while one content goes will not take it. */
const MOST_BEGINNINGS = 5;

/**
 * Sends a content in pieces and makes the asset at `path` of it, or its next version. After a break, call it again with
 * the last `progress`: it goes on there if the content is the same and the server still has the job, is done if all that
 * was sent is at `path`, and begins anew if not; also when the server forgets the job while it goes.
 * @throws MediafluxError content-damaged: Mediaflux holds another size or checksum than was sent; and what the content threw
 */
export async function uploadInPieces(
  session: MediafluxSession,
  path: string,
  content: RandomAccessContent,
  options: InPiecesOptions,
): Promise<StoredFile> {
  const { store, pieceBytes, progress, onProgress, onForgotten, pace, ...call } = options;
  let known = progress && isOf(content, progress) ? progress : undefined;
  if (known && known.offset === known.size) {
    // Its making may have gone on after the answer was lost.
    const arrived = await whatArrived(session, path, known, call);
    if (arrived) return arrived;
  }
  for (let beginnings = 0; ;) {
    if (known && known.offset > 0 && !(await ioJobExists(session, known.ticket, call))) {
      known = undefined;
      onForgotten?.();
    }
    let at = known;
    if (!at) {
      beginnings += 1;
      const { size, version } = content;
      at = { ticket: await createIoJob(session, store, call), offset: 0, crc32: crc32Text(0), size, version };
    }
    try {
      while (at.offset < content.size) {
        at = await sendPiece(session, content, at, pieceBytes, call);
        await onProgress?.(at);
      }
      return await assetOf(session, path, at, call, pace);
    } catch (error) {
      const mayBeForgotten =
        isMediafluxError(error, 'not-found', 'service-error', 'invalid-arguments') && !isServiceRefused(error);
      if (!mayBeForgotten || beginnings >= MOST_BEGINNINGS || (await ioJobExists(session, at.ticket, call)))
        throw error;
      known = undefined;
      onForgotten?.();
    }
  }
}

const isOf = (content: RandomAccessContent, progress: PieceProgress): boolean =>
  progress.size === content.size && progress.version === content.version && progress.offset <= content.size;

async function sendPiece(
  session: MediafluxSession,
  content: RandomAccessContent,
  from: PieceProgress,
  pieceBytes: number,
  options: CallOptions,
): Promise<PieceProgress> {
  const length = Math.min(pieceBytes, content.size - from.offset);
  let sum = 0;
  const open = async function* (): AsyncGenerator<Uint8Array> {
    // A piece may be sent more than once.
    sum = Number.parseInt(from.crc32, 16);
    for await (const part of content.read(from.offset, length)) {
      sum = crc32(part, sum);
      yield part;
    }
  };
  await writePiece(session, from.ticket, from.offset, { name: content.name, size: length, open }, options);
  return { ...from, offset: from.offset + length, crc32: crc32Text(sum) };
}

/**
 * Name of the store that a namespace's contents go to, for `createIoJob`; undefined where it is not told.
 *
 * Arguments  `asset.namespace.describe` `<namespace>/a</namespace>`
 * Reply      `<namespace id="4"><store inherited="true">data</store>…</namespace>`
 */
export async function storeOfNamespace(
  session: MediafluxSession,
  namespace: string,
  options: CallOptions = {},
): Promise<string | undefined> {
  const args = [xml('namespace', namespace)];
  const result = await session.call('asset.namespace.describe', args, { ...options, repeatable: true });
  const described = childNamed(result, 'namespace');
  return described && textAt(described, 'store')?.trim();
}
