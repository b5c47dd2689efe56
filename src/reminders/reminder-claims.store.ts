// The last check of a reminder, and its mark as being handed over: one statement, with the delivery's row held, so that
// whatever was committed before it counts and whatever comes later finds the reminder on its way.

import { Injectable } from '@nestjs/common';
import { type Prepared, prepared, preparedRows, rows, type Tx } from '../database/index.js';
import { BACK_IN_QUEUE, type ClaimedMail, HANDING_OVER, STILL_OURS } from '../mail/index.js';
import { findPlatforms, type Platform } from '../platforms/index.js';
import { durationMs } from '../time/index.js';
import { departuresOf } from './departures.js';
import { reasonOf, reasonSinceConfirmed, type RuleTerms, sentOf } from './eligibility.clauses.js';
import { PROGRESS_HOLDS_MS } from './eligibility.rules.js';
import type { Reminded } from './reminder-letter.js';
import { SWITCHED_OFF } from './switched-off.js';

/** Of a mail that is still ours: it is claimed, or no reminder in it has `because` null. */
export interface ReminderClaim {
  mailId: string;
  /** Null of a mail in which nothing is left. */
  deliveryId: string | null;
  platform: Platform | null;
  /** Why the reminder does not go; null: it does. */
  because: string | null;
  /** Where the platform has a cap: reminders of the delivery before this one. */
  remindersSent: number;
  /** Has any download of the delivery begun, so that part may have been fetched? */
  hasDownloads: boolean;
}

interface Judged extends Omit<ReminderClaim, 'platform'> {
  platformId: string | null;
}

const TERMS: RuleTerms = {
  now: '$1::timestamptz',
  minimumAge: 'policy.minimum_age',
  minimumSpacing: 'policy.minimum_spacing',
  progressHolds: '$8::double precision',
  maxReminders: 'policy.maximum',
  isPreview: false,
};

/** What a mail's subject is: one reminder, or those of a run to one person. */
type About = 'reminder' | 'digest';
const REMINDERS: Record<About, (subject: string) => string> = {
  reminder: (subject) => `r.id = ${subject}`,
  digest: (subject) => `r.digest_id = ${subject} and r.state = 'pending'`,
};

/** Rows are held in order of id, as accesses hold them. $1 the subjects. */
const hold = (about: About): string => `
  select distinct h."platformId"
    from (select n.platform_id as "platformId"
            from unnest($1::uuid[]) as s(id)
            join reminder r on ${REMINDERS[about]('s.id')}
            join reminder_run n on n.id = r.run_id
            join delivery d on d.id = r.delivery_id
           order by d.id
             for no key update of d) h`;

/**
 * $1 now, $2 and $3 the mails and their attempts, $4 to $7 the platforms and their policies, $8 the hold of progress. Of
 * several in one mail those that do not go are closed with their reasons; of one alone that is for who asked.
 */
const claim = (about: About): string => `
  with asked as materialized (
       select m.id, m.subject_id, a.attempt
         from unnest($2::uuid[], $3::int[]) as a(id, attempt)
         join mail_outbox m on m.id = a.id and ${STILL_OURS('a.attempt')}),
  judged as materialized (
       select a.id, r.id as reminder_id, r.delivery_id, n.platform_id,
              case
                when r.state <> 'pending' then 'newer-run'
                when ${SWITCHED_OFF} then 'reminders-off'
                when exists (
                       select
                         from reminder later
                         join reminder_run later_run on later_run.id = later.run_id
                        where later.delivery_id = r.delivery_id
                          and later_run.slot > n.slot) then 'newer-run'
                when r.confirmation is not null then ${reasonSinceConfirmed(TERMS)}
                else ${reasonOf(TERMS)}
              end as because,
              ${sentOf(TERMS)} as sent
         from asked a
         join reminder r on ${REMINDERS[about]('a.subject_id')}
         join reminder_run n on n.id = r.run_id
         join platform p on p.id = n.platform_id
         join unnest($4::uuid[], $5::float8[], $6::float8[], $7::int[]) as policy(platform_id, minimum_age, minimum_spacing, maximum)
           on policy.platform_id = p.id
         join delivery d on d.id = r.delivery_id),
  going as materialized (
       select distinct a.id, a.attempt
         from asked a
         join judged j on j.id = a.id and j.because is null),
  claimed as (
       update mail_outbox m
          set ${HANDING_OVER('$1::timestamptz')}
         from going g
        where m.id = g.id
          and ${STILL_OURS('g.attempt')}
    returning m.id)${about === 'digest' ? CLOSED : ''}
  select a.id as "mailId", j.delivery_id as "deliveryId", j.platform_id as "platformId", j.because,
         coalesce(j.sent, 0) as "remindersSent",
         exists (select from download w where w.delivery_id = j.delivery_id) as "hasDownloads"
    from asked a
    left join judged j on j.id = a.id
   where a.id in (select id from claimed)
      or a.id not in (select id from going)`;

