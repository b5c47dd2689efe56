// The rule of `eligibility.rules.ts` as clauses of SQL, written once for the preview, the selection and the last check
// before hand-over. Each says of a delivery `d` why it is not reminded; the first that holds is the reason. A property
// test compares them with the rule.

import type { Platform } from '../platforms/index.js';
import { durationMs } from '../time/index.js';
import { NEVER, PROGRESS_HOLDS_MS, type SkipReason } from './eligibility.rules.js';

/** SQL expressions for what the rule gets as arguments. */
export interface RuleTerms {
  /** timestamptz */
  now: string;
  /** Seconds, double precision. */
  minimumAge: string;
  minimumSpacing: string;
  progressHolds: string;
  /** integer; null: any number */
  maxReminders: string;
  /** Of a preview: what happened after its moment does not count. */
  isPreview: boolean;
}

/** The terms as five parameters from `$first` on, as `policyParameters` makes them. */
export const policyTerms = (first: number): Omit<RuleTerms, 'isPreview'> => ({
  now: `$${first}::timestamptz`,
  minimumAge: `$${first + 1}::double precision`,
  minimumSpacing: `$${first + 2}::double precision`,
  progressHolds: `$${first + 3}::double precision`,
  maxReminders: `$${first + 4}::int`,
});

/** How many reminders of `d` were sent, may have been, or are being handed over; 0 where any number may be. */
export function sentOf({ now, isPreview, maxReminders }: Pick<RuleTerms, 'now' | 'isPreview' | 'maxReminders'>) {
  const untilThen = isPreview ? `and r.tried_at <= ${now}` : '';
  const underWay = isPreview ? '' : IN_FLIGHT.map((mails) => `+ (select count(*) ${mails})`).join(' ');
  return `
    case
      when ${maxReminders} is null then 0
      else ((select count(*) from reminder r where r.delivery_id = d.id and r.tried_at is not null ${untilThen}) ${underWay})::int
    end`;
}

export const policyParameters = (platform: Platform, now: Date): unknown[] => [
  now,
  durationMs(platform.reminders.minimumAge) / 1000,
  durationMs(platform.reminders.minimumSpacing) / 1000,
  PROGRESS_HOLDS_MS / 1000,
  platform.reminders.maxReminders,
];

interface Clause {
  because: SkipReason;
  /** Never null where the clauses before it do not hold. */
  sql: string;
}

/**
 * Mails with a reminder to `d` that the mail server is being spoken to about, alone or with others: nobody knows yet
 * whether they arrive. By its lease a mail is found in the index of those few, whatever PostgreSQL believes of how many
 * mails there are.
 */
const IN_FLIGHT = ['r.id', 'r.digest_id'].map(
  (subject) => `
  from mail_outbox m
  join reminder r on ${subject} = m.subject_id
 where m.state = 'sending'
   and m.lease_until is not null
   and m.handing_over_since is not null
   and r.state = 'pending'
   and r.delivery_id = d.id`,
);

/** Another live delivery of the upload to the person that expires later. */
const LATER = (which: string, { now, isPreview }: Pick<RuleTerms, 'now' | 'isPreview'>): string => `
  select
    from delivery o
   where o.upload_id = d.upload_id
     and o.person_id = d.person_id
     and ${which}
     and o.id <> d.id
     and ${noneBy('o.revoked_at', now, isPreview)}
     and ${noneBy('o.gone_at', now, isPreview)}
     and o.handed_over_at <= ${now}
     and o.expires_at > ${now}
     and (o.expires_at, o.id) > (d.expires_at, d.id)`;

/** Nothing is recorded in `column`; for a preview, nothing by its moment. */
const noneBy = (column: string, now: string, isPreview: boolean): string =>
  isPreview ? `(${column} is null or ${column} > ${now})` : `${column} is null`;

/** A transfer that has not ended; for a preview, one that had begun and not ended by its moment. */
const underWay = (begun: string, states: string, now: string, isPreview: boolean): string =>
  isPreview ? `p.${begun} <= ${now} and (p.state in (${states}) or p.ended_at > ${now})` : `p.state in (${states})`;

/** Why the state of its own row alone forbids it, whatever the moment. */
const marks: readonly [SkipReason, string][] = [
  ['revoked', 'revoked_at'],
  ['gone', 'gone_at'],
  ['accessed', 'accessed_at'],
  ['done', 'done_at'],
  ['opted-out', 'opted_out_at'],
  ['undeliverable', 'undeliverable_at'],
];

/** Deliveries that a run looks at, of those that the index `delivery_remindable` holds. */
export const REMINDABLE = ['d.handed_over_at is not null', ...marks.map(([, column]) => `d.${column} is null`)].join(
  '\n   and ',
);

const ago = (now: string, seconds: string): string => `${now} - make_interval(secs => ${seconds})`;

