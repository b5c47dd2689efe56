// What operators are told of a run: once, after its mails have ended, each only of what is theirs, and honestly also of
// many. Real PostgreSQL, real sockets, the emulator, set time.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { simpleParser } from 'mailparser';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { LANGUAGES } from '../../src/language/index.js';
import { MediafluxGateway } from '../../src/mediaflux/index.js';
import { MOST_LISTED } from '../../src/reminders/notices/notice-mail.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, insertMany, makePerson, personRow } from '../support/make.js';
import { freshFolder } from '../support/program.js';
import { RawClient } from '../support/raw-client.js';
import { SmtpScript } from '../support/smtp-script.js';
import { type Due, later, Stage } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');
const MICROSCOPY = '/projects/proj-microscopy-1128.4.15/uploads';

let database: TestDatabase;
let emulator: RunningEmulator;
let gateway: MediafluxGateway;
let server: SmtpScript;
let stage: Stage;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
  emulator = await startEmulator({ port: 0, dataDir: join(freshFolder(), 'emulator') });
  gateway = new MediafluxGateway({
    url: emulator.url,
    credentials: { domain: 'service', user: 'dispatch', password: 'dispatch' },
  });
});
afterAll(async () => {
  await gateway.close();
  await emulator.close();
  await database.close();
});
beforeEach(async () => {
  server = await SmtpScript.start();
  stage = new Stage(database, server.url, NOW);
});
afterEach(async () => {
  stage.transport.onApplicationShutdown();
  await server.close();
  await stage.query('delete from mail_outbox');
});

interface Shareable {
  id: string;
  /** Whom it notifies. */
  operator: string;
}

let shareables = 0;
async function makeShareable(platformId: string, operatorId?: string): Promise<Shareable> {
  const personId = operatorId ?? (await makePerson(database.dataSource));
  const [{ id }] = (await stage.query<{ id: string }>(
    `insert into upload_shareable (id, platform_id, label, ask_name, ask_keywords)
     values (gen_random_uuid(), $1, 'PC', true, true) returning id`,
    [platformId],
  )) as [{ id: string }];
  await insert(database.dataSource, 'upload_shareable_notify', { shareable_id: id, person_id: personId, position: 0 });
  return { id, operator: `${personId}@example.org` };
}

async function makeDueOf(platformId: string, shareable: Shareable | undefined, hours = 200): Promise<Due> {
  const due = await stage.makeDue(platformId, hours);
  if (shareable)
    await stage.query('update upload set shareable_id = $2, use_number = $3 where id = $1', [
      due.uploadId,
      shareable.id,
      (shareables += 1),
    ]);
  return due;
}

const refuse = (...refused: Due[]): void => {
  server.at = (step, { to }) =>
    step === 'RCPT' && refused.some(({ recipient }) => recipient === to)
      ? { reply: '550 5.1.1 No such user' }
      : undefined;
};

async function told(address: string): Promise<{ subject: string; text: string; html: string }[]> {
  const mails = server.to(address).filter((mail) => mail.messageId.startsWith('<reminder-notice'));
  return Promise.all(
    mails.map(async (mail) => {
      const parsed = await simpleParser(Buffer.from(mail.raw, 'latin1'), { skipTextToHtml: true });
      return { subject: parsed.subject ?? '', text: parsed.text ?? '', html: parsed.html || '' };
    }),
  );
}