const CLOSED = `,
  closed as (
       update reminder r
          set state = 'skipped', reason = j.because
         from judged j
        where r.id = j.reminder_id
          and r.state = 'pending'
          and j.because is not null)`;

const HOLD: Record<About, Prepared> = { reminder: prepared(hold('reminder')), digest: prepared(hold('digest')) };
const CLAIM: Record<About, Prepared> = { reminder: prepared(claim('reminder')), digest: prepared(claim('digest')) };

@Injectable()
export class ReminderClaimsStore {
  /**
   * Judges the reminders in the mails at `now` and claims the mails that may go, a row for each reminder; mails that are
   * no longer ours are left out.
   */
  async claim(tx: Tx, about: About, mails: readonly ClaimedMail[], now: Date): Promise<ReminderClaim[]> {
    const held = await preparedRows<{ platformId: string }>(tx, HOLD[about], [mails.map((mail) => mail.subjectId)]);
    const found = await findPlatforms(
      tx,
      held.map(({ platformId }) => platformId),
    );
    const platforms = new Map(found.map((platform) => [platform.id, platform]));
    const policies = found.map(({ id, reminders }) => ({ id, ...reminders }));
    const judged = await preparedRows<Judged>(tx, CLAIM[about], [
      now,
      mails.map((mail) => mail.id),
      mails.map((mail) => mail.attempt),
      policies.map(({ id }) => id),
      policies.map(({ minimumAge }) => durationMs(minimumAge) / 1_000),
      policies.map(({ minimumSpacing }) => durationMs(minimumSpacing) / 1_000),
      policies.map(({ maxReminders }) => maxReminders),
      PROGRESS_HOLDS_MS / 1_000,
    ]);
    return judged.map(({ platformId, ...one }) => ({
      ...one,
      platform: (platformId === null ? undefined : platforms.get(platformId)) ?? null,
    }));
  }

  /**
   * Puts claimed mails back that fall into quiet hours or on a closed day, until these are over: a mail server that
   * greylists, or a worker that was down, brings them there. Answers which.
   *
   * @param mails each with all that it reminds of
   */
  async putOff(
    tx: Tx,
    mails: readonly { mailId: string; all: readonly (Pick<Reminded, 'platform' | 'expiresAt'> | undefined)[] }[],
    now: Date,
  ): Promise<Set<string>> {
    const departures = new Map<string, Date[]>();
    const waiting = mails.flatMap(({ mailId, all }) => {
      const known = all.filter((one) => one !== undefined);
      const [first] = known;
      if (!first) return [];
      const end = new Date(Math.min(...known.map(({ expiresAt }) => expiresAt.getTime())));
      const { platform } = first;
      const moments = departures.get(platform.id) ?? departuresOf(platform, now);
      departures.set(platform.id, moments);
      const goesAt = moments.find((moment) => moment < end) ?? now;
      return goesAt > now ? [{ mailId, goesAt }] : [];
    });
    if (waiting.length > 0)
      await rows(
        tx,
        `update mail_outbox m
            set ${BACK_IN_QUEUE}, next_attempt_at = w.goes_at
           from unnest($1::uuid[], $2::timestamptz[]) as w(id, goes_at)
          where m.id = w.id`,
        [waiting.map(({ mailId }) => mailId), waiting.map(({ goesAt }) => goesAt)],
      );
    return new Set(waiting.map(({ mailId }) => mailId));
  }
}
