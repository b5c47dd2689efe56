// Deliveries in every state there can be, at random, put into the database in bulk; and what decides about reminding each
// of them, worked out here from what was put in, by none of the product's code.

import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Candidate } from '../../src/reminders/eligibility.rules.js';
import { insertMany, personRow, uploadRow } from '../support/make.js';

const HOUR = 3_600_000;
export const START = new Date('2025-03-01T00:00:00Z').getTime();
export const atHour = (hour: number): Date => new Date(START + hour * HOUR);

export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('What was made is not there.');
  return value;
}

export interface Attempt {
  at: Date;
  state: 'sent' | 'unknown' | 'failed' | 'skipped' | 'in-flight';
}

export interface StateOfDelivery {
  id: string;
  uploadId: string;
  personId: string;
  platformId: string;
  ordinal: number;
  handedOverAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  goneAt: Date | null;
  doneAt: Date | null;
  optedOutAt: Date | null;
  undeliverableAt: Date | null;
  /** It was said, and taken back. */
  wasDone: boolean;
  /** Begun and last heard of at a moment; those that ended did so some hours later. */
  downloads: { at: Date; state: 'started' | 'completed' | 'failed'; hours: number }[];
  copies: { at: Date; state: 'requested' | 'copying' | 'completed' | 'failed'; hours: number }[];
  attempts: Attempt[];
  accesses: { at: Date; counts: boolean }[];
}