/** As the facility's staff write it into the project's metadata. */
async function writeContact(email: string): Promise<void> {
  const manager = new RawClient(emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
  await manager.logon();
  const text = email.replaceAll('<', '&lt;');
  const reply = await manager.call(
    'asset.set',
    `<id>path=/projects/proj-microscopy-1128.4.15/project</id><meta action="replace"><dispatch:project xmlns:dispatch="dispatch"><name>Microscopy</name><contact><email>${text}</email></contact></dispatch:project></meta>`,
  );
  if (!reply.includes('type="result"')) throw new Error(reply);
}

const one = <T>(found: readonly T[]): T => {
  if (found.length !== 1) throw new Error(`There are ${found.length} instead of one.`);
  return found[0] as T;
};

describe('the notice of a run', () => {
  it('says who was reminded of what and until when, what failed and why, and what is not known', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable', language: 'en' });
    const shareable = await makeShareable(platformId);
    const [sent, bad, lost, fetched] = [
      await makeDueOf(platformId, shareable),
      await makeDueOf(platformId, shareable),
      await makeDueOf(platformId, shareable),
      await makeDueOf(platformId, shareable),
    ];
    const runId = await stage.select(platformId);
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, NOW]);
    server.at = (step, { to }) => {
      if (step === 'RCPT' && to === bad.recipient) return { reply: '550 5.1.1 No such user' };
      return step === 'dot' && to === lost.recipient ? 'cut' : undefined;
    };
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const { subject, text, html } = one(await told(shareable.operator));
    expect(subject).toBe('Microscopy: 1 reminder was sent, 1 could not be, 1 is unconfirmed');
    const until = 'until Sunday, 16 March 2025 at 08:00 (UTC)';
    const folder = (due: Due) => due.uploadId;
    expect(text).toContain(
      `These reminders were not sent:\n\n- ${bad.recipient}: ${folder(bad)}, ${until}: the mail server refused the address (550 5.1.1)`,
    );
    expect(text).toContain(
      `They may have arrived, and are not sent again:\n\n- ${lost.recipient}: ${folder(lost)}, ${until}`,
    );
    expect(text).toContain(`data that they have not fetched:\n\n- ${sent.recipient}: ${folder(sent)}, ${until}`);
    expect(text).toContain('- the data were fetched: 1');
    expect(text).not.toContain(fetched.recipient);
    for (const { recipient } of [sent, bad, lost]) expect(html).toContain(recipient);
    for (const part of [text, html]) expect(part).not.toMatch(/https?:|\/[su]\/|<a\b/);
  });

  it('comes when the last mail has ended, and once, however often the run is looked at and whoever sends', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await makeShareable(platformId);
    const [first, slow] = [await makeDueOf(platformId, shareable), await makeDueOf(platformId, shareable)];
    const runId = await stage.select(platformId);
    server.at = (step, { to }) =>
      step === 'RCPT' && to === slow.recipient ? { reply: '451 4.7.1 Greylisted' } : undefined;
    await stage.send();
    expect(await stage.runs.isAnyPending(database.dataSource.manager, runId)).toBe(true);
    server.at = () => undefined;
    stage.clock.at = later(NOW, 2);
    await stage.send();
    expect(await stage.runs.isAnyPending(database.dataSource.manager, runId)).toBe(false);
    await Promise.all([stage.finish(runId), stage.finish(runId)]);
    await stage.finish(runId);
    const other = stage.another();
    await Promise.all([stage.send(), other.send()]);
    other.transport.onApplicationShutdown();
    const { text } = one(await told(shareable.operator));
    for (const { recipient } of [first, slow]) expect(text).toContain(recipient);
  });

  it('of an address is of the uploads of its shareables only; a person who operates an upload reads of that', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const [ours, theirs] = [await makeShareable(platformId), await makeShareable(platformId)];
    const [a, b] = [await makeDueOf(platformId, ours), await makeDueOf(platformId, theirs)];
    const operatorId = await makePerson(database.dataSource);
    await stage.query('update upload set operator_person_id = $2 where id = $1', [b.uploadId, operatorId]);
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const read = async (address: string) => one(await told(address)).text;
    expect([await read(ours.operator), await read(ours.operator)]).toEqual([
      expect.stringContaining(a.recipient),
      expect.not.stringContaining(b.recipient),
    ]);
    for (const address of [theirs.operator, `${operatorId}@example.org`])
      expect([await read(address), await read(address)]).toEqual([
        expect.stringContaining(b.recipient),
        expect.not.stringContaining(a.recipient),
      ]);
    expect(one(await told(ours.operator)).subject).toBe('Microscopy: 1 reminder was sent');
  });

  it.each([
    ['the platform wants none', { reminder_operator_notice: 'none' }, true],
    ['nobody is to be told', { reminder_operator_notice: 'shareable' }, false],
  ])('is not sent when %s, and the run ends', async (_, fields, hasOperator) => {
    const platformId = await stage.makePlatform(fields);
    await makeDueOf(platformId, hasOperator ? await makeShareable(platformId) : undefined);
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.finish(runId);
    expect(await stage.query(`select 1 from mail_outbox where kind like 'reminder-notice%'`)).toEqual([]);
    expect(await stage.query('select state from reminder_run where id = $1', [runId])).toEqual([{ state: 'finished' }]);
  });

  it.each<[string, boolean, (due: Due) => Promise<unknown>]>([
    [
      'nobody was due any more, is not sent',
      false,
      (due) => stage.query('update delivery set accessed_at = $2 where id = $1', [due.id, NOW]),
    ],
    [
      'links ended before the mail server took them, says so',
      true,
      () => {
        stage.clock.at = later(NOW, 200);
        return Promise.resolve();
      },
    ],
  ])('of a run in which %s', async (_, isTold, happen) => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await makeShareable(platformId);
    const due = await makeDueOf(platformId, shareable);
    const runId = await stage.select(platformId);
    await happen(due);
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const mails = await told(shareable.operator);
    if (!isTold) return expect(mails).toEqual([]);
    expect(one(mails).subject).toBe('Microscopy: no reminder was sent, 1 could not be');
    expect(one(mails).text).toContain(': the mail server did not take it before the links ended');
  });

  it('of many reminders counts all and lists some, and says that it does', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await makeShareable(platformId);
    const first = await makeDueOf(platformId, shareable);
    const runId = await stage.select(platformId);
    await stage.send();
    const more = 3_000;
    const people = Array.from({ length: more }, () => personRow());
    await insertMany(database.dataSource, 'person', people);
    await stage.query(
      `with made as (
         insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at)
         select gen_random_uuid(), $1, $2, id, 0, 'P30D', 'x', $4, $5 from unnest($3::uuid[]) as id returning id)
       insert into reminder (id, run_id, delivery_id, state, last, message_id, sent_at, tried_at)
       select uuidv7(), $6, id, 'sent', false, '<' || id || '@x>', $4, $4 from made`,
      [first.uploadId, platformId, people.map(({ id }) => id), NOW, later(NOW, 200), runId],
    );
    await stage.finish(runId);
    await stage.send();
    const { subject, text } = one(await told(shareable.operator));
    expect(subject).toBe('Microscopy: 3,001 reminders were sent');
    expect(text.match(/^- .*@example\.org/gm)).toHaveLength(MOST_LISTED);
    expect(text).toContain(`- and ${(3_001 - MOST_LISTED).toLocaleString('en')} more`);
    expect(text).toContain(`An administrator can see all of run ${runId}.`);
  });

  it.each([...LANGUAGES])('says everything in the platform’s language: %s', async (language) => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable', language });
    const shareable = await makeShareable(platformId);
    const [bad, fetched] = [await makeDueOf(platformId, shareable), await makeDueOf(platformId, shareable)];
    const runId = await stage.select(platformId);
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, NOW]);
    refuse(bad);
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const { text } = one(await told(shareable.operator));
    expect(text).toContain('550 5.1.1');
    if (language !== 'en')
      expect(text).not.toMatch(/\b(?:the mail server|were|reminders? (?:was|were)|fetched|until)\b/);
  });

  it('of a delivery whose link is being renewed names no end', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await makeShareable(platformId);
    const due = await makeDueOf(platformId, shareable);
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.query('update delivery set handed_over_at = null, expires_at = null where id = $1', [due.id]);
    await stage.finish(runId);
    await stage.send();
    expect(one(await told(shareable.operator)).text).toMatch(new RegExp(`^- ${due.recipient}: ${due.uploadId}$`, 'm'));
  });
});

