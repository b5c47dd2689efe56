// A mail server that is away, stalls or puts off gets no reminder late, and none twice. Real PostgreSQL, real sockets,
// set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform();
});

describe('a mail server', () => {
  it('that is away for 36 hours gets no reminder of links that lasted a day', async () => {
    const [due, lasting] = [await stage.makeDue(platformId, 24), await stage.makeDue(platformId, 100)];
    await stage.select(platformId);
    stage.server.at = () => 'cut';
    for (const hours of [0, 1, 5, 20, 36]) {
      stage.clock.at = later(NOW, hours);
      await stage.send();
    }
    expect(await stage.ends(due)).toEqual(['skipped expired, mail skipped']);
    expect((await stage.ends(lasting))[0]).toMatch(/^pending/);
    stage.server.at = () => undefined;
    stage.clock.at = later(NOW, 40);
    await stage.send();
    expect([stage.sentTo(due), stage.sentTo(lasting)]).toEqual([0, 1]);
  });

  it('that stalls until the links have expired does not get the final dot', async () => {
    const due = await stage.makeDue(platformId, 1);
    await stage.select(platformId);
    stage.server.at = (step) => {
      if (step === 'DATA') stage.clock.at = later(NOW, 1);
      return undefined;
    };
    await stage.send();
    expect([stage.server.to(due.recipient), await stage.ends(due)]).toEqual([[], ['skipped expired, mail skipped']]);
  });

  it('that greylists gets the reminder again until a newer run takes its place', async () => {
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    stage.clock.at = later(NOW, 2);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    stage.clock.at = later(NOW, 3);
    await stage.select(platformId, 'by-hand');
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'pending, mail pending']);
    stage.server.at = () => undefined;
    await stage.send();
    expect([stage.sentTo(due), (await stage.ends(due))[1]]).toEqual([1, 'sent, mail sent']);
  });

  it('that puts off a reminder of which it was told before a newer run chose gets only the newer one', async () => {
    await stage.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [platformId]);
    const due = await stage.makeDue(platformId, 200);
    await stage.select(platformId);
    // As the worker does that speaks to the mail server: the newer run comes in between, and leaves the mail to it.
    const { manager } = stage.database.dataSource;
    const [mail] = await stage.outbox.claimDue(manager, 10, stage.clock.at);
    if (!mail) throw new Error('No mail was due.');
    await stage.outbox.markHandingOver(manager, mail.id, mail.attempt, stage.clock.at);
    stage.clock.at = later(NOW, 1);
    await stage.select(platformId, 'by-hand');
    expect(await stage.ends(due)).toEqual(['pending, mail sending', 'pending, mail pending']);
    await stage.outbox.retryLater(manager, mail, {
      dueAt: later(NOW, 2),
      reason: 'the mail server answered 452 to the final dot',
      failedTries: 1,
    });
    stage.clock.at = later(NOW, 4);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
    expect(stage.sentTo(due)).toBe(1);
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
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([
      0,
      ['unknown the hand-over was interrupted, mail unknown'],
    ]);
    await stage.select(platformId, 'by-hand');
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });
});
