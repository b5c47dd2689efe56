// The last check of a reminder, and its mark as being handed over: one statement, with the delivery's row held, so that
// whatever was committed before it counts and whatever comes later finds the reminder on its way.

import { Injectable } from '@nestjs/common';
import { prepared, preparedRows, type Tx } from '../database/index.js';
import { type ClaimedMail, HANDING_OVER, STILL_OURS } from '../mail/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { departures } from '../schedule/index.js';
import { durationMs } from '../time/index.js';
import { departureOf, reasonOf } from './eligibility.clauses.js';
import { PROGRESS_HOLDS_MS } from './eligibility.rules.js';

/** Of a mail that is still ours: it is claimed, or `because` says why it does not go. */
export interface ReminderClaim {
  mailId: string;
  deliveryId: string;
  platform: Platform;
  because: string | null;
  /** Has any download of it begun, so that part may have been fetched? */
  hasDownloads: boolean;
}

interface Judged extends Omit<ReminderClaim, 'platform'> {
  platformId: string;
}

/** Reasons that hold also for what a person sent by hand and confirmed. */
const NEVER = `'not-sent', 'revoked', 'gone', 'expired', 'opted-out', 'undeliverable'`;

/** Rows are held in order of id, as accesses hold them. $1 the reminders. */
const HOLD = prepared(`
  select n.platform_id as "platformId"
    from reminder r
    join reminder_run n on n.id = r.run_id
    join delivery d on d.id = r.delivery_id
   where r.id = any($1::uuid[])
   order by d.id
     for no key update of d`);

/**
 * $1 now, $2 and $3 the mails and their attempts, $4 to $7 the platforms and their policies, $8 the hold of progress,
 * $9 and $10 when mails may leave now: a moment, and the platform it is for, in the order of preference.
 */
const CLAIM = prepared(`
  with judged as materialized (
       select m.id, r.delivery_id, n.platform_id,
              case when n.trigger = 'by-hand' then $1::timestamptz else l.at end as leaves_at,
              case
                when r.state <> 'pending' then 'newer-run'
                when not p.reminders_enabled and n.trigger <> 'by-hand' then 'reminders-off'
                when exists (
                       select
                         from reminder later
                         join reminder_run later_run on later_run.id = later.run_id
                        where later.delivery_id = r.delivery_id
                          and later_run.slot > n.slot) then 'newer-run'
                when r.reason = 'confirmed' and w.because not in (${NEVER}) then null
                else w.because
              end as because
         from unnest($2::uuid[], $3::int[]) as a(id, attempt)
         join mail_outbox m on m.id = a.id and ${STILL_OURS('a.attempt')}
         join reminder r on r.id = m.subject_id
         join reminder_run n on n.id = r.run_id
         join platform p on p.id = n.platform_id
         join unnest($4::uuid[], $5::float8[], $6::float8[], $7::int[]) as policy(platform_id, minimum_age, minimum_spacing, maximum)
           on policy.platform_id = p.id
         join delivery d on d.id = r.delivery_id
        cross join lateral (
              select ${reasonOf({
                now: '$1::timestamptz',
                minimumAge: 'policy.minimum_age',
                minimumSpacing: 'policy.minimum_spacing',
                progressHolds: '$8::double precision',
                maxReminders: 'policy.maximum',
                isPreview: false,
              })} as because) w
        cross join lateral (
              select ${departureOf(
                `array(select o.at from unnest($9::timestamptz[], $10::uuid[]) with ordinality as o(at, of_platform, place)
                                where o.of_platform = p.id order by o.place)`,
                'd.expires_at',
                '$1::timestamptz',
              )} as at) l),
  put_off as (
       update mail_outbox m
          set state = 'pending', lease_until = null, next_attempt_at = j.leaves_at
         from judged j
         join unnest($2::uuid[], $3::int[]) as a(id, attempt) on a.id = j.id
        where m.id = j.id
          and j.because is null
          and j.leaves_at > $1::timestamptz
          and ${STILL_OURS('a.attempt')}),
  claimed as (
       update mail_outbox m
          set ${HANDING_OVER('$1::timestamptz')}
         from judged j
         join unnest($2::uuid[], $3::int[]) as a(id, attempt) on a.id = j.id
        where m.id = j.id
          and j.because is null
          and j.leaves_at <= $1::timestamptz
          and ${STILL_OURS('a.attempt')}
    returning m.id)
  select j.id as "mailId", j.delivery_id as "deliveryId", j.platform_id as "platformId", j.because,
         exists (select from download w where w.delivery_id = j.delivery_id) as "hasDownloads"
    from judged j
   where j.because is not null
      or j.id in (select id from claimed)`);

@Injectable()
export class ReminderClaimsStore {
  /**
   * Judges the mails at `now` and claims those that may go. Left out are those that are no longer ours, and those that
   * quiet hours or closed days put off, which are back in the queue.
   */
  async claim(tx: Tx, mails: readonly ClaimedMail[], now: Date): Promise<ReminderClaim[]> {
    const held = await preparedRows<{ platformId: string }>(tx, HOLD, [mails.map((mail) => mail.subjectId)]);
    const platforms = new Map<string, Platform>();
    for (const id of new Set(held.map(({ platformId }) => platformId))) {
      const platform = await findPlatform(tx, id);
      if (platform) platforms.set(id, platform);
    }
    const policies = [...platforms.values()].map(({ id, reminders }) => ({ id, ...reminders }));
    const leaving = [...platforms.values()].flatMap(({ id, reminders, timeZone }) =>
      departures(now, reminders, timeZone).map((at) => ({ id, at })),
    );
    const judged = await preparedRows<Judged>(tx, CLAIM, [
      now,
      mails.map((mail) => mail.id),
      mails.map((mail) => mail.attempt),
      policies.map(({ id }) => id),
      policies.map(({ minimumAge }) => durationMs(minimumAge) / 1_000),
      policies.map(({ minimumSpacing }) => durationMs(minimumSpacing) / 1_000),
      policies.map(({ maxReminders }) => maxReminders),
      PROGRESS_HOLDS_MS / 1_000,
      leaving.map(({ at }) => at),
      leaving.map(({ id }) => id),
    ]);
    return judged.flatMap(({ platformId, ...claim }) => {
      const platform = platforms.get(platformId);
      return platform ? [{ ...claim, platform }] : [];
    });
  }
}
