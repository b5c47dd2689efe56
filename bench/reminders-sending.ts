// Reminders from a run by hand to a local mail server, each judged again, claimed and committed, beside nodemailer's
// pooled transport alone sending the same mail.

import { setTimeout as delay } from 'node:timers/promises';
import { Mailed } from './mailed.js';
import { cpuSeconds } from './process-use.js';
import type { Row } from './rows.js';
import type { Timing } from './timing.js';

const NAMESPACE = '/projects/proj-microscopy-1128.4.15';
/** Sent before, so that connections stand and code is compiled, as in a server that runs. */
const WARM_UP = 500;

export async function benchSendingReminders(mails: number): Promise<Row[]> {
  const mailed = await Mailed.start();
  try {
    await remind(mailed, WARM_UP);
    const timing = await remind(mailed, mails);
    const { timing: alone, bytes: each } = await mailed.alone(mails);
    const bytes = each * mails;
    const ratio = alone.seconds / timing.seconds;
    return [
      { what: `${mails} reminders, each claimed and committed`, timing, bytes, files: mails, ratio },
      { what: "  reference: nodemailer's pooled transport alone", timing: alone, bytes, files: mails },
    ];
  } finally {
    await mailed.close();
  }
}

/** One upload to as many people of a platform of its own; from the first claim to the last commit. */
async function remind(mailed: Mailed, mails: number): Promise<Timing> {
  const { program, database, keyId } = mailed;
  const platform = await mailed.makePlatform();
  const { rows } = await database.query<{ id: string }>(
    `insert into upload (id, platform_id, folder, folder_namespace, data_namespace, state, keywords, youngest_file_at,
                         completed_at, dispatched_at, files, bytes)
     values (uuidv7(), $1, '2026-03-01_09.00.00-1-1-scope1-fish', gen_random_uuid()::text, $2, 'complete', '{fish,zebra}',
             now(), now(), now(), 120, 30000000000)
     returning id`,
    [platform, NAMESPACE],
  );
  await database.query(
    `with people as (
       insert into person (id, address, address_key)
       select id, id || '@example.org', id || '@example.org'
         from (select uuidv7() as id from generate_series(1, $1::int)) as made
       returning id)
     insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at)
     select uuidv7(), $2, $3, id, 0, 'P30D', $4, now() - interval '2 days', now() + interval '20 days' from people`,
    [mails, rows[0]?.id, platform, keyId],
  );
  await database.query('vacuum analyze delivery, person, upload');
  const count = async (state: string): Promise<number> =>
    (
      await database.query<{ count: string }>(
        `select count(*) from reminder r join reminder_run n on n.id = r.run_id where n.platform_id = $1 and r.state = $2`,
        [platform, state],
      )
    ).rows.map((row) => Number(row.count))[0] ?? 0;
  await program.admin.expect(201, 'POST', `/api/v1/admin/platforms/${platform}/reminder-runs`);
  const pid = program.child.pid ?? 0;
  while ((await count('sent')) === 0) await delay(5);
  const [start, cpu, before] = [performance.now(), cpuSeconds(pid), await count('sent')];
  while ((await count('sent')) < mails) await delay(100);
  const seconds = (performance.now() - start) / 1_000;
  return { seconds: (seconds * mails) / (mails - before), cpuSeconds: cpuSeconds(pid) - cpu };
}
