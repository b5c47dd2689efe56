// The server killed (SIGKILL) at statements between "complete" and "mail handed over", before the database gets the
// statement and after it has answered: in the end there is one delivery and its mail, twice at worst with one
// Message-ID, never none.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { DatabaseProxy, type Statement } from '../support/database-proxy.js';
import { freshFolder } from '../support/folders.js';
import { Program, type ProgramOptions, root, settingsOf } from '../support/program.js';
import { SmtpScript } from '../support/smtp-script.js';
import { PROMPT } from '../support/stage.js';
import { until } from '../support/wait.js';
import { makeStage } from '../mail/stage.js';
import { Instrument, Sender } from '../support/instrument.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;

type Point = (statement: Statement) => boolean;

const sql =
  (pattern: RegExp): Point =>
  (statement) =>
    pattern.test(statement.sql);

/** The first statement that fits `then`, after one that fits `first`. */
const following = (first: RegExp, then: RegExp): Point => {
  let isNear = false;
  return (statement) => {
    if (isNear && then.test(statement.sql)) return true;
    isNear ||= first.test(statement.sql);
    return false;
  };
};

const INSERT_DELIVERY = /insert into delivery \(/;
const DISPATCHED = /update upload set dispatched_at/;
const CLAIM = /set state = 'sending'/;
const SETTLE = /sent_at = case when e\.state/;
const COMMIT = /^commit$/i;

const POINTS: [string, () => Point, 'before' | 'after'][] = [
  ['before the delivery is made', () => sql(INSERT_DELIVERY), 'before'],
  ['after the delivery is made', () => sql(INSERT_DELIVERY), 'after'],
  ['before the dispatch is committed', () => following(DISPATCHED, COMMIT), 'before'],
  ['after the dispatch is committed', () => following(DISPATCHED, COMMIT), 'after'],
  ['after the mail is claimed', () => sql(CLAIM), 'after'],
  ['before the hand-over is recorded', () => sql(SETTLE), 'before'],
  ['before the hand-over is committed', () => following(SETTLE, COMMIT), 'before'],
  ['after the hand-over is committed', () => following(SETTLE, COMMIT), 'after'],
];

let database: TestDatabase;
let proxy: DatabaseProxy;
let emulator: ChildProcess;
let mailServer: SmtpScript;
let program: Program;
let options: ProgramOptions;
let token: string;

beforeAll(async () => {
  database = await createDatabase();
  proxy = await DatabaseProxy.start(database.url);
  mailServer = await SmtpScript.start();
  emulator = spawn(
    process.execPath,
    [join(root, 'dist', 'emulator', 'main.js'), '--port', '0', '--data', freshFolder()],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const line = await new Promise<string>((resolve) => {
    if (emulator.stdout) createInterface(emulator.stdout).once('line', resolve);
  });
  options = {
    dataDir: freshFolder(),
    env: {
      DATABASE_URL: proxy.url,
      SMTP_URL: mailServer.url,
      PUBLIC_URL: 'https://dispatch.example',
      ...PROMPT,
      ...settingsOf(line.replace(/^.* /, '')),
    },
  };
  program = await Program.start(options);
  token = (await makeStage(program)).shareable.token;
});
afterAll(async () => {
  await program.stop();
  const ended = once(emulator, 'close');
  emulator.kill();
  await ended;
  await mailServer.close();
  await proxy.close();
  await database.close();
});

let rounds = 0;

/** Kills at the point and starts again; false when the mail was handed over and settled before the point was reached. */
async function killAt(point: Point, when: 'before' | 'after'): Promise<boolean> {
  const recipient = `person-${(rounds += 1)}@example.org`;
  const instrument = new Instrument(program.endpoints.server, token);
  const upload = await instrument.start({ recipients: [recipient] });
  const sender = new Sender(upload.mediaflux);
  await sender.send('a.bin', recipient);
  await instrument.putManifest(upload.id, sender.manifest);
  await sender.close();

  let wasKilled = false;
  const caught = proxy.setTrap(point, when, () => {
    wasKilled = true;
    program.child.kill('SIGKILL');
  });
  await instrument.api.call('POST', `/api/v1/uploads/${upload.id}/complete`).catch(() => undefined);
  const settled = until('the mail being settled', () => isSettled(upload.id), 90_000);
  await Promise.race([caught, settled]);
  proxy.lift();
  if (wasKilled) {
    await program.ended();
    if (!LONG) await endLeases();
    program = await Program.start(options);
    // The client says again that all is sent, as it does when an answer is missing.
    await new Instrument(program.endpoints.server, token).api.call('POST', `/api/v1/uploads/${upload.id}/complete`);
  }
  await settled;

  const mails = mailServer.to(recipient);
  expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
  expect(mails.length).toBeLessThanOrEqual(wasKilled ? 2 : 1);
  const [counted] = await database.dataSource.query<{ deliveries: number; mails: number }[]>(
    `select count(*) as deliveries,
            (select count(*) from mail_outbox m join delivery d on d.id = m.subject_id where d.upload_id = $1) as mails
       from delivery
      where upload_id = $1`,
    [upload.id],
  );
  expect(counted).toEqual({ deliveries: 1, mails: 1 });
  return wasKilled;
}

/**
 * What the killed server had claimed is free at once, as after the lease's fifteen seconds, which the long run and
 * `crash.spec.ts` wait for.
 */
async function endLeases(): Promise<void> {
  for (const table of ['upload', 'mail_outbox'])
    await database.dataSource.query(
      `update ${table} set lease_until = now() - interval '1 second' where lease_until is not null`,
    );
}

async function isSettled(uploadId: string): Promise<true | undefined> {
  const rows = await database.dataSource.query<unknown[]>(
    `select 1
       from mail_outbox m
       join delivery d on d.id = m.subject_id
      where d.upload_id = $1
        and m.state = 'sent'
        and d.handed_over_at is not null`,
    [uploadId],
  );
  return rows.length > 0 ? true : undefined;
}

it.each(POINTS)('a kill %s loses no mail and makes no second delivery', async (_, point, when) => {
  expect(await killAt(point(), when)).toBe(true);
});

/** Every statement, or some of them. */
const STEP = LONG ? 1 : 35;

it(`a kill after every ${STEP === 1 ? '' : `${STEP}th `}statement, one after the other, loses no mail and makes no second delivery`, async () => {
  let kills = 0;
  for (let wasKilled = true; wasKilled;) {
    const last = (kills + 1) * STEP;
    wasKilled = await killAt(({ number }) => number === last, kills % 2 === 0 ? 'after' : 'before');
    kills += wasKilled ? 1 : 0;
  }
  expect(kills).toBeGreaterThan(0);
}, 7_200_000);
