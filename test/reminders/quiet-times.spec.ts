// Quiet hours and closed days put a reminder off, never to the expiry of its links; whatever happens meanwhile counts.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SmtpScript } from '../support/smtp-script.js';
import { type Due, later, Stage } from './stage.js';

/** A Saturday, at night. */
const NIGHT = new Date('2025-03-08T00:00:00Z');
const QUIET = { from: '18:00', to: '07:00' };
const WEEKEND = { weekdays: ['saturday', 'sunday'], dates: [] };

let database: TestDatabase;
let server: SmtpScript;
let stage: Stage;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  server = await SmtpScript.start();
  stage = new Stage(database, server.url, NIGHT);
});
afterEach(async () => {
  stage.transport.onApplicationShutdown();
  await server.close();
  await stage.query('delete from mail_outbox');
});

const sentTo = (delivery: Due): number => server.to(delivery.recipient).length;
/** Was it sent by that many hours after midnight? */
async function sendAt(hours: number, delivery: Due): Promise<number> {
  stage.clock.at = later(NIGHT, hours);
  await stage.send();
  return sentTo(delivery);
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

  it('by hand leaves at once', async () => {
    const platformId = await stage.makePlatform();
    await set(platformId, QUIET);
    const due = await stage.makeDue(platformId);
    await stage.select(platformId, 'by-hand');
    expect(await sendAt(0, due)).toBe(1);
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
    server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Try again later' } : undefined);
    expect(await sendAt(0, due)).toBe(0);
    await set(quiet, QUIET);
    server.at = () => undefined;
    expect([await sendAt(1, due), sentTo(other)]).toEqual([0, 1]);
    expect(await sendAt(7, due)).toBe(1);
  });
});
