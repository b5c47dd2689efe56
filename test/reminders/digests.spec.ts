// Several reminders of a run to one person are one mail: each is judged until the last moment, and recorded. Real
// PostgreSQL, real sockets, set time.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import ICAL from 'ical.js';
import { type ParsedMail, simpleParser } from 'mailparser';
import { LANGUAGES } from '../../src/language/index.js';
import { MOST_IN_FULL } from '../../src/reminders/digests/digest-letter.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makeDelivery, makeUpload } from '../support/make.js';
import { SmtpScript } from '../support/smtp-script.js';
import { type Due, later, Stage } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

let database: TestDatabase;
let server: SmtpScript;
let stage: Stage;
let platformId: string;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  server = await SmtpScript.start();
  stage = new Stage(database, server.url, NOW);
  platformId = await stage.makePlatform({ reminder_digest: true, methods: ['data-mover', 'direct', 'copy'] });
});
afterEach(async () => {
  stage.transport.onApplicationShutdown();
  await server.close();
  await stage.query('delete from mail_outbox');
});

/** Deliveries of so many hours to one new person. */
async function makeDue(...hours: number[]): Promise<Due[]> {
  const [first, ...others] = hours;
  const due = [await stage.makeDue(platformId, first)];
  const { personId, recipient } = due[0] as Due;
  for (const length of others) {
    const uploadId = await makeUpload(database.dataSource, platformId, { files: 120, bytes: 3_200_000_000 });
    const [{ key }] = (await stage.query<{ key: string }>('select link_key_id as key from delivery where id = $1', [
      (due[0] as Due).id,
    ])) as [{ key: string }];
    const id = await makeDelivery(database.dataSource, uploadId, platformId, personId, {
      handed_over_at: later(NOW, -48),
      expires_at: later(NOW, length),
      link_key_id: key,
    });
    due.push({ id, uploadId, personId, recipient });
  }
  return due;
}

const parse = (raw: string): Promise<ParsedMail> => simpleParser(Buffer.from(raw, 'latin1'), { skipTextToHtml: true });

/** Every copy that may have arrived. */
const mailsTo = (due: Due[]) => server.to(due[0]?.recipient ?? '').filter((mail) => !mail.isDeclined);

async function mailTo(due: Due[]): Promise<ParsedMail> {
  const mails = mailsTo(due);
  if (mails.length !== 1) throw new Error(`There are ${mails.length} mails instead of one.`);
  return parse(mails[0]?.raw ?? '');
}

const ends = (due: Due[]): Promise<string[][]> => Promise.all(due.map((one) => stage.ends(one)));
const mark = (due: Due | undefined, column: string): Promise<unknown> =>
  stage.query(`update delivery set ${column} = $2 where id = $1`, [due?.id, stage.clock.at]);
