// The outbox: a row for each mail, written by the transaction that decides it. Claims are leases; any number of workers
// may take from it at once. Rules get every moment as an argument; leases alone go by the database's time, because workers
// whose clocks differ have to agree on them.

import { Injectable } from '@nestjs/common';
import { type Prepared, prepared, preparedRows, row, rows, type Tx } from '../database/index.js';
import type { ClaimedMail } from './mail-kinds.js';

const LEASE_SECONDS = 15;

export interface NewMail {
  id: string;
  kind: string;
  subjectId: string;
  personId: string;
  messageId: string;
  /** Two mails with one key are one mail. */
  dedupeKey: string;
  /** After a break nobody knows whether it arrived: then it is not sent again. */
  atMostOnce: boolean;
  notAfter?: Date | null;
  dueAt: Date;
}

export interface MailEnd {
  mail: ClaimedMail;
  state: 'sent' | 'unknown' | 'failed' | 'skipped';
  /** Null only of mails that were sent. */
  reason: string | null;
  /** The `now` that the mail was written for. */
  at: Date;
}

/** Queues the mail; false when it was queued before. */
export async function enqueueMail(tx: Tx, mail: NewMail): Promise<boolean> {
  const made = await rows(
    tx,
    `insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, not_after,
                              next_attempt_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (dedupe_key) do nothing
     returning id`,
    [
      mail.id,
      mail.kind,
      mail.subjectId,
      mail.personId,
      mail.messageId,
      mail.dedupeKey,
      mail.atMostOnce,
      mail.notAfter ?? null,
      mail.dueAt,
    ],
  );
  return made.length > 0;
}

const COLUMNS = `m.id, m.kind, m.subject_id as "subjectId", m.person_id as "personId", m.message_id as "messageId",
  m.at_most_once as "atMostOnce", m.attempt, m.failed_tries as "failedTries", m.not_after as "notAfter"`;

/** Takes up to $1 mails that are due at $2. */
export const CLAIM_DUE = `
  update mail_outbox m
     set state = 'sending', lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempt = m.attempt + 1
    from (select id
            from mail_outbox
           where state = 'pending'
             and next_attempt_at <= $2::timestamptz
           order by next_attempt_at, id
           limit $1::int
             for update skip locked) due
   where m.id = due.id
  returning ${COLUMNS}`;

const CLAIM = prepared(CLAIM_DUE);

const SETTLE_ALL = `
  update mail_outbox m
     set state = e.state, reason = e.reason, lease_until = null, sent_at = case when e.state = 'sent' then e.at end
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) as e(id, attempt, state, reason, at)
   where m.id = e.id
     and m.attempt = e.attempt
     and m.state = 'sending'
  returning m.id, m.subject_id, e.at`;

const SETTLE = prepared(SETTLE_ALL);

/** @param record what follows from hand-overs: a statement that changes data and reads `handed_over` */
export const settleWith = (record: string): Prepared =>
  prepared(`
  with handed_over as (${SETTLE_ALL}),
       recorded as (${record})
  select id from handed_over`);

const FINAL_DOT = prepared(
  `update mail_outbox m
      set final_dot_at = $3::timestamptz
     from unnest($1::uuid[], $2::int[]) as d(id, attempt)
    where m.id = d.id
      and m.attempt = d.attempt
      and m.state = 'sending'
      and m.handing_over_since is not null
returning m.id`,
);

/**
 * What says of a mail `m` that the mail server is now spoken to about it, in an `update mail_outbox m` whose condition
 * holds `STILL_OURS`.
 *
 * @param at an expression of the moment
 */
export const HANDING_OVER = (at: string): string =>
  `handing_over_since = ${at}, lease_until = now() + make_interval(secs => ${LEASE_SECONDS})`;

/** What puts a mail that was claimed back into the queue, in an `update mail_outbox`. */
export const BACK_IN_QUEUE = `state = 'pending', lease_until = null, handing_over_since = null, final_dot_at = null`;

/** @param attempt an expression of the attempt for which the mail `m` was claimed */
export const STILL_OURS = (attempt: string): string =>
  `m.state = 'sending' and m.attempt = ${attempt} and m.handing_over_since is null`;

@Injectable()
export class OutboxStore {
  /** Takes up to `limit` mails that are due at `now`. */
  claimDue(tx: Tx, limit: number, now: Date): Promise<ClaimedMail[]> {
    return preparedRows<ClaimedMail>(tx, CLAIM, [limit, now]);
  }

