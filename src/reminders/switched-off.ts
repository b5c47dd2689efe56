// Whether reminders were off at any moment since a run was made. What a run chose and has not sent is closed then, and does
// not go when they are on again. It is told by the versions of the policy, not by clocks: a run notes the version in force
// while it holds the platform's row, and who switches off writes the next one while holding it, so that a run is made before
// or after that, and nothing comes between; a mail that was put back from a hand-over is judged like any other. Runs by hand
// go whether reminders are on or off. Default Q12 of docs/reference/instrument-workflow.md 6.3.

import { row, rows, type Tx } from '../database/index.js';

/** Of a run `n` and its platform `p`; never null. */
export const SWITCHED_OFF = `
  (n.trigger <> 'by-hand'
     and (not p.reminders_enabled
            or exists (
                 select
                   from reminder_policy_version v
                  where v.platform_id = n.platform_id
                    and v.version > n.policy_version
                    and v.after ->> 'enabled' = 'false')))`;

export async function isSwitchedOff(tx: Tx, runId: string): Promise<boolean> {
  const found = await row<{ off: boolean }>(
    tx,
    `select ${SWITCHED_OFF} as off
       from reminder_run n
       join platform p on p.id = n.platform_id
      where n.id = $1`,
    [runId],
  );
  return found?.off ?? false;
}

/** Lets a run's mails that wait for a later moment be judged now. Were there any? */
export async function judgeWaiting(tx: Tx, runId: string, now: Date): Promise<boolean> {
  const found = await rows(
    tx,
    `update mail_outbox m
        set next_attempt_at = $2
      where m.state = 'pending'
        and m.next_attempt_at > $2
        and m.kind in ('reminder', 'reminder-digest')
        and m.subject_id in (select unnest(array[r.id, r.digest_id])
                               from reminder r
                              where r.run_id = $1
                                and r.state = 'pending')
  returning m.id`,
    [runId, now],
  );
  return found.length > 0;
}
