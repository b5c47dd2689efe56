// What becomes of a mail of several reminders holds for each of them: refused, in doubt, put off or replaced by that of
// a newer run. Real PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../../src/language/index.js';
import { Digested, linksOf } from './digested.js';
import { later, parsedMail, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
const digested = new Digested(stage);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform({ reminder_digest: true, methods: ['data-mover', 'direct', 'copy'] });
});

describe('a mail of several', () => {
  it('that is refused for good fails each, and marks each delivery', async () => {
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '550 5.1.1 No such user' } : undefined);
    await stage.send();
    const failed = 'failed the mail server answered 550 5.1.1 to RCPT TO, mail failed';
    expect(await digested.ends(due)).toEqual([[failed], [failed]]);
    const marked = await stage.query('select 1 from delivery where undeliverable_at is not null and person_id = $1', [
      due[0]?.personId,
    ]);
    expect(marked).toHaveLength(2);
  });

  it('that may have arrived is never sent again, and spacing counts for each', async () => {
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    stage.server.at = (step) => (step === 'dot' ? 'cut' : undefined);
    await stage.send();
    stage.server.at = () => undefined;
    stage.clock.at = later(NOW, 23);
    await stage.send();
    await stage.select(platformId, 'by-hand');
    await stage.send();
    expect(digested.mailsTo(due)).toHaveLength(1);
    for (const states of await digested.ends(due))
      expect(states).toEqual([expect.stringMatching(/^unknown .*, mail unknown$/)]);
  });

  it('that is being handed over keeps a newer run from naming its deliveries again', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1H' where id = $1`, [platformId]);
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    let chosen = Promise.resolve('');
    stage.server.at = (step) => {
      if (step === 'DATA') chosen = stage.select(platformId, 'by-hand').catch(String);
      return undefined;
    };
    stage.clock.at = later(NOW, 0.1);
    await stage.send();
    await chosen;
    stage.server.at = () => undefined;
    await stage.send();
    expect(digested.mailsTo(due)).toHaveLength(1);
    for (const states of await digested.ends(due)) expect(states).toEqual(['sent, mail sent']);
  });

  it('that an older run has not sent gives way to the newer run’s, as a whole or in part', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [platformId]);
    const due = await digested.makeDue(platformId, 100, 110, 120);
    await stage.select(platformId);
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    stage.clock.at = later(NOW, 1);
    // One is not chosen anew: it is in progress only while the newer run chooses.
    await stage.query(
      `insert into download (id, delivery_id, state, started_at, last_progress_at) values (gen_random_uuid(), $1, 'started', $2, $2)`,
      [due[2]?.id, stage.clock.at],
    );
    await stage.select(platformId, 'by-hand');
    await stage.query('delete from download where delivery_id = $1', [due[2]?.id]);
    stage.server.at = () => undefined;
    await stage.send();
    expect(digested.mailsTo(due)).toHaveLength(2);
    expect(await digested.ends(due)).toEqual([
      ['skipped newer-run, mail sent', 'sent, mail sent'],
      ['skipped newer-run, mail sent', 'sent, mail sent'],
      ['sent, mail sent'],
    ]);
    const texts = await Promise.all(digested.mailsTo(due).map(async ({ raw }) => (await parsedMail(raw)).text ?? ''));
    const namings = due.map(({ uploadId }) => texts.filter((text) => text.includes(uploadId)).length);
    expect(namings).toEqual([1, 1, 1]);
  });

  it('that a worker has claimed and not begun is judged anew when a newer run takes its place', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [platformId]);
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    const [mail] = await stage.outbox.claimDue(stage.database.dataSource.manager, 10, stage.clock.at);
    stage.clock.at = later(NOW, 1);
    await stage.select(platformId, 'by-hand');
    await stage.send();
    expect(mail?.kind).toBe('reminder-digest');
    expect(digested.mailsTo(due)).toHaveLength(1);
    for (const states of await digested.ends(due))
      expect(states).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
  });

  it('whose record was lost is unknown for each, and is not sent again', async () => {
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    await stage.query(
      `update mail_outbox set state = 'sending', attempt = 1, lease_until = now() - interval '1 second', handing_over_since = $1, final_dot_at = $1`,
      [NOW],
    );
    await stage.sender.takeOver();
    await stage.send();
    expect(digested.mailsTo(due)).toEqual([]);
    for (const states of await digested.ends(due))
      expect(states).toEqual(['unknown the hand-over was interrupted, mail unknown']);
  });

  it.each([...LANGUAGES])('says everything in the person’s language: %s', async (language) => {
    const due = await digested.makeDue(platformId, 30, 200);
    await stage.query('update person set language = $2 where id = $1', [due[0]?.personId, language]);
    await stage.select(platformId);
    await stage.send();
    const { text = '', subject } = await digested.mailTo(due);
    for (const { uploadId } of due) expect(text).toContain(uploadId);
    expect(linksOf(text).filter((link) => link.includes('/u/'))).toHaveLength(3);
    if (language !== 'en')
      expect(`${subject} ${text}`).not.toMatch(
        /\b(?:until|reminders?|these data|whoever|the links?|with the data mover)\b/i,
      );
  });
});