describe('one notice for each reminder', () => {
  it.each([
    ['sent', 'Microscopy: RECIPIENT was reminded of FOLDER', 'until: Sunday, 16 March 2025'],
    [
      'failed',
      'Microscopy: RECIPIENT was not reminded of FOLDER',
      'Reason: the mail server refused the address (550 5.1.1)',
    ],
    ['unknown', 'Microscopy: a reminder to RECIPIENT about FOLDER is unconfirmed', 'It may have arrived'],
  ])('that was %s says so', async (outcome, subject, text) => {
    const platformId = await stage.makePlatform({
      reminder_operator_notice: 'shareable',
      reminder_notice_form: 'reminder',
    });
    const shareable = await makeShareable(platformId);
    const [due, other] = [await makeDueOf(platformId, shareable), await makeDueOf(platformId, shareable)];
    const runId = await stage.select(platformId);
    if (outcome === 'failed') refuse(due);
    if (outcome === 'unknown')
      server.at = (step, { to }) => (step === 'dot' && to === due.recipient ? 'cut' : undefined);
    await stage.send();
    await Promise.all([stage.finish(runId), stage.finish(runId)]);
    await stage.send();
    const mails = await told(shareable.operator);
    expect(mails).toHaveLength(2);
    const about = one(mails.filter((mail) => mail.subject.includes(due.recipient)));
    expect(about.subject).toBe(subject.replace('RECIPIENT', due.recipient).replace('FOLDER', due.uploadId));
    expect(about.text).toContain(text);
    expect(about.text).not.toContain(other.recipient);
  });
});

