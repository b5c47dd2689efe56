// A large content in pieces through an IO ticket, so that it can go on after a break (reference 4): `server.io.job.create`,
// `server.io.write` at offsets, `server.io.write.finish`, and the ticket as input of a call. Only the calls are attested;
// what `server.io.job.describe` tells is not known, so how far a content got is the caller's to remember.

import {
  childNamed,
  type ContentSource,
  crc32,
  crc32Text,
  isMediafluxError,
  MediafluxError,
  textAt,
  xml,
} from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';
import { checkedUpload, statFile, type StoredFile, uploadCalls } from './assets.js';

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

/** How far a content got, for the caller to keep beside its own records. */
export interface PieceProgress {
  ticket: string;
  /** Everything before it has been acknowledged. */
  offset: number;
  /** CRC-32 of what has been acknowledged, eight lower-case hexadecimal digits. */
  crc32: string;
  /** Of the content that it is part of. */
  size: number;
  version?: string;
}

/**
 * Sends a content in pieces and makes the asset at `path` of it, or its next version. After a break, call it again with
 * the last `progress`: it goes on there if the content is the same and the server still has the job, is done if the job is
 * gone and all that was sent is at `path`, and begins anew if not.
 * @param options.onProgress told after each acknowledged piece, and waited for
 * @throws MediafluxError content-damaged: Mediaflux holds another size or checksum than was sent; and what the content threw
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
  const known = progress && isOf(content, progress) ? progress : undefined;
  const goesOn = known && (await ioJobExists(session, known.ticket, call));
  if (known && !goesOn && known.offset === known.size) {
    const arrived = await whatArrived(session, path, known, call);
    if (arrived) return arrived;
  }
  let at: PieceProgress = goesOn
    ? known
    : {
        ticket: await createIoJob(session, store, call),
        offset: 0,
        crc32: crc32Text(0),
        size: content.size,
        version: content.version,
      };
  while (at.offset < content.size) {
    at = await sendPiece(session, content, at, pieceBytes, call);
    await onProgress?.(at);
  }
  const held = await assetOf(session, path, at, call);
  mustBeWhatWasSent(held, at);
  return held;
}

/** When the answer is lost, or a repeat finds the job gone, the asset may have been made all the same. */
async function assetOf(
  session: MediafluxSession,
  path: string,
  sent: PieceProgress,
  options: CallOptions,
): Promise<StoredFile> {
  try {
    await session.call('server.io.write.finish', [xml('ticket', sent.ticket)], { repeatable: true, ...options });
    return checkedUpload(await session.execute(uploadCalls(path), { inputTicket: sent.ticket }, options));
  } catch (error) {
    if (!isMediafluxError(error) || options.signal?.aborted) throw error;
    // When looking fails too, the first error is the one worth telling.
    const arrived = await whatArrived(session, path, sent, options).catch(() => undefined);
    if (arrived) return arrived;
    throw error;
  }
}

/** What is at the path, if its size and checksum are those of all that was sent. */
async function whatArrived(
  session: MediafluxSession,
  path: string,
  sent: PieceProgress,
  options: CallOptions,
): Promise<StoredFile | undefined> {
  const held = await statFile(session, path, options);
  return held?.size === sent.size && held.crc32 === sent.crc32 ? held : undefined;
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

function mustBeWhatWasSent(held: StoredFile, sent: PieceProgress): void {
  const isSame = held.size === sent.size && (held.crc32 === null || held.crc32 === sent.crc32);
  if (isSame) return;
  throw new MediafluxError(
    'content-damaged',
    `Mediaflux holds ${held.size ?? 'no'} bytes with checksum ${held.crc32 ?? 'unknown'} where ${sent.size} with ${sent.crc32} were sent in pieces.`,
    { service: 'server.io.write' },
  );
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
