// What happens between the choice of a reminder and its hand-over counts, to the last moment; nothing goes late, twice,
// or to somebody who has the data. Real PostgreSQL, real sockets, set time.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ClaimedMail } from '../../src/mail/index.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makeDelivery, makeUpload } from '../support/make.js';
import { SmtpScript } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
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
  platformId = await stage.makePlatform();
});
afterEach(async () => {
  stage.transport.onApplicationShutdown();
  await server.close();
  await stage.query('delete from mail_outbox');
});

const sentTo = (delivery: Due): number => server.to(delivery.recipient).filter((mail) => mail.isAcknowledged).length;
const access = (delivery: Due): Promise<unknown> =>
  stage.query('update delivery set accessed_at = $2 where id = $1', [delivery.id, stage.clock.at]);

describe('between the choice and the hand-over', () => {
  it('nothing happens, and the reminder goes once, with its record', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId);
    await stage.send();
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
    const [record] = await stage.query<{ sent_at: Date; tried_at: Date }>(
      'select sent_at, tried_at from reminder where delivery_id = $1',
      [due.id],
    );
    expect(record).toEqual({ sent_at: NOW, tried_at: NOW });
  });

  it.each<[string, string, (due: Due) => Promise<unknown>]>([
    ['the data are accessed', 'accessed', access],
    [
      'the delivery is revoked',
      'revoked',
      (due) => stage.query('update delivery set revoked_at = $2 where id = $1', [due.id, NOW]),
    ],
    [
      'the person has what they need',
      'done',
      (due) => stage.deliveries.mark(database.dataSource.manager, due.id, 'done_at', NOW),
    ],
    [
      'reminders are switched off',
      'reminders-off',
      () => stage.query('update platform set reminders_enabled = false where id = $1', [platformId]),
    ],
    [
      'a reshare is handed over that ends later',
      'superseded',
      (due) =>
        makeDelivery(database.dataSource, due.uploadId, platformId, due.personId, {
          ordinal: 1,
          handed_over_at: NOW,
          expires_at: later(NOW, 100),
        }),
    ],
  ])('%s: it is closed as %s, and others go', async (_, reason, happen) => {
    const [due, other] = [await stage.makeDue(platformId), await stage.makeDue(platformId)];
    await stage.select(platformId);
    await happen(due);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([0, [`skipped ${reason}, mail skipped`]]);
    expect(sentTo(other)).toBe(reason === 'reminders-off' ? 0 : 1);
  });

  it('a reminder that has ended is not sent, whatever its mail says', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId);
    await stage.query(`update reminder set state = 'skipped', reason = 'newer-run' where delivery_id = $1`, [due.id]);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped newer-run, mail skipped']]);
  });

  it('reminders are switched off: one by hand goes all the same', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId, 'by-hand');
    await stage.query('update platform set reminders_enabled = false where id = $1', [platformId]);
    await stage.send();
    expect(sentTo(due)).toBe(1);
  });

  it('an access that is being recorded at that very moment counts', async () => {
    const due = await stage.makeDue(platformId);
    await stage.select(platformId);
    const recording = database.dataSource.createQueryRunner();
    await recording.startTransaction();
    await recording.query('update delivery set accessed_at = $2 where id = $1', [due.id, NOW]);
    const sending = stage.send();
    await until('the check waits for the delivery', async () => {
      const waiting = await stage.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for no key update of d%'`,
      );
      return waiting.length > 0 ? true : undefined;
    });
    await recording.commitTransaction();
    await recording.release();
    await sending;
    expect([sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped accessed, mail skipped']]);
  });

  it('the links are extended: the reminder goes although its mail waited beyond the former expiry', async () => {
    const due = await stage.makeDue(platformId, 10);
    await stage.select(platformId);
    await stage.deliveries.extend(database.dataSource.manager, due.id, 'P30D', later(NOW, 30 * 24));
    stage.clock.at = later(NOW, 11);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  it('the links are shortened: nothing goes after the new expiry', async () => {
    const due = await stage.makeDue(platformId, 100);
    await stage.select(platformId);
    await stage.deliveries.extend(database.dataSource.manager, due.id, 'PT1H', later(NOW, 1));
    stage.clock.at = later(NOW, 1);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([0, ['skipped expired, mail skipped']]);
  });
});

describe('a mail server', () => {
  it('that is away for 36 hours gets no reminder of links that lasted a day', async () => {
    const [due, lasting] = [await stage.makeDue(platformId, 24), await stage.makeDue(platformId, 100)];
    await stage.select(platformId);
    server.at = () => 'cut';
    for (const hours of [0, 1, 5, 20, 36]) {
      stage.clock.at = later(NOW, hours);
      await stage.send();
    }
    expect(await stage.ends(due)).toEqual(['skipped expired, mail skipped']);
    expect((await stage.ends(lasting))[0]).toMatch(/^pending/);
    server.at = () => undefined;
    stage.clock.at = later(NOW, 40);
    await stage.send();
    expect([sentTo(due), sentTo(lasting)]).toEqual([0, 1]);
  });

  it('that stalls until the links have expired does not get the final dot', async () => {
    const due = await stage.makeDue(platformId, 1);
    await stage.select(platformId);
    server.at = (step) => {
      if (step === 'DATA') stage.clock.at = later(NOW, 1);
      return undefined;
    };
    await stage.send();
    expect([server.to(due.recipient), await stage.ends(due)]).toEqual([[], ['skipped expired, mail skipped']]);
  });

  it('that greylists gets the reminder again until a newer run takes its place', async () => {
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    stage.clock.at = later(NOW, 2);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    stage.clock.at = later(NOW, 3);
    await stage.select(platformId, 'by-hand');
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'pending, mail pending']);
    server.at = () => undefined;
    await stage.send();
    expect([sentTo(due), (await stage.ends(due))[1]]).toEqual([1, 'sent, mail sent']);
  });

  it('that puts off a reminder of which it was told before a newer run chose gets only the newer one', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [platformId]);
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    // As the worker does that speaks to the mail server: the newer run comes in between, and leaves the mail to it.
    const { manager } = database.dataSource;
    const [mail] = await stage.outbox.claimDue(manager, 10, stage.clock.at);
    if (!mail) throw new Error('No mail was due.');
    await stage.outbox.markHandingOver(manager, mail.id, mail.attempt, stage.clock.at);
    stage.clock.at = later(NOW, 1);
    await stage.select(platformId, 'by-hand');
    expect(await stage.ends(due)).toEqual(['pending, mail sending', 'pending, mail pending']);
    await stage.outbox.retryLater(manager, mail, later(NOW, 2), 'the mail server answered 452 to the final dot');
    stage.clock.at = later(NOW, 4);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
    expect(sentTo(due)).toBe(1);
  });

  it('that took a reminder of which the record was lost is never given it again, and spacing counts from it', async () => {
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    await stage.query(
      `update mail_outbox set state = 'sending', attempt = 1, lease_until = now() - interval '1 second', handing_over_since = $2, final_dot_at = $2
        where subject_id = (select id from reminder where delivery_id = $1)`,
      [due.id, NOW],
    );
    await stage.sender.takeOver();
    expect(await stage.ends(due)).toEqual(['unknown the hand-over was interrupted, mail unknown']);
    stage.clock.at = later(NOW, 23);
    await stage.select(platformId, 'by-hand');
    stage.clock.at = later(NOW, 24);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([0, ['unknown the hand-over was interrupted, mail unknown']]);
    await stage.select(platformId, 'by-hand');
    await stage.send();
    expect(sentTo(due)).toBe(1);
  });
});