const eventsOf = (mail: ParsedMail): ICAL.Event[] => {
  const [file] = mail.attachments;
  expect([mail.attachments.length, file?.contentType]).toEqual([1, 'text/calendar']);
  const calendar = new ICAL.Component(ICAL.parse(file?.content.toString('utf8') ?? '') as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
};
const linksOf = (text: string): string[] => [...new Set(text.match(/http:\/\/localhost\/[su]\/[\w/-]+/g) ?? [])];

describe('several due deliveries of a person', () => {
  it('are one mail that names each, with its own links in both parts, and a record for each', async () => {
    const [due, alone] = [await makeDue(100, 30, 200), await makeDue(100)];
    await stage.select(platformId);
    await stage.send();
    await stage.send();
    const mail = await mailTo(due);
    expect(mail.subject).toBe(
      'Reminder: 3 folders of data from Microscopy, the first until Sunday, 9 March 2025 at 06:00 (UTC)',
    );
    const text = mail.text ?? '';
    const order = [due[1], due[0], due[2]].map((one) => text.indexOf(`Data: ${one?.uploadId}`));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(text).toContain('Size: 3.2 GB in 120 files');
    expect(text).toContain('Available until: Sunday, 9 March 2025 at 06:00 (UTC): 1 day left');
    // Of each the page with the zip below it, and its own link to stop; and the one that stops all.
    expect(linksOf(text).filter((link) => /\/s\/[\w-]+$/.test(link))).toHaveLength(3);
    expect(linksOf(text).filter((link) => link.endsWith('/direct'))).toHaveLength(3);
    expect(linksOf(text).filter((link) => link.includes('/u/'))).toHaveLength(4);
    expect(linksOf(mail.html || '').sort()).toEqual(linksOf(text).sort());
    expect((mail.html || '').match(/data-mover download /g)).toHaveLength(3);
    // A week is the next slot: the two that end before it will not be reminded again.
    expect(text.match(/This is the last reminder about these data/g)).toHaveLength(2);

    const ledger = await stage.query<{ delivery_id: string; state: string; message_id: string }>(
      'select delivery_id, state, message_id from reminder where delivery_id = any($1::uuid[])',
      [due.map(({ id }) => id)],
    );
    expect(ledger).toHaveLength(3);
    for (const row of ledger) expect(row).toMatchObject({ state: 'sent', message_id: mail.messageId });
    const single = await mailTo(alone);
    expect(single.subject).toMatch(/^Last reminder: /);
  });

  it('bring one calendar file with an event for each, the same events as in the mails that brought the links', async () => {
    const due = await makeDue(100, 30, 200);
    await stage.select(platformId);
    await stage.send();
    const events = eventsOf(await mailTo(due));
    expect(events.map(({ uid }) => uid)).toEqual([1, 0, 2].map((index) => `delivery-${due[index]?.id}@localhost`));
    expect(events.map(({ startDate }) => startDate.toJSDate())).toEqual(
      [30, 100, 200].map((hours) => later(NOW, hours)),
    );
    expect(events.map(({ summary }) => summary.includes(due[1]?.uploadId ?? ''))).toEqual([true, false, false]);
    const [file] = (await mailTo(due)).attachments;
    expect(file?.content.toString()).not.toMatch(/https?:|\/[su]\//);
  });

  it('that are very many are named each, those that end first in full, and the mail stays small', async () => {
    const count = 4 * MOST_IN_FULL;
    const due = await makeDue(...Array.from({ length: count }, (_, index) => 100 + index));
    await stage.select(platformId);
    await stage.send();
    const mail = await mailTo(due);
    const [text, html] = [mail.text ?? '', mail.html || ''];
    for (const { uploadId } of due) {
      expect(text).toContain(uploadId);
      expect(html).toContain(uploadId);
    }
    expect(mail.subject).toContain(`${count} folders`);
    // Every page, and of the first ones the zip below it and the link to stop; and the one that stops all.
    const pages = linksOf(text).filter((link) => /\/s\/[\w-]+$/.test(link));
    expect(pages).toHaveLength(count);
    expect(linksOf(text).filter((link) => link.endsWith('/direct'))).toHaveLength(MOST_IN_FULL);
    expect(linksOf(text).filter((link) => link.includes('/u/'))).toHaveLength(MOST_IN_FULL + 1);
    expect(linksOf(html).sort()).toEqual(linksOf(text).sort());
    expect(text.match(/Available until: /g)).toHaveLength(count);
    expect(text.match(/3\.2 GB in 120 files/g)).toHaveLength(count - 1);
    const last = due.filter((_, index) => 100 + index <= 7 * 24).length;
    expect(text.match(/This is the last reminder about these data/g)).toHaveLength(last);
    expect(eventsOf(mail)).toHaveLength(MOST_IN_FULL);
    const [raw] = mailsTo(due);
    expect(raw?.raw.length).toBeLessThan(200_000);
    expect((await ends(due)).flat()).toEqual(due.map(() => 'sent, mail sent'));
  });

  it('are one mail also where a run chooses them in different transactions, and queues twice', async () => {
    const due = await makeDue(100, 110, 120, 130, 140);
    const platform = await stage.platform(platformId);
    const { manager } = database.dataSource;
    const runId = (await stage.runs.create(manager, { platformId, slot: NOW, trigger: 'scheduled', now: NOW })) ?? '';
    const wanted = { runId, platform, judgedAt: NOW, now: NOW, nextSlot: undefined };
    for (let isFull = true; isFull;) {
      ({ isFull } = await stage.selection.page(manager, wanted, 2));
      // Nothing goes before all are chosen.
      await stage.send();
    }
    expect(mailsTo(due)).toEqual([]);
    await Promise.all([stage.selection.queueDigests(manager, wanted), stage.selection.queueDigests(manager, wanted)]);
    await stage.send();
    expect(linksOf((await mailTo(due)).text ?? '').filter((link) => link.endsWith('/direct'))).toHaveLength(5);
  });

  it.each(['revoked_at', 'accessed_at', 'done_at', 'opted_out_at', 'gone_at'])(
    'of which one is %s before the mail goes: it is left out with its reason, and the rest goes',
    async (column) => {
      const due = await makeDue(100, 110, 120);
      await stage.select(platformId);
      await mark(due[1], column);
      await stage.send();
      const text = (await mailTo(due)).text ?? '';
      expect(text).not.toContain(due[1]?.uploadId);
      expect(text).toContain('2 folders');
      const reason = column.replace('_at', '').replace('_', '-');
      expect(await ends(due)).toEqual([
        ['sent, mail sent'],
        [`skipped ${reason.replace('opted-out', 'opted-out')}, mail sent`],
        ['sent, mail sent'],
      ]);
    },
  );

  it('of which one is left go as any reminder does, with its own link to stop', async () => {
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    await mark(due[0], 'accessed_at');
    await stage.send();
    const mail = await mailTo(due);
    expect(mail.subject).toMatch(new RegExp(`reminder: ${due[1]?.uploadId}`, 'i'));
    expect(linksOf(mail.text ?? '').filter((link) => link.includes('/u/'))).toHaveLength(1);
    expect(await ends(due)).toEqual([['skipped accessed, mail sent'], ['sent, mail sent']]);
  });

  it('of which none is left: nothing goes, and each has its reason', async () => {
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    await mark(due[0], 'accessed_at');
    await mark(due[1], 'revoked_at');
    await stage.send();
    expect(mailsTo(due)).toEqual([]);
    expect(await ends(due)).toEqual([['skipped accessed, mail skipped'], ['skipped revoked, mail skipped']]);
  });

  it('of which one expires while the mail server stalls: the mail goes without it', async () => {
    const due = await makeDue(1, 110, 120);
    await stage.select(platformId);
    let stalls = 0;
    server.at = (step) => {
      if (step === 'DATA' && (stalls += 1) === 1) stage.clock.at = later(NOW, 1);
      return undefined;
    };
    await stage.send();
    await stage.send();
    expect((await mailTo(due)).text).not.toContain(due[0]?.uploadId);
    expect(await ends(due)).toEqual([['skipped expired, mail sent'], ['sent, mail sent'], ['sent, mail sent']]);
  });
});

describe('a mail of several', () => {
  it('that is refused for good fails each, and marks each delivery', async () => {
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    server.at = (step) => (step === 'RCPT' ? { reply: '550 5.1.1 No such user' } : undefined);
    await stage.send();
    const failed = 'failed the mail server answered 550 5.1.1 to RCPT TO, mail failed';
    expect(await ends(due)).toEqual([[failed], [failed]]);
    const marked = await stage.query('select 1 from delivery where undeliverable_at is not null and person_id = $1', [
      due[0]?.personId,
    ]);
    expect(marked).toHaveLength(2);
  });

  it('that may have arrived is never sent again, and spacing counts for each', async () => {
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    server.at = (step) => (step === 'dot' ? 'cut' : undefined);
    await stage.send();
    server.at = () => undefined;
    stage.clock.at = later(NOW, 23);
    await stage.send();
    await stage.select(platformId, 'by-hand');
    await stage.send();
    expect(mailsTo(due)).toHaveLength(1);
    for (const states of await ends(due)) expect(states).toEqual([expect.stringMatching(/^unknown .*, mail unknown$/)]);
  });

  it('that is being handed over keeps a newer run from naming its deliveries again', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1H' where id = $1`, [platformId]);
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    let chosen = Promise.resolve('');
    server.at = (step) => {
      if (step === 'DATA') chosen = stage.select(platformId, 'by-hand').catch(String);
      return undefined;
    };
    stage.clock.at = later(NOW, 0.1);
    await stage.send();
    await chosen;
    server.at = () => undefined;
    await stage.send();
    expect(mailsTo(due)).toHaveLength(1);
    for (const states of await ends(due)) expect(states).toEqual(['sent, mail sent']);
  });

  it('that an older run has not sent gives way to the newer run’s, as a whole or in part', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [platformId]);
    const due = await makeDue(100, 110, 120);
    await stage.select(platformId);
    server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    stage.clock.at = later(NOW, 1);
    // One is not chosen anew: it is in progress only while the newer run chooses.
    await stage.query(
      `insert into download (id, delivery_id, state, started_at, last_progress_at) values (gen_random_uuid(), $1, 'started', $2, $2)`,
      [due[2]?.id, stage.clock.at],
    );
    await stage.select(platformId, 'by-hand');
    await stage.query('delete from download where delivery_id = $1', [due[2]?.id]);
    server.at = () => undefined;
    await stage.send();
    expect(mailsTo(due)).toHaveLength(2);
    expect(await ends(due)).toEqual([
      ['skipped newer-run, mail sent', 'sent, mail sent'],
      ['skipped newer-run, mail sent', 'sent, mail sent'],
      ['sent, mail sent'],
    ]);
    const texts = await Promise.all(mailsTo(due).map(async ({ raw }) => (await parse(raw)).text ?? ''));
    const namings = due.map(({ uploadId }) => texts.filter((text) => text.includes(uploadId)).length);
    expect(namings).toEqual([1, 1, 1]);
  });

  it('that a worker has claimed and not begun is judged anew when a newer run takes its place', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [platformId]);
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    const [mail] = await stage.outbox.claimDue(database.dataSource.manager, 10, stage.clock.at);
    stage.clock.at = later(NOW, 1);
    await stage.select(platformId, 'by-hand');
    await stage.send();
    expect(mail?.kind).toBe('reminder-digest');
    expect(mailsTo(due)).toHaveLength(1);
    for (const states of await ends(due))
      expect(states).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
  });

  it('whose record was lost is unknown for each, and is not sent again', async () => {
    const due = await makeDue(100, 110);
    await stage.select(platformId);
    await stage.query(
      `update mail_outbox set state = 'sending', attempt = 1, lease_until = now() - interval '1 second', handing_over_since = $1, final_dot_at = $1`,
      [NOW],
    );
    await stage.sender.takeOver();
    await stage.send();
    expect(mailsTo(due)).toEqual([]);
    for (const states of await ends(due))
      expect(states).toEqual(['unknown the hand-over was interrupted, mail unknown']);
  });

  it.each([...LANGUAGES])('says everything in the person’s language: %s', async (language) => {
    const due = await makeDue(30, 200);
    await stage.query('update person set language = $2 where id = $1', [due[0]?.personId, language]);
    await stage.select(platformId);
    await stage.send();
    const { text = '', subject } = await mailTo(due);
    for (const { uploadId } of due) expect(text).toContain(uploadId);
    expect(linksOf(text).filter((link) => link.includes('/u/'))).toHaveLength(3);
    if (language !== 'en')
      expect(`${subject} ${text}`).not.toMatch(
        /\b(?:until|reminders?|these data|whoever|the links?|with the data mover)\b/i,
      );
  });
});
