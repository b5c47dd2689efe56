// A platform whose time zone this server does not know, because the data of zones have changed since it was set: it has no
// runs until that is mended, what was under way goes on, all others go on, and it is told once, not at every look.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PlatformsStore } from '../../src/platforms/platforms.store.js';
import { PlatformsService } from '../../src/platforms/platforms.service.js';
import { plannedOn } from './planned.js';
import { later, stageAt } from './stage.js';

/** A slot of every Saturday at midnight. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const DAY = 24;

const stage = stageAt(SLOT);
const planned = plannedOn(stage);

const zone = (name: string): Promise<unknown> =>
  stage.query('update platform set time_zone = $2 where id = $1', [planned.platformId, name]);
const lost = (): Promise<unknown> => zone('Antarctica/Atlantis');

let error: jest.SpiedFunction<Logger['error']>;
let warn: jest.SpiedFunction<Logger['warn']>;
let log: jest.SpiedFunction<Logger['log']>;
beforeEach(() => {
  error = jest.spyOn(Logger.prototype, 'error');
  warn = jest.spyOn(Logger.prototype, 'warn');
  log = jest.spyOn(Logger.prototype, 'log');
});
afterEach(() => void jest.restoreAllMocks());
/** Of each line about the platform, how it begins. */
const told = (): string[] =>
  [...error.mock.calls, ...warn.mock.calls, ...log.mock.calls].flatMap(([facts, text]) =>
    (facts as { platformId?: string }).platformId === planned.platformId ? [String(text).slice(0, 40)] : [],
  );

it('has no runs until its zone is known again, which is told once when it begins and once when it is over', async () => {
  const due = await stage.makeDue(planned.platformId, 20 * DAY);
  await lost();
  for (let second = 0; second < 20; second += 2) {
    stage.clock.at = later(SLOT, second / 3_600);
    await planned.planner.sweep();
    await planned.planner.process({ platformId: planned.platformId });
  }
  expect([await planned.runs(), told()]).toEqual([[], ['The slots of a platform cannot be worked']]);
  await zone('UTC');
  stage.clock.at = later(SLOT, 1);
  await planned.planner.sweep();
  await planned.planner.sweep();
  expect(told()).toEqual(['The slots of a platform cannot be worked', 'The slots of a platform can be worked ou']);
  await planned.work();
  expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 made-up finished'], 1]);
  await lost();
  await planned.planner.sweep();
  expect(error).toHaveBeenCalledTimes(2);
});

it('a run that had not chosen yet waits, told once, and goes on when the zone is known again', async () => {
  const due = await stage.makeDue(planned.platformId, 20 * DAY);
  await planned.planner.plan(planned.platformId);
  await lost();
  const [runId = ''] = await planned.open();
  for (let seconds = 0; seconds < 600; seconds += 2) {
    stage.clock.at = later(SLOT, seconds / 3_600);
    await planned.process(runId);
  }
  expect(told()).toEqual(['The time zone of a platform is not known']);
  await zone('UTC');
  stage.clock.at = later(SLOT, 1);
  await planned.work();
  expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 1]);
  expect(told()).toHaveLength(2);
});

it('reminders that were chosen go, with the end of their links in UTC', async () => {
  const due = await stage.makeDue(planned.platformId, 20 * DAY);
  const runId = await stage.select(planned.platformId);
  await stage.query('update platform set reminder_quiet_hours = $1, reminder_closed_days = $2', [
    { from: '23:00', to: '23:30' },
    { weekdays: [], dates: ['12-25'] },
  ]);
  await lost();
  await stage.send();
  await planned.process(runId);
  expect(await stage.ends(due)).toEqual(['sent, mail sent']);
  const { text = '' } = await stage.mailTo(due);
  expect(text).toContain('00:00 (UTC)');
  expect(text).not.toContain('This is the last reminder');
  expect(await planned.runs()).toEqual(['03-08T00:00 scheduled finished']);
});

describe('administrators', () => {
  it('see the platform, alone and among others, with a warning', async () => {
    const unused = undefined as never;
    const service = new PlatformsService(
      stage.transactions,
      new PlatformsStore(),
      unused,
      unused,
      unused,
      unused,
      unused,
      stage.clock,
    );
    expect((await service.get(planned.platformId)).warnings.join()).not.toContain('time zone');
    await lost();
    const { warnings, createdAt } = await service.get(planned.platformId);
    expect(warnings).toEqual([expect.stringMatching(/does not know the time zone Antarctica\/Atlantis/)]);
    expect(createdAt).toMatch(/Z$/);
    const { items } = await service.list({ limit: 500 });
    expect(items.find(({ id }) => id === planned.platformId)?.warnings).toEqual(warnings);
  });

  it('see who would be reminded, without a slot', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await lost();
    const preview = await stage.previews.run(planned.platformId, { limit: 10 });
    expect(preview.slot).toBeNull();
    expect(preview.due.items).toEqual([expect.objectContaining({ deliveryId: due.id, last: false })]);
  });

  it('remind by hand', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await lost();
    await stage.byHand.run(due.id, { confirm: false });
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });
});
