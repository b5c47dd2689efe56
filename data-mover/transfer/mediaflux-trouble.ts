// What it means that Mediaflux could not be used: that it is away, or that something has to be put right first.

import {
  AnsweredByStatus,
  isMediafluxError,
  type MediafluxError,
  RequestTooLong,
} from '../../src/mediaflux/protocol/index.js';
import { isPermanent } from '../dispatch-api/trouble.js';
import { Failure } from '../failures.js';
import { retryAfterMs } from '../patience.rules.js';

/** With the pause that it asked for, if it did. @param way a sentence of the proxy in between, if there is one */
export function awayOf(error: MediafluxError, way: string): { away: string; retryAfterMs?: number | undefined } {
  if (!(error instanceof AnsweredByStatus)) return { away: `${error.message}${way}` };
  return { away: error.message, retryAfterMs: retryAfterMs(error.retryAfter, error.date, Date.now()) };
}

/** A certificate that does not hold, say: no waiting mends it. @param way as above */
export function permanentTrouble(error: unknown, url: string, way: string): Failure | undefined {
  if (isMediafluxError(error, 'store-full'))
    return new Failure(
      'Mediaflux has no room left for this platform; tell its staff, and run the same command again when there is.',
    );
  if (isMediafluxError(error, 'malformed-reply'))
    return new Failure(
      `What answers this computer at ${url} does not answer as Mediaflux does: ${error.message} A proxy or a logon page of the network may stand in between; run the same command again when it lets this computer through.${way}`,
    );
  if (!isMediafluxError(error, 'unreachable')) return undefined;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  if (typeof code !== 'string' || !isPermanent(code)) return undefined;
  return new Failure(
    `This computer makes no safe connection to Mediaflux at ${url} (${code}). If the site signs its own certificates, set NODE_EXTRA_CA_CERTS to the file with its CA; otherwise tell the network's administrators.${way}`,
  );
}

/** Mediaflux does not take or give one file; others may fare better. */
class FileRefused extends Failure {}

const OF_ONE_FILE = [
  ...(['not-permitted', 'not-found', 'already-exists', 'invalid-arguments', 'service-error'] as const),
];

/** What Mediaflux said of one file or folder, with its name; other errors stay what they are. */
export function refusalOf(error: unknown, path: string, what: 'take' | 'give'): unknown {
  if (error instanceof RequestTooLong) return new FileRefused(`${error.message} ${SHORTER_REQUESTS}`, 1, path);
  return isMediafluxError(error, ...OF_ONE_FILE)
    ? new FileRefused(`Mediaflux does not ${what} it: ${error.message}`, 1, path)
    : error;
}

const SHORTER_REQUESTS =
  'Whoever runs that has to allow longer ones. Until then run the same command again with pieces that are short enough, as in --piece-above 900kB --piece-size 900kB.';

/** So many refusals, and nothing that went well in between, are no longer about the files. */
const MOST_IN_A_ROW = 20;

/** A Mediaflux that refuses everything is not asked for each of a million files. */
export class Refusals {
  private inARow = 0;

  wentWell(): void {
    this.inARow = 0;
  }

  /** @throws Failure there were too many */
  note(error: Failure): void {
    if (!(error instanceof FileRefused)) return;
    this.inARow += 1;
    if (this.inARow < MOST_IN_A_ROW) return;
    throw new Failure(
      `Mediaflux refused ${this.inARow} files one after the other, so that no more are tried. Tell the staff of the platform or the administrators, and run the same command again when that is put right.`,
    );
  }
}
