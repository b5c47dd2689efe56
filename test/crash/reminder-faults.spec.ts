// One run of reminders by three real workers while everything goes wrong: the mail server refuses, stalls and hangs up
// before and after the final dot, workers are killed, database connections cut, Redis is restarted empty. Afterwards no
// reminder was doubled or late, and each one is accounted for.

import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { SecretKeys } from '../../src/auth/index.js';
import { MOST_LISTED } from '../../src/reminders/notices/notice-mail.js';
import { makePlatform } from '../support/instrument.js';
import { freshFolder, Program } from '../support/program.js';
import { type Act, SmtpScript, type Step, type TakenMail } from '../support/smtp-script.js';
import { until } from '../support/wait.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const DUE = LONG ? 5_000 : 200;
const FAULTS = LONG ? 40 : 5;
/** Each is waited for as long as the program does. */
const STALLS = LONG ? 3 : 1;
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_126);
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
/** Deliveries whose links end while the reminders go out. */
const ENDS_SOON = LONG ? 50 : 30;
const ENDS_SOON_SECONDS = LONG ? 40 : 20;

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What the mail server does to a recipient, by its number; most are taken at once. */
function behaviour(): (step: Step, to: string) => Act {
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

/** Between the last look at the clock and the final dot's arrival here, on a loaded machine. */
const ON_THE_WIRE_MS = 1_000;

interface Ledger {
  address: string;
  reminders: number;
  state: string;
  reason: string | null;
  message_id: string;
  expires_at: Date;
}

let ending: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const end of ending.toReversed()) await end();
  ending = [];
});

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

class Redis {
  private constructor(
    private readonly port: number,
    private child: ChildProcess,
  ) {}