/** Whole hours, so that edges are met often. */
const moment = fc.integer({ min: 0, max: 40 * 24 }).map(atHour);
const seldom = <T>(value: fc.Arbitrary<T>, weight = 14): fc.Arbitrary<T | null> =>
  fc.oneof({ weight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
const few = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  seldom(value, 4).map((one) => (one === null ? [] : [one]));
const hours = fc.integer({ min: 0, max: 60 });
const state = fc.record({
  handedOver: fc.option(fc.tuple(moment, fc.integer({ min: 1, max: 30 * 24 })), { nil: null, freq: 10 }),
  revokedAt: seldom(moment),
  goneAt: seldom(moment),
  doneAt: seldom(moment),
  optedOutAt: seldom(moment),
  undeliverableAt: seldom(moment),
  wasDone: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  downloads: few(fc.record({ at: moment, state: fc.constantFrom('started', 'completed', 'failed'), hours })),
  copies: few(fc.record({ at: moment, state: fc.constantFrom('requested', 'copying', 'completed', 'failed'), hours })),
  attempts: fc.array(
    fc.record({ at: moment, state: fc.constantFrom('sent', 'unknown', 'failed', 'skipped', 'in-flight') }),
    { maxLength: 3 },
  ),
  accesses: few(fc.record({ at: moment, counts: fc.boolean() })),
});
/** Some of an upload to a person expire at the same moment. */
const uploadToPerson = fc
  .record({
    platform: fc.nat(),
    states: fc.array(state, { minLength: 1, maxLength: 3 }),
    isAlike: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  })
  .map(({ platform, states, isAlike }) => ({
    platform,
    states: isAlike ? states.map((one) => ({ ...one, handedOver: states[0]?.handedOver ?? null })) : states,
  }));
/** In no order, and the same for the same text. */
const idOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

/** Uploads to people, each with one to three deliveries, spread over the platforms. */
export function randomStates(platformIds: readonly string[], uploads: number, seed: number): StateOfDelivery[] {
  return fc.sample(uploadToPerson, { numRuns: uploads, seed }).flatMap(({ platform, states }, number) =>
    states.map(({ handedOver, ...made }, ordinal) => ({
      ...made,
      doneAt: made.wasDone ? null : made.doneAt,
      id: idOf(`delivery ${number} ${ordinal} ${seed}`),
      uploadId: idOf(`upload ${number}`),
      personId: idOf(`person ${number}`),
      platformId: platformIds[platform % platformIds.length] ?? '',
      ordinal,
      handedOverAt: handedOver && handedOver[0],
      expiresAt: handedOver && new Date(handedOver[0].getTime() + handedOver[1] * HOUR),
    })),
  );
}

/** All but accesses, which are for the product to record. */
export async function putIn(database: DataSource, states: readonly StateOfDelivery[]): Promise<void> {
  const firsts = states.filter(({ ordinal }) => ordinal === 0);
  await insertMany(
    database,
    'person',
    firsts.map(({ personId }) => personRow(personId)),
  );
  await insertMany(
    database,
    'upload',
    firsts.map(({ uploadId, platformId }) => uploadRow(platformId, uploadId)),
  );
  await insertMany(
    database,
    'delivery',
    states.map((one) => ({
      id: one.id,
      upload_id: one.uploadId,
      platform_id: one.platformId,
      person_id: one.personId,
      ordinal: one.ordinal,
      link_lifetime: 'P30D',
      link_key_id: 'x',
      handed_over_at: one.handedOverAt,
      expires_at: one.expiresAt,
      revoked_at: one.revokedAt,
      gone_at: one.goneAt,
      done_at: one.wasDone ? atHour(1) : one.doneAt,
      opted_out_at: one.optedOutAt,
      undeliverable_at: one.undeliverableAt,
    })),
  );
  await insertMany(
    database,
    'download',
    states.flatMap(({ id, downloads }) =>
      downloads.map((download) => ({
        id: nextId(),
        delivery_id: id,
        files: 0,
        bytes: 0,
        state: download.state,
        started_at: download.at,
        last_progress_at: download.at,
        ended_at: download.state === 'started' ? null : endOf(download),
      })),
    ),
  );
  await insertMany(
    database,
    'content_copy',
    states.flatMap(({ id, copies }) =>
      copies.map((copy) => ({
        id: nextId(),
        delivery_id: id,
        state: copy.state,
        destination: '/projects/proj-b/x',
        files: 0,
        bytes: 0,
        requested_at: copy.at,
        last_progress_at: copy.at,
        ended_at: ['requested', 'copying'].includes(copy.state) ? null : endOf(copy),
      })),
    ),
  );
  await putInAttempts(database, states);
}

const endOf = ({ at, hours }: { at: Date; hours: number }): Date => new Date(at.getTime() + hours * HOUR);

/** In runs of their own, long ago: one run holds each delivery's first reminder, one the second, and so on. */
async function putInAttempts(database: DataSource, states: readonly StateOfDelivery[]): Promise<void> {
  const runs = new Map<string, string>();
  const reminders: Record<string, unknown>[] = [];
  const mails: Record<string, unknown>[] = [];
  for (const { id, platformId, personId, attempts } of states) {
    for (const [number, attempt] of attempts.entries()) {
      const key = `${platformId} ${number}`;
      const runId = runs.get(key) ?? nextId();
      runs.set(key, runId);
      const reminderId = nextId();
      const isInFlight = attempt.state === 'in-flight';
      reminders.push({
        id: reminderId,
        run_id: runId,
        delivery_id: id,
        state: isInFlight ? 'pending' : attempt.state,
        message_id: `<${reminderId}@example.org>`,
        sent_at: attempt.state === 'sent' ? attempt.at : null,
        tried_at: ['sent', 'unknown'].includes(attempt.state) ? attempt.at : null,
        created_at: atHour(-1),
      });
      if (isInFlight)
        mails.push({
          ...mailRow(reminderId, personId, atHour(-1)),
          handing_over_since: attempt.at,
          lease_until: new Date('2100-01-01T00:00:00Z'),
        });
    }
  }
  await insertMany(
    database,
    'reminder_run',
    [...runs].map(([key, id]) => ({
      id,
      platform_id: key.split(' ')[0],
      slot: new Date(START - (10 - Number(key.split(' ')[1])) * 24 * HOUR),
      trigger: 'scheduled',
      state: 'sending',
      created_at: atHour(-1),
      checked_until: '00000000-0000-0000-0000-000000000000',
      selected_until_at: '-infinity',
      selected_until_id: '00000000-0000-0000-0000-000000000000',
    })),
  );
  await insertMany(database, 'reminder', reminders);
  await insertMany(database, 'mail_outbox', mails);
}

/** A claimed mail of a reminder. */
export const mailRow = (reminderId: string, personId: string, dueAt: Date) => ({
  id: nextId(),
  kind: 'reminder',
  subject_id: reminderId,
  person_id: personId,
  message_id: `<${reminderId}@example.org>`,
  dedupe_key: `reminder:${reminderId}`,
  state: 'sending',
  at_most_once: true,
  not_after: null,
  next_attempt_at: dueAt,
  attempt: 1,
  created_at: dueAt,
});

let last = 0;
export const nextId = (): string => `00000000-0000-4000-8000-${(++last).toString(16).padStart(12, '0')}`;

/** For every delivery, what the rule is to be asked about at a moment. */
export function candidatesAt(
  states: readonly StateOfDelivery[],
  now: Date,
  isPreview: boolean,
): Map<string, Candidate> {
  const together = new Map<string, StateOfDelivery[]>();
  for (const one of states) together.set(one.uploadId, [...(together.get(one.uploadId) ?? []), one]);
  return new Map(
    states.map((one) => [one.id, candidateOf(one, together.get(one.uploadId) ?? [], now, isPreview)] as const),
  );
}

function candidateOf(
  one: StateOfDelivery,
  together: readonly StateOfDelivery[],
  now: Date,
  isPreview: boolean,
): Candidate {
  const tried = one.attempts.filter(
    ({ at, state: end }) =>
      (end === 'sent' || end === 'unknown' || (end === 'in-flight' && !isPreview)) && (!isPreview || at <= now),
  );
  const isUnderWay = (transfer: { at: Date; hours: number; state: string }): boolean =>
    ['started', 'requested', 'copying'].includes(transfer.state)
      ? !isPreview || transfer.at <= now
      : isPreview && transfer.at <= now && endOf(transfer) > now;
  const underWay = [...one.downloads, ...one.copies].filter(isUnderWay);
  const silencing = together.flatMap((other) =>
    other.accesses.filter(
      (access) => access.counts && (other === one || (one.handedOverAt !== null && one.handedOverAt <= access.at)),
    ),
  );
  const expiry = one.expiresAt?.getTime() ?? 0;
  const isSuperseded = together.some((other) => {
    const isEnded = [other.revokedAt, other.goneAt].some((at) => at && (!isPreview || at <= now));
    if (other === one || isEnded || !other.handedOverAt || !other.expiresAt) return false;
    if (other.handedOverAt > now || other.expiresAt <= now) return false;
    const later = other.expiresAt.getTime() - expiry;
    return later > 0 || (later === 0 && other.id > one.id);
  });
  return {
    handedOverAt: one.handedOverAt,
    expiresAt: one.expiresAt,
    revokedAt: one.revokedAt,
    goneAt: one.goneAt,
    accessedAt: first(silencing.map(({ at }) => at)),
    doneAt: one.doneAt,
    optedOutAt: one.optedOutAt,
    undeliverableAt: one.undeliverableAt,
    isSuperseded: one.expiresAt !== null && isSuperseded,
    progressAt: newest(underWay.map(({ at }) => at)),
    lastRemindedAt: newest(tried.map(({ at }) => at)),
    remindersSent: tried.length,
  };
}

const first = (moments: readonly Date[]): Date | null =>
  moments.reduce<Date | null>((found, one) => (found && found <= one ? found : one), null);
const newest = (moments: readonly Date[]): Date | null =>
  moments.reduce<Date | null>((found, one) => (found && found >= one ? found : one), null);