  /** Says that the mail server is now spoken to about it; false when the mail is no longer ours. */
  async markHandingOver(tx: Tx, id: string, attempt: number, at: Date): Promise<boolean> {
    const ours = await rows(
      tx,
      `update mail_outbox m
          set ${HANDING_OVER('$3::timestamptz')}
        where m.id = $1
          and ${STILL_OURS('$2::int')}
    returning m.id`,
      [id, attempt, at],
    );
    return ours.length > 0;
  }

  /** Says that the final dots are sent now, and answers of which mails they may be: the others are no longer ours. */
  async markFinalDots(tx: Tx, mails: readonly ClaimedMail[], at: Date): Promise<Set<string>> {
    const marked = await preparedRows<{ id: string }>(tx, FINAL_DOT, [
      mails.map((mail) => mail.id),
      mails.map((mail) => mail.attempt),
      at,
    ]);
    return new Set(marked.map((mail) => mail.id));
  }

  /** Renews the leases of those that are still ours, and answers which. */
  async renew(tx: Tx, mails: readonly ClaimedMail[]): Promise<Set<string>> {
    const ours = await rows<{ id: string }>(
      tx,
      `update mail_outbox m
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
         from unnest($1::uuid[], $2::int[]) as o(id, attempt)
        where m.id = o.id
          and m.attempt = o.attempt
          and m.state = 'sending'
    returning m.id`,
      [mails.map((mail) => mail.id), mails.map((mail) => mail.attempt)],
    );
    return new Set(ours.map((mail) => mail.id));
  }

  /**
   * Ends mails; answers which were still ours: of the others nothing may be recorded.
   *
   * @param statement of `settleWith`, for mails that were handed over
   */
  async settle(tx: Tx, ends: readonly MailEnd[], statement = SETTLE): Promise<Set<string>> {
    const settled = await preparedRows<{ id: string }>(tx, statement, [
      ends.map(({ mail }) => mail.id),
      ends.map(({ mail }) => mail.attempt),
      ends.map(({ state }) => state),
      ends.map(({ reason }) => reason),
      ends.map(({ at }) => at),
    ]);
    return new Set(settled.map((mail) => mail.id));
  }

  /** @param failedTries its own, and this one where it was in vain */
  async retryLater(
    tx: Tx,
    mail: ClaimedMail,
    retry: { dueAt: Date; reason: string; failedTries: number },
  ): Promise<void> {
    await rows(
      tx,
      `update mail_outbox
          set ${BACK_IN_QUEUE}, reason = $4, next_attempt_at = $3, failed_tries = $5
        where id = $1
          and state = 'sending'
          and attempt = $2`,
      [mail.id, mail.attempt, retry.dueAt, retry.reason, retry.failedTries],
    );
  }

  /**
   * Mails whose worker is gone before the final dot, or that may be repeated: back in the queue. One that a statement holds
   * just now is left for the next time: its worker lives.
   */
  async putBack(tx: Tx, now: Date): Promise<void> {
    await rows(
      tx,
      `update mail_outbox m
          set ${BACK_IN_QUEUE}, next_attempt_at = $1
         from (select id
                 from mail_outbox
                where state = 'sending'
                  and lease_until < now()
                  and (final_dot_at is null or not at_most_once)
                  for update skip locked) left_behind
        where m.id = left_behind.id`,
      [now],
    );
  }

  /** A mail that goes at most once and whose hand-over was interrupted at or after the final dot. */
  interrupted(tx: Tx): Promise<(ClaimedMail & { handingOverSince: Date }) | undefined> {
    return row(
      tx,
      `select ${COLUMNS}, m.handing_over_since as "handingOverSince"
         from mail_outbox m
        where m.state = 'sending'
          and m.lease_until < now()
          and m.at_most_once
          and m.final_dot_at is not null
        order by m.lease_until, m.id
        limit 1
          for update skip locked`,
    );
  }

  async isAnyDue(tx: Tx, now: Date): Promise<boolean> {
    const found = await row<{ due: boolean }>(
      tx,
      `select exists (select 1 from mail_outbox where state = 'pending' and next_attempt_at <= $1) as due`,
      [now],
    );
    return found?.due ?? false;
  }
}