describe('a worker that stood still until another took its mail', () => {
  const store = new ReminderClaimsStore();
  const claim = (mail: ClaimedMail) =>
    database.dataSource.transaction((tx) => store.claim(tx, 'reminder', [mail], stage.clock.at));

  async function takenOver(): Promise<{ due: Due; slow: ClaimedMail; quick: ClaimedMail }> {
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    const { manager } = database.dataSource;
    const [slow] = await stage.outbox.claimDue(manager, 10, stage.clock.at);
    await stage.query(`update mail_outbox set lease_until = now() - interval '1 second'`);
    await stage.sender.takeOver();
    const [quick] = await stage.outbox.claimDue(manager, 10, stage.clock.at);
    if (!slow || !quick) throw new Error('No mail was due.');
    return { due, slow, quick };
  }

  it('may not hand it over, and the other may, once', async () => {
    const { slow, quick } = await takenOver();
    expect(quick.attempt).toBe(slow.attempt + 1);
    expect(await claim(slow)).toEqual([]);
    expect(await stage.outbox.markHandingOver(database.dataSource.manager, slow.id, slow.attempt, NOW)).toBe(false);
    expect(await claim(quick)).toMatchObject([{ because: null }]);
    expect(await claim(quick)).toEqual([]);
    expect(await claim(slow)).toEqual([]);
  });

  it('records nothing of it, and puts nothing off', async () => {
    const { due, slow, quick } = await takenOver();
    const { manager } = database.dataSource;
    for (const state of ['sent', 'failed', 'unknown'] as const)
      expect((await stage.outbox.settle(manager, [{ mail: slow, state, reason: null, at: NOW }])).size).toBe(0);
    await stage.outbox.retryLater(manager, slow, later(NOW, 1), 'the mail server answered 451');
    expect((await stage.outbox.renew(manager, [slow])).size).toBe(0);
    expect(await stage.ends(due)).toEqual(['pending, mail sending']);
    expect((await stage.outbox.renew(manager, [quick])).size).toBe(1);
    expect((await stage.outbox.settle(manager, [{ mail: quick, state: 'sent', reason: null, at: NOW }])).size).toBe(1);
  });
});

