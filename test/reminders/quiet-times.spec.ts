// Quiet hours and closed days put a reminder off, never to the expiry of its links; whatever happens meanwhile counts.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Due, later, stageAt } from './stage.js';

/** A Saturday, at night. */
const NIGHT = new Date('2025-03-08T00:00:00Z');
const QUIET = { from: '18:00', to: '07:00' };
const WEEKEND = { weekdays: ['saturday', 'sunday'], dates: [] };

const stage = stageAt(NIGHT);

/** Was it sent by that many hours after midnight? */
async function sendAt(hours: number, delivery: Due): Promise<number> {
  stage.clock.at = later(NIGHT, hours);
  await stage.send();
  return stage.sentTo(delivery);
}
const set = (platformId: string, quiet: object | null, closed: object | null = null): Promise<unknown> =>
  stage.query('update platform set reminder_quiet_hours = $2, reminder_closed_days = $3 where id = $1', [
    platformId,
    JSON.stringify(quiet),
    JSON.stringify(closed),
  ]);

describe('a reminder that a run chooses at night', () => {
  it.each<[string, { quiet?: object; closed?: object; hours: number; leaves: number }]>([
    ['leaves at the end of the quiet hours', { quiet: QUIET, hours: 100, leaves: 7 }],
    ['leaves at once where its links end before that', { quiet: QUIET, hours: 6, leaves: 0 }],
    ['leaves at once where its links end right then', { quiet: QUIET, hours: 7, leaves: 0 }],
    ['leaves after the closed days and the quiet hours', { quiet: QUIET, closed: WEEKEND, hours: 100, leaves: 55 }],
    [
      'leaves on a closed day where its links end before the next open one',
      { quiet: QUIET, closed: WEEKEND, hours: 50, leaves: 7 },
    ],
  ])('%s', async (_, { quiet = null, closed = null, hours, leaves }) => {
    const platformId = await stage.makePlatform();
    await set(platformId, quiet, closed);
    const due = await stage.makeDue(platformId, hours);
    await stage.select(platformId);
    if (leaves > 0) expect(await sendAt(0, due)).toBe(0);
    if (leaves > 0) expect(await sendAt(leaves - 1 / 60, due)).toBe(0);
    expect(await sendAt(leaves, due)).toBe(1);
    expect(await stage.ends(due)).toEqual(['sent, mail sent']);
  });

  it('and whose data are accessed before it leaves is closed', async () => {
    const platformId = await stage.makePlatform();
    await set(platformId, QUIET);
    const due = await stage.makeDue(platformId, 100);
    await stage.select(platformId);
    await stage.query('update delivery set accessed_at = $2 where id = $1', [due.id, later(NIGHT, 3)]);
    expect(await sendAt(7, due)).toBe(0);
    expect(await stage.ends(due)).toEqual(['skipped accessed, mail skipped']);
  });

  it.each<[string, number, number]>([
    ['goes at once where an administrator lets its links end before it would have gone', 3, 1],
    ['waits on where they end later than that', 90, 0],
  ])('%s', async (_, hours, sent) => {
    const platformId = await stage.makePlatform();
    await set(platformId, QUIET);
    const due = await stage.makeDue(platformId, 100);
    await stage.select(platformId);
    expect(await sendAt(1, due)).toBe(0);
    const end = later(NIGHT, 1 + hours);
    await stage.transactions.run((tx) => stage.deliveries.extend(tx, due.id, `PT${hours}H`, end));
    expect(await sendAt(1, due)).toBe(sent);
    expect(await sendAt(7, due)).toBe(1);
  });

  it('gives way to that of a newer run, which leaves in its place', async () => {
    const platformId = await stage.makePlatform();
    await set(platformId, QUIET);
    const due = await stage.makeDue(platformId, 100);
    await stage.select(platformId);
    stage.clock.at = later(NIGHT, 5);
    await stage.select(platformId);
    expect(await sendAt(7, due)).toBe(1);
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
  });
});

describe('quiet hours that a platform sets after the choice', () => {
  it('put off what has not left yet', async () => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    await stage.select(platformId);
    await set(platformId, QUIET);
    expect(await sendAt(0, due)).toBe(0);
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    expect(await sendAt(7, due)).toBe(1);
  });

  it('put off what the mail server declined until they begin, and nothing of another platform', async () => {
    const [quiet, open] = [await stage.makePlatform(), await stage.makePlatform()];
    const [due, other] = [await stage.makeDue(quiet, 100), await stage.makeDue(open, 100)];
    await stage.select(quiet);
    await stage.select(open);
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Try again later' } : undefined);
    expect(await sendAt(0, due)).toBe(0);
    await set(quiet, QUIET);
    stage.server.at = () => undefined;
    expect([await sendAt(1, due), stage.sentTo(other)]).toEqual([0, 1]);
    expect(await sendAt(7, due)).toBe(1);
  });
});

describe('quiet hours and closed days', () => {
  let platformId: string;
  beforeEach(async () => {
    platformId = await stage.makePlatform();
    await stage.query(
      `update platform
          set reminder_quiet_hours = '{"from": "22:00", "to": "07:00"}', reminder_closed_days = '{"weekdays": ["saturday"], "dates": []}'
        where id = $1`,
      [platformId],
    );
  });
  const go = async (hours: number): Promise<void> => {
    stage.clock.at = later(NIGHT, hours);
    await stage.send();
  };

  it('put a reminder off until both are over, before its links end, and at once where nothing else is left', async () => {
    const [lasting, short, shortest] = [
      await stage.makeDue(platformId, 100),
      await stage.makeDue(platformId, 12),
      await stage.makeDue(platformId, 3),
    ];
    const sent = () => [lasting, short, shortest].map((due) => stage.sentTo(due));
    await stage.select(platformId);
    await stage.send();
    expect(sent()).toEqual([0, 0, 1]);
    await go(6.9);
    expect(sent()).toEqual([0, 0, 1]);
    await go(7);
    expect(sent()).toEqual([0, 1, 1]);
    await go(30.9);
    expect(sent()).toEqual([0, 1, 1]);
    await go(31);
    expect(sent()).toEqual([1, 1, 1]);
  });

  it.each([false, true])('count again when a mail goes late, with others: %s', async (isDigest) => {
    await stage.query('update platform set reminder_digest = $2, reminder_closed_days = null where id = $1', [
      platformId,
      isDigest,
    ]);
    stage.clock.at = later(NIGHT, 20);
    const due = await stage.makeDue(platformId, 100);
    if (isDigest) await stage.makeDueTo(due.personId, platformId, 180);
    await stage.select(platformId);
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    stage.server.at = () => undefined;
    await go(23);
    expect([stage.sentTo(due), (await stage.ends(due))[0]]).toEqual([0, 'pending, mail pending']);
    await go(30);
    expect(stage.sentTo(due)).toBe(0);
    await go(31);
    expect([stage.sentTo(due), (await stage.ends(due))[0]]).toEqual([1, 'sent, mail sent']);
  });

  it('do not send what ceased to be due meanwhile, nor twice where a newer run comes before they are over', async () => {
    const [due, fetched] = [await stage.makeDue(platformId, 200), await stage.makeDue(platformId, 200)];
    await stage.select(platformId);
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, NIGHT]);
    stage.clock.at = later(NIGHT, 5);
    await stage.select(platformId, 'by-hand');
    await go(31);
    await go(40);
    expect([stage.sentTo(due), stage.sentTo(fetched)]).toEqual([1, 0]);
    expect(await stage.ends(due)).toEqual(['skipped newer-run, mail skipped', 'sent, mail sent']);
  });
});