/** In the order in which reasons are told. */
export function clauses({ now, isPreview, ...terms }: RuleTerms): Clause[] {
  const marked = (because: SkipReason): Clause => ({
    because,
    sql: `not ${noneBy(`d.${marks.find(([reason]) => reason === because)?.[1]}`, now, isPreview)}`,
  });
  const triedUntilThen = isPreview ? `and r.tried_at <= ${now}` : '';
  const inFlight = (since: string): Clause[] =>
    isPreview
      ? []
      : IN_FLIGHT.map((mails) => ({
          because: 'too-soon',
          sql: `exists (select ${mails} and m.handing_over_since > ${since})`,
        }));
  return [
    {
      because: 'not-sent',
      sql: `(d.handed_over_at is null or d.expires_at is null or d.handed_over_at > ${now})`,
    },
    marked('revoked'),
    marked('gone'),
    { because: 'expired', sql: `d.expires_at <= ${now}` },
    marked('accessed'),
    marked('done'),
    marked('opted-out'),
    marked('undeliverable'),
    // Only a reshared delivery has another beside it: most are not looked for at all.
    { because: 'superseded', sql: `exists (${LATER('o.ordinal > 0', { now, isPreview })})` },
    { because: 'superseded', sql: `(d.ordinal > 0 and exists (${LATER('o.ordinal = 0', { now, isPreview })}))` },
    {
      because: 'in-progress',
      sql: `exists (
              select
                from download p
               where p.delivery_id = d.id
                 and ${underWay('started_at', "'started'", now, isPreview)}
                 and p.last_progress_at > ${ago(now, terms.progressHolds)})`,
    },
    {
      because: 'in-progress',
      sql: `exists (
              select
                from content_copy p
               where p.delivery_id = d.id
                 and ${underWay('requested_at', "'requested', 'copying'", now, isPreview)}
                 and p.last_progress_at > ${ago(now, terms.progressHolds)})`,
    },
    { because: 'too-young', sql: `d.handed_over_at > ${ago(now, terms.minimumAge)}` },
    {
      because: 'too-soon',
      sql: `exists (
              select
                from reminder r
               where r.delivery_id = d.id
                 and r.tried_at > ${ago(now, terms.minimumSpacing)}
                 ${triedUntilThen})`,
    },
    ...inFlight(ago(now, terms.minimumSpacing)),
    {
      because: 'enough',
      sql: `(${terms.maxReminders} is not null
              and ${sentOf({ now, isPreview, ...terms })} >= ${terms.maxReminders})`,
    },
  ];
}

/** The first reason that holds, or null: it is due. */
export const reasonOf = (terms: RuleTerms): string => firstOf(clauses(terms));

const firstOf = (all: readonly Clause[]): string =>
  `case\n${all.map(({ because, sql }) => `    when ${sql} then '${because}'`).join('\n')}\n  end`;

/** Accesses `e` that silence `d`: its own, and those of others of the upload to the person from its dispatch on. */
const SILENCING = `
  from delivery o
  join judged_access e on e.delivery_id = o.id
 where o.upload_id = d.upload_id
   and o.person_id = d.person_id
   and e.counts
   and (o.id = d.id or e.at >= d.handed_over_at)`;

/**
 * What whoever reminds of `d` all the same knows, for `reminder.confirmation`: the reasons set aside, and the events
 * behind them, so that later ones are told apart by what they are and not by clocks.
 *
 * @param setAside an expression of the reasons, jsonb
 */
export const confirmationOf = (setAside: string): string => `
  jsonb_build_object('setAside', ${setAside}, 'doneAt', d.done_at,
                     'accesses', (select coalesce(jsonb_agg(e.id), '[]'::jsonb) ${SILENCING}))`;

/** What makes a reason that was set aside hold anew. */
const ANEW: Partial<Record<SkipReason, string>> = {
  accessed: `exists (select ${SILENCING} and not r.confirmation -> 'accesses' ? e.id::text)`,
  done: `d.done_at is distinct from (r.confirmation ->> 'doneAt')::timestamptz`,
};

/** The first reason against a reminder `r` that somebody confirmed, of those that they did not set aside; or null. */
export const reasonSinceConfirmed = (terms: RuleTerms): string =>
  firstOf(
    clauses(terms).map(({ because, sql }) => {
      if (NEVER.includes(because)) return { because, sql };
      const isNew = [
        `not r.confirmation -> 'setAside' ? '${because}'`,
        ...(ANEW[because] === undefined ? [] : [ANEW[because]]),
      ].join(' or ');
      return { because, sql: `${sql} and (${isNew})` };
    }),
  );

/** The condition of being due, for deliveries that are `REMINDABLE`: the cheapest parts are asked first. */
export const dueAmongRemindable = (terms: Omit<RuleTerms, 'isPreview'>): string => {
  const ownRow: readonly SkipReason[] = marks.map(([because]) => because);
  return clauses({ ...terms, isPreview: false })
    .filter(({ because }) => !ownRow.includes(because))
    .map(({ sql }) => `not ${sql}`)
    .join('\n   and ');
};
