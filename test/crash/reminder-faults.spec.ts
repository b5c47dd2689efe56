// One run of reminders by three real workers while everything goes wrong: the mail server refuses, stalls and hangs up
// before and after the final dot, workers are killed, database connections cut, Redis is restarted empty. Afterwards no
// reminder was doubled or late, and each one is accounted for.

import { expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import pg from 'pg';
import { MOST_LISTED } from '../../src/reminders/notices/notice-mail.js';
import { makePlatform } from '../support/instrument.js';
import { keyIdOf } from '../support/many-deliveries.js';
import { Program, settingsOf } from '../support/program.js';
import { generator } from '../support/random.js';
import { isRedisInstalled, RedisServer } from '../support/redis.js';
import { SmtpScript } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { behaviour, DUE, isRight, type Ledger, ledgerOf, LONG, makeDue, pendingOf } from './due-reminders.js';

const FAULTS = LONG ? 40 : 5;
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_126);
/** Between the last look at the clock and the final dot's arrival here, on a loaded machine. */
const ON_THE_WIRE_MS = 1_000;

/** Where Redis is missing, `npm test` names it among the parts that were not exercised. */
const QUEUES = [['PostgreSQL', false] as const, ...(isRedisInstalled ? [['Redis', true] as const] : [])];

/** Both at once: most of the time each waits, for a silent mail server or for the lease of a killed worker. */
it.concurrent.each(QUEUES)(
  `with the queue on %s, sends ${DUE} reminders through ${FAULTS} faults (seed ${SEED}): none doubled, none late, none lost`,
  async (_, onRedis) => {
    const ending: Ending = [];
    try {
      await runThroughFaults(onRedis, ending);
    } finally {
      for (const end of ending.toReversed()) await end();
    }
  },
  LONG ? 1_800_000 : 540_000,
);

type Ending = (() => Promise<unknown> | undefined)[];

/** @param ending what ends the parts that were started, in the order of their starts */
async function runThroughFaults(onRedis: boolean, ending: Ending): Promise<void> {
  const random = generator(SEED);
  const mailServer = await SmtpScript.start();
  ending.push(() => mailServer.close());
  const dots = new Map<string, number>();
  const act = behaviour();
  mailServer.at = (step, { to }) => {
    if (step === 'dot') dots.set(to, Date.now());
    return act(step, to);
  };
  const redis = onRedis ? await RedisServer.start() : undefined;
  ending.push(() => redis?.stop());
  const parts = { SMTP_URL: mailServer.url, LOG_LEVEL: 'error', ...(redis ? { REDIS_URL: redis.url } : {}) };
  const front = await Program.start({ env: { ...parts, PROCESS_ROLE: 'api' } });
  ending.push(() => front.stop());
  const worker = {
    ...settingsOf(front.endpoints.mediaflux),
    ...front.sharedSettings,
    ...parts,
    PROCESS_ROLE: 'worker',
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
  await makeDue(database, platformId, namespace, keyIdOf(front.secretKey));
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
    const isOver = async (): Promise<boolean> => (await pendingOf(database, platformId)) === 0;
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
      const found = await database.query<{ state: string }>('select state from reminder_run where id = $1', [run.id]);
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
}

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
  const unconfirmed = text.slice(text.indexOf('They may have arrived'), text.indexOf('These people were reminded'));
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
  expect(metrics).toContain(`dispatch_reminders{state="unknown",platform="${platformId}"} ${unknown}`);
}
