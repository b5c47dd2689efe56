// `Idempotency-Key`: a creating call that is repeated answers what the first one made. The key is written in the
// transaction that makes the thing, so that a crash leaves both or neither. Neither the key nor a hash of the body alone
// is kept: clients make keys of addresses, and a body of little more than an address is found again by its hash.

import { createHash, createHmac } from 'node:crypto';
import { row, rows, type Tx } from '../database/index.js';
import { AppError } from './app-error.js';

export class IdempotencyKeyReused extends AppError {
  static override readonly code = 'idempotency-key-reused';
  static override readonly status = 422;
  static override readonly title = 'This Idempotency-Key belongs to another request';
  constructor() {
    super('The Idempotency-Key was used before with a different request; use a new one.');
  }
}

export interface IdempotentCall {
  /** What the key is unique within: the route and the caller. */
  scope: string;
  key: string | undefined;
  /** The validated body. */
  request: unknown;
}

/**
 * As `earlierResult`, without holding the key: for a call that must do much before it makes anything.
 * @throws IdempotencyKeyReused
 */
export async function knownResult(tx: Tx, call: IdempotentCall): Promise<string | undefined> {
  if (call.key === undefined) return undefined;
  return earlierOf(tx, call.scope, hashed(call.key, call.request));
}

/**
 * The id of what an earlier call with the same key made, or undefined when this is the first, which then holds the key
 * for `newId`. A second call at the same time waits for the first one's transaction.
 * @throws IdempotencyKeyReused the key came with another body before
 */
export async function earlierResult(tx: Tx, call: IdempotentCall, newId: string): Promise<string | undefined> {
  if (call.key === undefined) return undefined;
  const { key, hash } = hashed(call.key, call.request);
  const made = await row<{ subject_id: string }>(
    tx,
    `insert into idempotency_key (scope, key, request_sha256, subject_id) values ($1, $2, $3, $4)
     on conflict (scope, key) do nothing returning subject_id`,
    [call.scope, key, hash, newId],
  );
  if (made) return undefined;
  return (await earlierOf(tx, call.scope, { key, hash })) ?? fail();
}

/** A computer that was off for weeks asks again what it got no answer to; what comes after that is a new call. */
const KEPT_MS = 30 * 86_400_000;
const REMOVED_AT_ONCE = 5_000;

/** Removes keys that are older than they are kept. */
export async function forgetOldCalls(tx: Tx, now: Date, signal: AbortSignal): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MS);
  for (let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE && !signal.aborted;) {
    const gone = await rows(
      tx,
      `delete from idempotency_key
        where (scope, key) in (
              select scope, key
                from idempotency_key
               where created_at < $1
               order by created_at, scope, key
               limit $2::int)
    returning 1`,
      [before, REMOVED_AT_ONCE],
    );
    removed = gone.length;
  }
}

interface Hashed {
  key: string;
  hash: Buffer;
}

const hashed = (key: string, request: unknown): Hashed => ({
  key: createHash('sha256').update(key).digest('base64url'),
  hash: createHmac('sha256', key).update(JSON.stringify(request)).digest(),
});

async function earlierOf(tx: Tx, scope: string, { key, hash }: Hashed): Promise<string | undefined> {
  const earlier = await row<{ subject_id: string; request_sha256: Buffer }>(
    tx,
    'select subject_id, request_sha256 from idempotency_key where scope = $1 and key = $2',
    [scope, key],
  );
  if (earlier && !hash.equals(earlier.request_sha256)) throw new IdempotencyKeyReused();
  return earlier?.subject_id;
}

function fail(): never {
  throw new IdempotencyKeyReused();
}
