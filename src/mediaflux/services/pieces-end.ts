// The end of a content in pieces: the job is finished and becomes an asset. A server may move or sum all of it then, which
// takes as long as the content is large. An answer that is lost says nothing of that: what is asked again while the first
// call still runs would be done twice, so it is looked first, for as long as that may take, whether the asset is there.

import { setTimeout as delay } from 'node:timers/promises';
import { isMediafluxError, MediafluxError, xml } from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';
import { checkedUpload, statFile, type StoredFile, uploadCalls } from './assets.js';

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

export interface FinishPace {
  /** What a call is given however small the content is; also the longest for which a lost answer is looked for. */
  leastMs: number;
  /** What a server moves or sums at least. */
  bytesPerSecond: number;
  /** Between two looks, at first and at most. */
  lookEveryMs: readonly [number, number];
}

/** Half an hour is what the vendor's own client allows a call (reference 10). */
export const USUAL_PACE: FinishPace = {
  leastMs: 1_800_000,
  bytesPerSecond: 50_000_000,
  lookEveryMs: [250, 15_000],
};

const movingMs = (bytes: number, pace: FinishPace): number => (bytes / pace.bytesPerSecond) * 1_000;

/** For how long the answer is waited for that makes a content of so many bytes an asset. */
export const finishingMs = (bytes: number, pace = USUAL_PACE): number => pace.leastMs + movingMs(bytes, pace);

/** For how long it is looked whether a call whose answer was lost is done all the same. */
export const lookingMs = (bytes: number, pace = USUAL_PACE): number => Math.min(movingMs(bytes, pace), pace.leastMs);

/** @throws MediafluxError content-damaged, and others */
export async function assetOf(
  session: MediafluxSession,
  path: string,
  sent: PieceProgress,
  options: CallOptions,
  pace = USUAL_PACE,
): Promise<StoredFile> {
  // Only where nothing was asked yet is it asked again at once.
  const once = { ...options, repeatable: false, answerWithinMs: finishingMs(sent.size, pace) };
  try {
    await session.call('server.io.write.finish', [xml('ticket', sent.ticket)], once);
    const held = checkedUpload(await session.execute(uploadCalls(path), { inputTicket: sent.ticket }, once));
    mustBeWhatWasSent(held, sent);
    return held;
  } catch (error) {
    if (!isMediafluxError(error) || error.kind === 'content-damaged' || options.signal?.aborted) throw error;
    const isLost = isMediafluxError(error, 'unreachable');
    const arrived = await arrivesWithin(isLost ? lookingMs(sent.size, pace) : 0, session, path, sent, options, pace);
    if (arrived) return arrived;
    throw error;
  }
}

/** When looking fails too, as where the server is away, the first error is the one worth telling. */
async function arrivesWithin(
  withinMs: number,
  session: MediafluxSession,
  path: string,
  sent: PieceProgress,
  options: CallOptions,
  { lookEveryMs: [firstMs, mostMs] }: FinishPace,
): Promise<StoredFile | undefined> {
  const end = performance.now() + withinMs;
  for (let pause = firstMs; ; pause = Math.min(pause * 2, mostMs)) {
    const arrived = await whatArrived(session, path, sent, options).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      return 'away' as const;
    });
    // Of one that is away the caller knows how to wait, and looks before it asks again.
    if (arrived === 'away') return undefined;
    if (arrived || performance.now() >= end) return arrived;
    await delay(Math.min(pause, end - performance.now()), undefined, { signal: options.signal });
  }
}

/** What is at the path, if its size and checksum are those of all that was sent. */
export async function whatArrived(
  session: MediafluxSession,
  path: string,
  sent: PieceProgress,
  options: CallOptions,
): Promise<StoredFile | undefined> {
  const held = await statFile(session, path, options);
  return held?.size === sent.size && held.crc32 === sent.crc32 ? held : undefined;
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