  static async start(): Promise<Redis> {
    const port = await freePort();
    return new Redis(port, await Redis.spawn(port));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restartEmpty(): Promise<void> {
    await this.stop();
    this.child = await Redis.spawn(this.port);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private static async spawn(port: number): Promise<ChildProcess> {
    const child = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', freshFolder()], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (text: Buffer) => (text.includes('Ready to accept') ? resolve() : undefined)),
    );
    return child;
  }
}

/** `DUE` deliveries handed over two days ago, of 20 uploads, each to a person of its own. */
async function makeDue(database: pg.Client, platformId: string, namespace: string, keyId: string): Promise<void> {
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

async function ledgerOf(database: pg.Client, platformId: string): Promise<Ledger[]> {
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

const QUEUES = [['PostgreSQL', false] as const, ...(hasRedis ? [['Redis', true] as const] : [])];

describe.each(QUEUES)('with the queue on %s', (_name, onRedis) => {
  it(
    `sends ${DUE} reminders through ${FAULTS} faults (seed ${SEED}): none doubled, none late, none lost`,
    async () => {
      const random = generator(SEED);
      const mailServer = await SmtpScript.start();
      ending.push(() => mailServer.close());
      const dots = new Map<string, number>();
      const act = behaviour();
      mailServer.at = (step, { to }) => {
        if (step === 'dot') dots.set(to, Date.now());
        return act(step, to);
      };
      const redis = onRedis ? await Redis.start() : undefined;
      ending.push(() => redis?.stop());
      const parts = { SMTP_URL: mailServer.url, LOG_LEVEL: 'error', ...(redis ? { REDIS_URL: redis.url } : {}) };
      const front = await Program.start({ env: { ...parts, PROCESS_ROLE: 'api' } });
      ending.push(() => front.stop());
      const worker = {
        ...parts,
        PROCESS_ROLE: 'worker',
        DATABASE_URL: front.endpoints.database,
        MEDIAFLUX_URL: front.endpoints.mediaflux,
        MEDIAFLUX_DOMAIN: 'service',
        MEDIAFLUX_USER: 'dispatch',
        MEDIAFLUX_PASSWORD: 'dispatch',
        SECRET_KEY_FILE: join(front.dataDir, 'secret-key'),
      };
      const database = new pg.Client({ connectionString: front.endpoints.database, application_name: 'test' });
      await database.connect();
      ending.push(() => database.end());

      const platformId = await makePlatform(front, {
        reminders: {
          enabled: true,
          schedule: '0 0 1 1 *',
          minimumAge: 'PT1S',
          minimumSpacing: 'PT1H',
          operatorNotice: 'project-metadata',
        },
      });
      const { namespace } = await front.admin.expect<{ namespace: string }>(
        200,
        'GET',
        `/api/v1/admin/platforms/${platformId}`,
      );
      const workers = await Promise.all([1, 2, 3].map(() => Program.start({ env: worker })));
      ending.push(() => Promise.all(workers.map((one) => one.stop())));
      const key = Buffer.from(readFileSync(worker.SECRET_KEY_FILE, 'utf8').trim(), 'base64');
      await makeDue(database, platformId, namespace, new SecretKeys([key]).current.id);
      const run = await front.admin.expect<{ id: string }>(
        201,
        'POST',
        `/api/v1/admin/platforms/${platformId}/reminder-runs`,
      );

      const doFault = async (): Promise<void> => {
        const roll = random();
        if (redis && roll < 0.25) return redis.restartEmpty();
        if (roll < 0.5) {
          await database.query(
            `select pg_terminate_backend(pid)
               from (select pid from pg_stat_activity
                      where datname = current_database() and application_name <> 'test'
                      order by md5(pid::text || $1::text) limit 6) chosen`,
            [String(roll)],
          );
          return;
        }
        const index = Math.floor(random() * workers.length);
        const old = workers[index] as Program;
        await old.kill();
        workers[index] = await Program.start({ env: worker, dataDir: old.dataDir });
      };
      for (let fault = 0; fault < FAULTS; fault += 1) {
        const before = mailServer.mails.length;
        const more = Math.ceil(random() * (DUE / FAULTS / 2));
        const isOver = async (): Promise<boolean> => (await open(database, platformId)) === 0;
        await until(
          'some more mails, or the end',
          async () => {
            if (mailServer.mails.length >= before + more) return true;
            return mailServer.mails.length > 0 && (await isOver()) ? true : undefined;
          },
          // What is left at the end waits for the pauses between tries.
          LONG ? 900_000 : 120_000,
        );
        await doFault();
      }
      await until(
        'the run to finish',
        async () => {
          const found = await database.query<{ state: string }>('select state from reminder_run where id = $1', [
            run.id,
          ]);
          return found.rows[0]?.state === 'finished' ? true : undefined;
        },
        LONG ? 900_000 : 300_000,
      );

      const reminders = mailServer.mails.filter(
        ({ messageId, isDeclined }) => messageId.startsWith('<reminder-') && !isDeclined,
      );
      expect(new Set(reminders.map(({ messageId }) => messageId)).size).toBe(reminders.length);
      const ledger = await ledgerOf(database, platformId);
      expect(ledger.filter((one) => one.reminders !== 1)).toEqual([]);
      expect(ledger).toHaveLength(DUE);
      const byId = new Map(reminders.map((mail) => [mail.messageId, mail]));
      const wrong = ledger.filter((one) => !isRight(one, byId.get(one.message_id)));
      expect(wrong).toEqual([]);
      const late = ledger.filter((one) => (dots.get(one.address) ?? 0) >= one.expires_at.getTime() + ON_THE_WIRE_MS);
      expect(late).toEqual([]);
      const states = new Set(ledger.map(({ state }) => state));
      expect([...states].sort()).toEqual(expect.arrayContaining(['failed', 'sent', 'unknown']));
      await expectTold(front, mailServer, { runId: run.id, platformId }, ledger);
    },
    LONG ? 1_800_000 : 540_000,
  );
});

/** What may have been lost is seen by the operator, in the run, in the figures and by whoever monitors. */
async function expectTold(
  { admin, endpoints }: Program,
  mailServer: SmtpScript,
  { runId, platformId }: { runId: string; platformId: string },
  ledger: readonly Ledger[],
): Promise<void> {
  const counts: Record<string, number> = {};
  for (const { state } of ledger) counts[state] = (counts[state] ?? 0) + 1;
  const { sent = 0, failed = 0, skipped = 0, unknown = 0 } = counts;
  const notice = await until('the operator being told', () =>
    mailServer.to('facility@example.org').find(({ messageId }) => messageId.startsWith('<reminder-notice-')),
  );
  const { text = '' } = await simpleParser(Buffer.from(notice.raw, 'latin1'), { skipTextToHtml: true });
  const number = (count: number): string => count.toLocaleString('en');
  expect(text).toContain(
    `: ${number(sent)} sent, ${number(failed + skipped)} not sent, ${number(unknown)} unconfirmed.`,
  );
  const unconfirmed = text.slice(text.indexOf('They may have arrived'), text.indexOf('have not fetched'));
  const lost = ledger.filter(({ state }) => state === 'unknown').map(({ address }) => address);
  const named = lost.filter((address) => unconfirmed.includes(`- ${address}: `));
  expect(named).toHaveLength(Math.min(lost.length, MOST_LISTED));
  if (lost.length > MOST_LISTED) expect(unconfirmed).toContain(`and ${number(lost.length - MOST_LISTED)} more`);
  const run = await admin.expect<{ reminders: unknown; noticeTo: string }>(
    200,
    'GET',
    `/api/v1/admin/reminder-runs/${runId}`,
  );
  expect(run).toMatchObject({ state: 'finished', reminders: counts, noticeTo: 'project-metadata', policyVersion: 1 });
  const { items } = await admin.expect<{ items: { recipient: string }[] }>(
    200,
    'GET',
    `/api/v1/admin/reminder-runs/${runId}/reminders?state=unknown&limit=200`,
  );
  expect(items.length).toBe(Math.min(unknown, 200));
  expect(await admin.expect(200, 'GET', `/api/v1/admin/platforms/${platformId}/reminders/figures`)).toMatchObject({
    sent,
    failed,
    unknown,
    pending: 0,
    due: ledger.length,
  });
  const metrics = await (await fetch(`${endpoints.server}/metrics`)).text();
  expect(metrics).toContain(`dispatch_reminders{state="unknown"} ${unknown}`);
}

async function open(database: pg.Client, platformId: string): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `select count(*) from reminder r join delivery d on d.id = r.delivery_id where d.platform_id = $1 and r.state = 'pending'`,
    [platformId],
  );
  return Number(rows[0]?.count);
}

/** Does what the ledger says agree with what the mail server was given? */
function isRight(one: Ledger, taken: TakenMail | undefined): boolean {
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