describe('the address in the project’s metadata', () => {
  it('is told of all uploads of the run, and nobody else is', async () => {
    const platformId = await stage.makePlatform({
      namespace: MICROSCOPY,
      reminder_operator_notice: 'project-metadata',
    });
    const shareable = await makeShareable(platformId);
    const [a, b] = [await makeDueOf(platformId, shareable), await makeDueOf(platformId, undefined)];
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.finish(runId, gateway);
    await stage.send();
    const { text } = one(await told('facility@example.org'));
    for (const { recipient } of [a, b]) expect(text).toContain(recipient);
    expect(text).not.toContain('The metadata of the Mediaflux project');
    expect(await told(shareable.operator)).toEqual([]);
  });

  it('is told of all also where it is an address of a shareable too', async () => {
    const platformId = await stage.makePlatform({
      namespace: MICROSCOPY,
      reminder_operator_notice: 'project-metadata',
    });
    const [{ id }] = (await stage.query<{ id: string }>(
      `insert into person (id, address, address_key) values (gen_random_uuid(), 'facility@example.org', 'facility@example.org')
           on conflict (address_key) do update set address = excluded.address returning id`,
    )) as [{ id: string }];
    const [a, b] = [
      await makeDueOf(platformId, await makeShareable(platformId, id)),
      await makeDueOf(platformId, await makeShareable(platformId)),
    ];
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.finish(runId, gateway);
    await stage.send();
    const { text } = one(await told('facility@example.org'));
    for (const { recipient } of [a, b]) expect(text).toContain(recipient);
    expect(text).not.toContain('The metadata of the Mediaflux project');
  });

  it.each(['run', 'reminder'])(
    'that is missing is replaced by the shareable’s, which says so: form %s',
    async (form) => {
      const platformId = await stage.makePlatform({
        namespace: '/projects/proj-researcher-1128.4.20/uploads',
        reminder_operator_notice: 'project-metadata',
        reminder_notice_form: form,
      });
      const [ours, theirs] = [await makeShareable(platformId), await makeShareable(platformId)];
      const [a, b] = [await makeDueOf(platformId, ours), await makeDueOf(platformId, theirs)];
      const runId = await stage.select(platformId);
      await stage.send();
      await stage.finish(runId, gateway);
      await stage.send();
      const { text } = one(await told(ours.operator));
      expect(text).toContain('The metadata of the Mediaflux project name no valid address');
      expect([text.includes(a.recipient), text.includes(b.recipient)]).toEqual([true, false]);
    },
  );

  it.each(['see the wiki', 'facility@', 'Facility <facility@example.org>', 'a@example.org, b@example.org'])(
    'that is no address, as “%s”, is replaced by the shareable’s, which says so, and the log does not repeat it',
    async (written) => {
      const platformId = await stage.makePlatform({
        namespace: MICROSCOPY,
        reminder_operator_notice: 'project-metadata',
      });
      const [ours, theirs] = [await makeShareable(platformId), await makeShareable(platformId)];
      const [a, b] = [await makeDueOf(platformId, ours), await makeDueOf(platformId, theirs)];
      const runId = await stage.select(platformId);
      await stage.send();
      const warn = jest.spyOn(Logger.prototype, 'warn');
      await writeContact(written);
      try {
        await stage.finish(runId, gateway);
        expect(warn.mock.calls.map(([fields]) => fields as unknown)).toEqual([{ platformId, runId }]);
        expect(JSON.stringify(warn.mock.calls)).not.toContain(written);
      } finally {
        warn.mockRestore();
        await writeContact('facility@example.org');
      }
      await stage.send();
      expect(await told('facility@example.org')).toEqual([]);
      for (const [shareable, due, other] of [
        [ours, a, b],
        [theirs, b, a],
      ] as const) {
        const { text } = one(await told(shareable.operator));
        expect(text).toContain('The metadata of the Mediaflux project name no valid address');
        expect([text.includes(due.recipient), text.includes(other.recipient)]).toEqual([true, false]);
      }
      const [run] = await stage.query('select notice_target from reminder_run where id = $1', [runId]);
      expect(run).toEqual({ notice_target: 'fallback' });
    },
  );

  it('is asked for again later when Mediaflux is away: the run is not ended, and nobody is told yet', async () => {
    const platformId = await stage.makePlatform({
      namespace: MICROSCOPY,
      reminder_operator_notice: 'project-metadata',
    });
    await makeDueOf(platformId, await makeShareable(platformId));
    const runId = await stage.select(platformId);
    await stage.send();
    const away = new MediafluxGateway({ url: 'http://127.0.0.1:1', credentials: { token: 'some-token' } });
    await expect(stage.finish(runId, away)).rejects.toMatchObject({ name: 'MediafluxError' });
    await away.close();
    expect(await stage.query('select state from reminder_run where id = $1', [runId])).toEqual([{ state: 'sending' }]);
    await stage.finish(runId, gateway);
    await stage.send();
    expect(await told('facility@example.org')).toHaveLength(1);
  });
});
