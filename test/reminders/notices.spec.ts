// What operators are told of a run: once, after its mails have ended, each only of what is theirs, and honestly also of
// many. Real PostgreSQL, real sockets, set time.

import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../../src/language/index.js';
import { MOST_LISTED } from '../../src/reminders/notices/notice-mail.js';
import { insertMany, makePerson, personRow } from '../support/make.js';
import { Notified, one } from './notified.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
const operators = new Notified(stage);

describe('the notice of a run', () => {
  it('says who was reminded of what and until when, what failed and why, and what is not known', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable', language: 'en' });
    const shareable = await operators.makeShareable(platformId);
    const [sent, bad, lost, fetched] = [
      await operators.makeDueOf(platformId, shareable),
      await operators.makeDueOf(platformId, shareable),
      await operators.makeDueOf(platformId, shareable),
      await operators.makeDueOf(platformId, shareable),
    ];
    const runId = await stage.select(platformId);
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, NOW]);
    stage.server.at = (step, { to }) => {
      if (step === 'RCPT' && to === bad.recipient) return { reply: '550 5.1.1 No such user' };
      return step === 'dot' && to === lost.recipient ? 'cut' : undefined;
    };
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const { subject, text, html } = one(await operators.told(shareable.operator));
    expect(subject).toBe('Microscopy: 1 reminder was sent, 1 could not be, 1 is unconfirmed');
    const until = 'until Sunday, 16 March 2025 at 08:00 (UTC)';
    const folder = (due: Due) => due.uploadId;
    expect(text).toContain(
      `These reminders were not sent:\n\n- ${bad.recipient}: ${folder(bad)}, ${until}: the mail server refused the address (550 5.1.1)`,
    );
    expect(text).toContain(
      `They may have arrived, and are not sent again:\n\n- ${lost.recipient}: ${folder(lost)}, ${until}`,
    );
    expect(text).toContain(
      `These people were reminded of their data:\n\n- ${sent.recipient}: ${folder(sent)}, ${until}`,
    );
    expect(text).toContain('- the data were fetched: 1');
    expect(text).not.toContain(fetched.recipient);
    for (const { recipient } of [sent, bad, lost]) expect(html).toContain(recipient);
    for (const part of [text, html]) expect(part).not.toMatch(/https?:|\/[su]\/|<a\b/);
  });

  it('comes when the last mail has ended, and once, however often the run is looked at and whoever sends', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await operators.makeShareable(platformId);
    const [first, slow] = [
      await operators.makeDueOf(platformId, shareable),
      await operators.makeDueOf(platformId, shareable),
    ];
    const runId = await stage.select(platformId);
    stage.server.at = (step, { to }) =>
      step === 'RCPT' && to === slow.recipient ? { reply: '451 4.7.1 Greylisted' } : undefined;
    await stage.send();
    expect(await stage.runs.isAnyPending(stage.database.dataSource.manager, runId)).toBe(true);
    stage.server.at = () => undefined;
    stage.clock.at = later(NOW, 2);
    await stage.send();
    expect(await stage.runs.isAnyPending(stage.database.dataSource.manager, runId)).toBe(false);
    await Promise.all([stage.finish(runId), stage.finish(runId)]);
    await stage.finish(runId);
    const other = stage.another();
    await Promise.all([stage.send(), other.send()]);
    other.transport.onApplicationShutdown();
    const { text } = one(await operators.told(shareable.operator));
    for (const { recipient } of [first, slow]) expect(text).toContain(recipient);
  });

  it('of an address is of the uploads of its shareables only; a person who operates an upload reads of that', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const [ours, theirs] = [await operators.makeShareable(platformId), await operators.makeShareable(platformId)];
    const [a, b] = [await operators.makeDueOf(platformId, ours), await operators.makeDueOf(platformId, theirs)];
    const operatorId = await makePerson(stage.database.dataSource);
    await stage.query('update upload set operator_person_id = $2 where id = $1', [b.uploadId, operatorId]);
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const read = async (address: string) => one(await operators.told(address)).text;
    expect([await read(ours.operator), await read(ours.operator)]).toEqual([
      expect.stringContaining(a.recipient),
      expect.not.stringContaining(b.recipient),
    ]);
    for (const address of [theirs.operator, `${operatorId}@example.org`])
      expect([await read(address), await read(address)]).toEqual([
        expect.stringContaining(b.recipient),
        expect.not.stringContaining(a.recipient),
      ]);
    expect(one(await operators.told(ours.operator)).subject).toBe('Microscopy: 1 reminder was sent');
  });

  it.each([
    ['the platform wants none', { reminder_operator_notice: 'none' }, true],
    ['nobody is to be told', { reminder_operator_notice: 'shareable' }, false],
  ])('is not sent when %s, and the run ends', async (_, fields, hasOperator) => {
    const platformId = await stage.makePlatform(fields);
    await operators.makeDueOf(platformId, hasOperator ? await operators.makeShareable(platformId) : undefined);
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.finish(runId);
    expect(await stage.query(`select 1 from mail_outbox where kind like 'reminder-notice%'`)).toEqual([]);
    expect(await stage.query('select state, notice_target from reminder_run where id = $1', [runId])).toEqual([
      { state: 'finished', notice_target: null },
    ]);
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
    const shareable = await operators.makeShareable(platformId);
    const due = await operators.makeDueOf(platformId, shareable);
    const runId = await stage.select(platformId);
    await happen(due);
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const mails = await operators.told(shareable.operator);
    if (!isTold) return expect(mails).toEqual([]);
    expect(one(mails).subject).toBe('Microscopy: no reminder was sent, 1 could not be');
    expect(one(mails).text).toContain(': the mail server did not take it before the links ended');
  });

  it('of many reminders counts all and lists some, and says that it does', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await operators.makeShareable(platformId);
    const first = await operators.makeDueOf(platformId, shareable);
    const runId = await stage.select(platformId);
    await stage.send();
    const more = 3_000;
    const people = Array.from({ length: more }, () => personRow());
    await insertMany(stage.database.dataSource, 'person', people);
    await stage.query(
      `with made as (
         insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at)
         select gen_random_uuid(), $1, $2, id, 0, 'P30D', 'x', $4, $5 from unnest($3::uuid[]) as id returning id)
       insert into reminder (id, run_id, delivery_id, state, message_id, sent_at, tried_at)
       select uuidv7(), $6, id, 'sent', '<' || id || '@x>', $4, $4 from made`,
      [first.uploadId, platformId, people.map(({ id }) => id), NOW, later(NOW, 200), runId],
    );
    await stage.finish(runId);
    await stage.send();
    const { subject, text } = one(await operators.told(shareable.operator));
    expect(subject).toBe('Microscopy: 3,001 reminders were sent');
    expect(text.match(/^- .*@example\.org/gm)).toHaveLength(MOST_LISTED);
    expect(text).toContain(`- and ${(3_001 - MOST_LISTED).toLocaleString('en')} more`);
    expect(text).toContain(`An administrator can see all of run ${runId}.`);
  });

  it.each([...LANGUAGES])('says everything in the platform’s language: %s', async (language) => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable', language });
    const shareable = await operators.makeShareable(platformId);
    const [bad, fetched] = [
      await operators.makeDueOf(platformId, shareable),
      await operators.makeDueOf(platformId, shareable),
    ];
    const runId = await stage.select(platformId);
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, NOW]);
    operators.refuse(bad);
    await stage.send();
    await stage.finish(runId);
    await stage.send();
    const { text } = one(await operators.told(shareable.operator));
    expect(text).toContain('550 5.1.1');
    if (language !== 'en')
      expect(text).not.toMatch(/\b(?:the mail server|were|reminders? (?:was|were)|fetched|until)\b/);
  });

  it('of a delivery whose link is being renewed names no end', async () => {
    const platformId = await stage.makePlatform({ reminder_operator_notice: 'shareable' });
    const shareable = await operators.makeShareable(platformId);
    const due = await operators.makeDueOf(platformId, shareable);
    const runId = await stage.select(platformId);
    await stage.send();
    await stage.query('update delivery set handed_over_at = null, expires_at = null where id = $1', [due.id]);
    await stage.finish(runId);
    await stage.send();
    expect(one(await operators.told(shareable.operator)).text).toMatch(
      new RegExp(`^- ${due.recipient}: ${due.uploadId}$`, 'm'),
    );
  });
});