describe('a reminder that was handed over and whose end the database does not take', () => {
  beforeEach(async () => {
    await stage.query('create sequence refusals');
    await stage.query(
      `create function refuse() returns trigger language plpgsql as $$
        begin
          if nextval('refusals') <= (select most from refused) then raise exception 'not now'; end if;
          return new;
        end $$`,
    );
    await stage.query('create table refused as select 1 as most');
    await stage.query(
      `create trigger refuse before update on mail_outbox
         for each row when (new.state in ('sent', 'unknown')) execute function refuse()`,
    );
  });
  afterEach(async () => {
    await stage.query('drop trigger refuse on mail_outbox');
    await stage.query('drop function refuse');
    await stage.query('drop table refused');
    await stage.query('drop sequence refusals');
  });

  it.each([1, 2, 3])('%s times is not sent again, and recorded as soon as it can be', async (times) => {
    await stage.query('update refused set most = $1', [times]);
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    await stage.send();
    stage.clock.at = later(NOW, 1);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  it('is left to its lease, and then unknown, but never sent again', async () => {
    await stage.query('update refused set most = 1000');
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    await stage.send();
    stage.clock.at = later(NOW, 1);
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['pending, mail sending']]);
    await stage.query('update refused set most = 0');
    await stage.query(`update mail_outbox set lease_until = now() - interval '1 second'`);
    await stage.sender.takeOver();
    await stage.send();
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['unknown the hand-over was interrupted, mail unknown']]);
  });
});

it('a person whom two runs chose at the same moment is reminded once, whichever workers send', async () => {
  const due = await stage.makeDue(platformId, 200);
  await stage.select(platformId);
  await stage.query(`update reminder_run set state = 'pending' where platform_id = $1`, [platformId]);
  stage.clock.at = later(NOW, 0.01);
  await stage.select(platformId, 'by-hand');
  expect(await stage.ends(due)).toHaveLength(2);
  const other = stage.another();
  await Promise.all([stage.send(), other.send()]);
  other.transport.onApplicationShutdown();
  expect([sentTo(due), (await stage.ends(due)).filter((end) => end.startsWith('sent'))]).toEqual([
    1,
    ['sent, mail sent'],
  ]);
});

describe('quiet hours and closed days', () => {
  beforeEach(async () => {
    // A Saturday, by night.
    await stage.query(
      `update platform
          set reminder_quiet_hours = '{"from": "22:00", "to": "07:00"}', reminder_closed_days = '{"weekdays": ["saturday"], "dates": []}'
        where id = $1`,
      [platformId],
    );
  });
  const sendAt = async (hours: number): Promise<void> => {
    stage.clock.at = later(NOW, hours);
    await stage.send();
  };

  it('put a reminder off until both are over, before its links end, and at once where nothing else is left', async () => {
    const [lasting, short, shortest] = [
      await stage.makeDue(platformId, 100),
      await stage.makeDue(platformId, 12),
      await stage.makeDue(platformId, 3),
    ];
    const sent = () => [lasting, short, shortest].map(sentTo);
    await stage.select(platformId);
    await stage.send();
    expect(sent()).toEqual([0, 0, 1]);
    await sendAt(6.9);
    expect(sent()).toEqual([0, 0, 1]);
    await sendAt(7);
    expect(sent()).toEqual([0, 1, 1]);
    await sendAt(30.9);
    expect(sent()).toEqual([0, 1, 1]);
    await sendAt(31);
    expect(sent()).toEqual([1, 1, 1]);
  });

  it.each([false, true])('count again when a mail goes late, with others: %s', async (isDigest) => {
    await stage.query('update platform set reminder_digest = $2, reminder_closed_days = null where id = $1', [
      platformId,
      isDigest,
    ]);
    stage.clock.at = later(NOW, 20);
    const due = await stage.makeDue(platformId, 100);
    if (isDigest)
      await makeDelivery(
        database.dataSource,
        await makeUpload(database.dataSource, platformId),
        platformId,
        due.personId,
        { handed_over_at: later(NOW, -48), expires_at: later(NOW, 200), link_key_id: await keyOf(due) },
      );
    await stage.select(platformId);
    server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    server.at = () => undefined;
    await sendAt(23);
    expect([sentTo(due), (await stage.ends(due))[0]]).toEqual([0, 'pending, mail pending']);
    await sendAt(30);
    expect(sentTo(due)).toBe(0);
    await sendAt(31);
    expect([sentTo(due), (await stage.ends(due))[0]]).toEqual([1, 'sent, mail sent']);
  });
  const keyOf = async (due: Due): Promise<string> => {
    const [found] = await stage.query<{ key: string }>('select link_key_id as key from delivery where id = $1', [
      due.id,
    ]);
    return found?.key ?? '';
  };

  it('do not send what ceased to be due meanwhile, nor twice where a newer run comes before they are over', async () => {
    const [due, fetched] = [await stage.makeDue(platformId, 200), await stage.makeDue(platformId, 200)];
    await stage.select(platformId);
    await access(fetched);
    stage.clock.at = later(NOW, 5);
    await stage.select(platformId, 'by-hand');
    await sendAt(31);
    await sendAt(40);
    expect([sentTo(due), sentTo(fetched)]).toEqual([1, 0]);
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
  });
});
