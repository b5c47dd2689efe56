// Copies to end users' projects.

import { Injectable } from '@nestjs/common';
import { sealedWith } from '../../auth/index.js';
import { row, rows, type Tx } from '../../database/index.js';
import type { Sentence } from '../../language/index.js';

export interface CopyRow {
  id: string;
  delivery_id: string;
  state: 'requested' | 'copying' | 'completed' | 'failed';
  destination: string;
  sealed_credential: Buffer | null;
  credential_id: string | null;
  files: number;
  bytes: number;
  /** In English. */
  reason: string | null;
  /** The same as a `Sentence`, for pages in other languages. */
  reason_sentence: unknown;
  /** Errors of Mediaflux that it did not explain, since the logon. */
  failures: number;
  last_progress_at: Date;
  /** Counts who has taken it up; grows with each. */
  attempt: number;
}

/** A copy as those see it who look at it. */
export interface SeenCopy extends CopyRow {
  /** Another copy of the delivery to the same place that is under way. */
  other_id: string | null;
}

/** A copy as a worker has taken it up: what it writes is written only while no other one has. */
export type ClaimedCopy = Pick<CopyRow, 'id' | 'attempt'>;

const LEASE_SECONDS = 15;

@Injectable()
export class CopiesStore {
  async insert(
    tx: Tx,
    copy: { id: string; deliveryId: string; destination: string; sealed: Buffer; credentialId: string; at: Date },
  ): Promise<void> {
    await rows(
      tx,
      `insert into content_copy (id, delivery_id, state, destination, sealed_credential, credential_id, requested_at, last_progress_at)
       values ($1, $2, 'requested', $3, $4, $5, $6, $6)`,
      [copy.id, copy.deliveryId, copy.destination, copy.sealed, copy.credentialId, copy.at],
    );
  }

  find(tx: Tx, id: string, deliveryId: string): Promise<SeenCopy | undefined> {
    return row<SeenCopy>(
      tx,
      `select c.*,
              (select o.id
                 from content_copy o
                where o.delivery_id = c.delivery_id
                  and o.destination = c.destination
                  and o.state in ('requested', 'copying')
                  and o.id <> c.id
                order by o.id
                limit 1) as other_id
         from content_copy c
        where c.id = $1
          and c.delivery_id = $2`,
      [id, deliveryId],
    );
  }

  /** The copy of the delivery to this place that is under way. Until the transaction ends no other call is told. */
  async holdPlace(tx: Tx, deliveryId: string, destination: string): Promise<string | undefined> {
    await rows(tx, `select pg_advisory_xact_lock(hashtextextended('copy-place:' || $1 || $2, 0))`, [
      deliveryId,
      destination,
    ]);
    const running = await row<{ id: string }>(
      tx,
      `select id
         from content_copy
        where delivery_id = $1
          and destination = $2
          and state in ('requested', 'copying')
        order by id
        limit 1`,
      [deliveryId, destination],
    );
    return running?.id;
  }

  /** @param keyIds of the keys that are held here: a copy that was sealed with another one is left to who has it */
  claim(tx: Tx, id: string, keyIds: readonly string[]): Promise<CopyRow | undefined> {
    return row<CopyRow>(
      tx,
      `update content_copy
          set state = 'copying', attempt = attempt + 1,
              lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = $1
          and state in ('requested', 'copying')
          and (lease_until is null or lease_until < now())
          and ${sealedWith('sealed_credential', '$2')}
    returning *`,
      [id, keyIds],
    );
  }

  /** @param progressAt null: nothing has moved since the last time. False: another worker has taken it up, or it has ended */
  async renew(tx: Tx, { id, attempt }: ClaimedCopy, progressAt: Date | null): Promise<boolean> {
    const renewed = await rows(
      tx,
      `update content_copy
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
              last_progress_at = coalesce($2::timestamptz, last_progress_at)
        where id = $1
          and state = 'copying'
          and attempt = $3
    returning id`,
      [id, progressAt, attempt],
    );
    return renewed.length > 0;
  }

  async failed(tx: Tx, { id, attempt }: ClaimedCopy): Promise<void> {
    await rows(tx, 'update content_copy set failures = failures + 1 where id = $1 and attempt = $2', [id, attempt]);
  }

  /** A failed copy begins again, with another credential; false when it is not failed (any more). */
  async resume(tx: Tx, copy: { id: string; sealed: Buffer; credentialId: string; at: Date }): Promise<boolean> {
    const resumed = await rows(
      tx,
      `update content_copy
          set state = 'requested', sealed_credential = $2, credential_id = $3, last_progress_at = $4, failures = 0,
              reason = null, reason_sentence = null, ended_at = null
        where id = $1
          and state = 'failed'
    returning id`,
      [copy.id, copy.sealed, copy.credentialId, copy.at],
    );
    return resumed.length > 0;
  }

  async release(tx: Tx, { id, attempt }: ClaimedCopy): Promise<void> {
    await rows(tx, `update content_copy set lease_until = null where id = $1 and state = 'copying' and attempt = $2`, [
      id,
      attempt,
    ]);
  }

  async progress(tx: Tx, { id, attempt }: ClaimedCopy, files: number, bytes: number, at: Date): Promise<void> {
    await rows(
      tx,
      `update content_copy
          set files = $3, bytes = $4, last_progress_at = $5
        where id = $1
          and attempt = $2
          and state = 'copying'`,
      [id, attempt, files, bytes, at],
    );
  }

  /** Ends the copy and forgets its secret; false when it had ended, or another worker has taken it up. */
  async end(
    tx: Tx,
    { id, attempt }: ClaimedCopy,
    state: 'completed' | 'failed',
    reason: { english: string; sentence: Sentence } | null,
    at: Date,
  ): Promise<boolean> {
    const ended = await rows(
      tx,
      `update content_copy
          set state = $2, reason = $3, reason_sentence = $5::jsonb, ended_at = $4, sealed_credential = null, lease_until = null
        where id = $1
          and state = 'copying'
          and attempt = $6
    returning id`,
      [id, state, reason?.english ?? null, at, reason && JSON.stringify(reason.sentence), attempt],
    );
    return ended.length > 0;
  }

  async unattended(tx: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select id
         from content_copy
        where state in ('requested', 'copying')
          and (lease_until is null or lease_until < now())
        order by id
        limit 100`,
    );
    return found.map((copy) => copy.id);
  }
}
