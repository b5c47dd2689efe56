// Reminders that are switched off while some that were chosen wait: they do not go, also when reminders are on again before
// their mails' time comes. Real PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuditStore } from '../../src/audit/index.js';
import { Ids } from '../../src/ids/index.js';
import { MediafluxError } from '../../src/mediaflux/index.js';
import { PlatformChanges } from '../../src/platforms/index.js';
import { PlatformsService } from '../../src/platforms/platforms.service.js';
import { PlatformsStore } from '../../src/platforms/platforms.store.js';
import { PolicyVersionsStore } from '../../src/platforms/reminder-policy/policy-versions.store.js';
import { plannedOn } from './planned.js';
import { type Due, later, stageAt } from './stage.js';

/** A slot of every Saturday at midnight. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const DAY = 24;

const stage = stageAt(SLOT);
const planned = plannedOn(stage);
let platforms: PlatformsService;
beforeEach(() => {
  const ids = new Ids();
  const unasked = { run: () => Promise.reject(new Error('No namespace was to be looked at.')) };
  platforms = new PlatformsService(
    stage.transactions,
    new PlatformsStore(),
    new PolicyVersionsStore(ids),
    unasked as never,
    new AuditStore(ids),
    new PlatformChanges(),
    ids,
    stage.clock,
  );
});

const set = (reminders: Record<string, unknown>) => platforms.change(planned.platformId, { reminders });
const offAndOn = async (): Promise<void> => {
  await set({ enabled: false });
  await set({ enabled: true });
};
const process = async (): Promise<void> => {
  for (const runId of await planned.open()) await planned.process(runId);
};
const CLOSED = ['skipped reminders-off, mail skipped'];

describe('reminders that wait for the mail server when they are switched off', () => {
  it('do not go when reminders are on again; those of the next slot do', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await stage.select(planned.platformId);
    stage.clock.at = later(SLOT, 1);
    await offAndOn();
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, CLOSED]);
    stage.clock.at = later(SLOT, 7 * DAY);
    await planned.work();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, [...CLOSED, 'sent, mail sent']]);
  });

  it('do not go, however often reminders were switched, nor whatever the clock of who switched them showed', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await stage.select(planned.platformId);
    stage.clock.at = later(SLOT, -10 * DAY);
    await offAndOn();
    await offAndOn();
    stage.clock.at = later(SLOT, 1);
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, CLOSED]);
  });

  it('do not go in one mail either', async () => {
    await set({ digest: true });
    const first = await stage.makeDue(planned.platformId, 20 * DAY);
    const second = await stage.makeDueTo(first.personId, planned.platformId, 20 * DAY);
    await stage.select(planned.platformId);
    await offAndOn();
    await stage.send();
    expect([stage.sentTo(first), await stage.ends(first), await stage.ends(second)]).toEqual([0, CLOSED, CLOSED]);
  });

  it('do not go when a worker that had begun to hand them over is gone and they are put back', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await stage.select(planned.platformId);
    await stage.query(
      `update mail_outbox set state = 'sending', attempt = 1, handing_over_since = $1, lease_until = now() - interval '1 second'`,
      [SLOT],
    );
    await offAndOn();
    await stage.sender.takeOver();
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, CLOSED]);
  });

  it('go when something else of the policy was changed meanwhile', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await stage.select(planned.platformId);
    await set({ maxReminders: 5, schedule: '0 9 * * 1' });
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('go when they were sent for by hand', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await stage.select(planned.platformId, 'by-hand');
    await offAndOn();
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('of another platform go', async () => {
    const other = await stage.makePlatform();
    const due = await stage.makeDue(other, 20 * DAY);
    await stage.select(other);
    await offAndOn();
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });
});

describe('reminders that wait for the end of quiet hours when they are switched off', () => {
  const waiting = async (): Promise<Due> => {
    await set({ quietHours: { from: '22:00', to: '07:00' } });
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await stage.select(planned.platformId);
    await stage.send();
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    return due;
  };

  it('are closed at once, and their run ends', async () => {
    const due = await waiting();
    await set({ enabled: false });
    await process();
    await stage.send();
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([0, CLOSED]);
    await process();
    expect(await planned.runs()).toEqual(['03-08T00:00 scheduled finished']);
  });

  it('wait on where nothing was switched off', async () => {
    const due = await waiting();
    await process();
    await stage.send();
    expect(await stage.ends(due)).toEqual(['pending, mail pending']);
    stage.clock.at = later(SLOT, 7);
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });
});

it('a run that waits for Mediaflux when reminders are switched off reminds nobody, also when they are on again', async () => {
  const due = await stage.makeDue(planned.platformId, 20 * DAY);
  planned.exists = () => {
    throw new MediafluxError('unreachable', 'Mediaflux cannot be reached.');
  };
  await planned.work();
  stage.clock.at = later(SLOT, 1);
  await offAndOn();
  planned.exists = () => true;
  stage.clock.at = later(SLOT, 2);
  await planned.work();
  expect([stage.sentTo(due), await planned.runs()]).toEqual([0, ['03-08T00:00 scheduled cancelled']]);
});
