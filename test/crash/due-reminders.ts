// Many due deliveries, a mail server that does something else to each of their recipients, and what became of the
// reminders.

import type pg from 'pg';
import type { Act, Step, TakenMail } from '../support/smtp-script.js';

export const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
export const DUE = LONG ? 5_000 : 200;
/** Each is waited for as long as the program does. */
const STALLS = LONG ? 3 : 1;
/** Deliveries whose links end while the reminders go out. */
const ENDS_SOON = LONG ? 50 : 30;
const ENDS_SOON_SECONDS = LONG ? 40 : 20;

/** What the mail server does to a recipient, by its number; most are taken at once. */
export function behaviour(): (step: Step, to: string) => Act {
  const tries = new Map<string, number>();
  const stalls = { MAIL: STALLS, dot: STALLS };
  const stall = (step: 'MAIL' | 'dot'): boolean => (stalls[step] -= 1) >= 0;
  return (step, to) => {
    const number = Number(/^p(\d+)@/.exec(to)?.[1] ?? 0);
    if (number === 0) return undefined;
    const attempt = step === 'RCPT' ? (tries.get(to) ?? 0) + 1 : (tries.get(to) ?? 1);
    if (step === 'RCPT') tries.set(to, attempt);
    if (step === 'RCPT' && number % 23 === 0) return { reply: '550 5.1.1 No such user' };
    if (step === 'RCPT' && number % 19 === 0 && attempt <= 2) return { reply: '451 4.7.1 Greylisted, try again later' };
    if (step === 'RCPT' && number % 17 === 0 && attempt === 1 && stall('MAIL')) return 'silence';
    if (step === 'content' && number % 29 === 0 && attempt === 1) return 'cut';
    if (step === 'dot' && number % 31 === 0) return 'cut';
    if (step === 'dot' && number % 37 === 0 && stall('dot')) return 'silence';
    if (step === 'dot' && number % 41 === 0 && attempt === 1) return { reply: '452 4.2.2 Mailbox full' };
    return undefined;
  };
}

export interface Ledger {
  address: string;
  reminders: number;
  state: string;
  reason: string | null;
  message_id: string;
  expires_at: Date;
}

/** `DUE` deliveries handed over two days ago, of 20 uploads, each to a person of its own. */
export async function makeDue(
  database: pg.Client,
  platformId: string,
  namespace: string,
  keyId: string,
): Promise<void> {
  await database.query(
    `insert into upload (id, platform_id, folder, folder_namespace, data_namespace, state, keywords, youngest_file_at, completed_at, dispatched_at)
     select gen_random_uuid(), $1, 'folder ' || n, $2::text || '/' || n, $2, 'complete', '{}', now() - interval '3 days', now() - interval '2 days', now() - interval '2 days'
       from generate_series(1, 20) n`,
    [platformId, namespace],
  );
  await database.query(
    `insert into person (id, address, address_key)
     select gen_random_uuid(), 'p' || n || '@example.org', 'p' || n || '@example.org' from generate_series(1, $1::int) n`,
    [DUE],
  );
  await database.query(
    `insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at)
     select gen_random_uuid(), u.id, $1, p.id, 0, 'P30D', $4, now() - interval '2 days',
            case when p.n <= $2::int then now() + make_interval(secs => $3::int) else now() + interval '10 days' end
       from (select id, row_number() over (order by id) as n from upload where platform_id = $1) u
       join (select id, substring(address from 2 for position('@' in address) - 2)::int as n
               from person where address like 'p%@example.org') p
         on p.n % 20 + 1 = u.n`,
    [platformId, ENDS_SOON, ENDS_SOON_SECONDS, keyId],
  );
}

export async function ledgerOf(database: pg.Client, platformId: string): Promise<Ledger[]> {
  const { rows } = await database.query<Ledger>(
    `select p.address, count(*) over (partition by d.id)::int as reminders, r.state, r.reason, r.message_id, d.expires_at
       from delivery d
       join person p on p.id = d.person_id
       join reminder r on r.delivery_id = d.id
      where d.platform_id = $1`,
    [platformId],
  );
  return rows;
}

/** How many have not ended yet. */
export async function pendingOf(database: pg.Client, platformId: string): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `select count(*) from reminder r join delivery d on d.id = r.delivery_id where d.platform_id = $1 and r.state = 'pending'`,
    [platformId],
  );
  return Number(rows[0]?.count);
}

/** Does what the ledger says agree with what the mail server was given? */
export function isRight(one: Ledger, taken: TakenMail | undefined): boolean {
  switch (one.state) {
    case 'sent':
      return taken !== undefined && taken.isAcknowledged;
    // It may have arrived, or the worker was killed before the final dot.
    case 'unknown':
      return true;
    case 'failed':
      return taken === undefined;
    case 'skipped':
      return taken === undefined && one.reason === 'expired';
    default:
      return false;
  }
}
