// `Idempotency-Key`: a creating call that is repeated answers what the first one made. The key is written in the
// transaction that makes the thing, so that a crash leaves both or neither. Neither the key nor a hash of the body alone
// is kept: clients make keys of addresses, and a body of little more than an address is found again by its hash.

import { createHash, createHmac } from 'node:crypto';
import { row, type Tx } from '../database/index.js';
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
 * The id of what an earlier call with the same key made, or undefined when this is the first, which then holds the key
 * for `newId`. A second call at the same time waits for the first one's transaction.
 * @throws IdempotencyKeyReused the key came with another body before
 */
export async function earlierResult(tx: Tx, call: IdempotentCall, newId: string): Promise<string | undefined> {
  if (call.key === undefined) return undefined;
  const hash = createHmac('sha256', call.key).update(JSON.stringify(call.request)).digest();
  const key = createHash('sha256').update(call.key).digest('base64url');
  const made = await row<{ subject_id: string }>(
    tx,
    `insert into idempotency_key (scope, key, request_sha256, subject_id) values ($1, $2, $3, $4)
     on conflict (scope, key) do nothing returning subject_id`,
    [call.scope, key, hash, newId],
  );
  if (made) return undefined;
  const earlier = await row<{ subject_id: string; request_sha256: Buffer }>(
    tx,
    'select subject_id, request_sha256 from idempotency_key where scope = $1 and key = $2',
    [call.scope, key],
  );
  if (!earlier || !hash.equals(earlier.request_sha256)) throw new IdempotencyKeyReused();
  return earlier.subject_id;
}
