// A reminder goes once also where its worker lost the mail to another, or could not record what became of it. Real
// PostgreSQL, real sockets, set time.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimedMail } from '../../src/mail/index.js';
import { ReminderClaimsStore } from '../../src/reminders/reminder-claims.store.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform();
});

describe('a worker that stood still until another took its mail', () => {
  const store = new ReminderClaimsStore();
  const claim = (mail: ClaimedMail) =>
    stage.database.dataSource.transaction((tx) => store.claim(tx, 'reminder', [mail], stage.clock.at));

  async function takenOver(): Promise<{ due: Due; slow: ClaimedMail; quick: ClaimedMail }> {
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    const { manager } = stage.database.dataSource;
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
    expect(await stage.outbox.markHandingOver(stage.database.dataSource.manager, slow.id, slow.attempt, NOW)).toBe(
      false,
    );
    expect(await claim(quick)).toMatchObject([{ because: null }]);
    expect(await claim(quick)).toEqual([]);
    expect(await claim(slow)).toEqual([]);
  });

  it('records nothing of it, and puts nothing off', async () => {
    const { due, slow, quick } = await takenOver();
    const { manager } = stage.database.dataSource;
    for (const state of ['sent', 'failed', 'unknown'] as const)
      expect((await stage.outbox.settle(manager, [{ mail: slow, state, reason: null, at: NOW }])).size).toBe(0);
    await stage.outbox.retryLater(manager, slow, {
      dueAt: later(NOW, 1),
      reason: 'the mail server answered 451',
      failedTries: 1,
    });
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
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
  });

  it('is left to its lease, and then unknown, but never sent again', async () => {
    await stage.query('update refused set most = 1000');
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    await stage.send();
    stage.clock.at = later(NOW, 1);
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['pending, mail sending']]);
    await stage.query('update refused set most = 0');
    await stage.query(`update mail_outbox set lease_until = now() - interval '1 second'`);
    await stage.sender.takeOver();
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([
      1,
      ['unknown the hand-over was interrupted, mail unknown'],
    ]);
  });
});
