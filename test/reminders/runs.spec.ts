// When runs are made and end: one for each slot, however many schedulers there are and wherever the clock goes.

import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { plannedOn } from './planned.js';
import { later, stageAt } from './stage.js';

/** A slot of every Saturday at midnight. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const DAY = 24;

const stage = stageAt(SLOT);
const planned = plannedOn(stage);

describe('the run of a slot', () => {
  it('is made once by many schedulers at the same moment, and queued once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => planned.makePlanner().plan(planned.platformId)));
    expect([await planned.runs(), planned.queued]).toEqual([['03-08T00:00 scheduled pending'], await planned.open()]);
  });

  it('is found by the sweep after the whole queue was lost, and put back', async () => {
    await planned.planner.plan(planned.platformId);
    planned.queued = [];
    await planned.planner.sweep();
    expect(planned.queued).toEqual(expect.arrayContaining(await planned.open()));
  });

  it('is made up for when the service comes back, for the newest slot alone', async () => {
    stage.clock.at = later(SLOT, 20 * DAY);
    await planned.planner.plan(planned.platformId);
    expect(await planned.runs()).toEqual(['03-22T00:00 made-up pending']);
  });

  it('is not made for a slot from before reminders were switched on', async () => {
    await stage.query('update platform set reminders_enabled_at = $2 where id = $1', [
      planned.platformId,
      later(SLOT, 1),
    ]);
    stage.clock.at = later(SLOT, 2);
    await planned.planner.plan(planned.platformId);
    expect(await planned.runs()).toEqual([]);
  });

  it('is not made again when the clock goes back, and the next one comes when it goes on', async () => {
    await planned.planner.plan(planned.platformId);
    stage.clock.at = later(SLOT, -1);
    await planned.planner.plan(planned.platformId);
    await planned.planner.sweep();
    stage.clock.at = later(SLOT, 1);
    await planned.planner.plan(planned.platformId);
    expect(await planned.runs()).toEqual(['03-08T00:00 scheduled pending']);
    stage.clock.at = later(SLOT, 7 * DAY);
    await planned.planner.sweep();
    expect(await planned.runs()).toHaveLength(2);
  });
});

describe('a platform whose zone this server does not know', () => {
  it('keeps no other from its runs, nor runs that nobody is at from the queue, and the log tells of it once', async () => {
    // The first that a sweep looks at.
    const platformId = await stage.makePlatform({
      id: '00000000-0000-4000-8000-000000000000',
      time_zone: 'Mars/Olympus_Mons',
    });
    const error = jest.spyOn(Logger.prototype, 'error');
    try {
      for (let pass = 0; pass < 3; pass += 1) await planned.planner.sweep();
      expect(await planned.runs()).toEqual(['03-08T00:00 scheduled pending']);
      expect(planned.queued).toEqual(expect.arrayContaining(await planned.open()));
      expect(error.mock.calls).toEqual([[expect.objectContaining({ platformId }), expect.any(String)]]);
    } finally {
      error.mockRestore();
      await stage.query('update platform set reminders_enabled = false where id = $1', [platformId]);
    }
  });
});

describe('a person is reminded once', () => {
  it('by a made-up run minutes before a scheduled one', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    stage.clock.at = later(SLOT, 7 * DAY - 0.1);
    await planned.work();
    stage.clock.at = later(SLOT, 7 * DAY);
    await planned.work();
    expect(await planned.runs()).toEqual(['03-08T00:00 made-up finished', '03-15T00:00 scheduled finished']);
    expect([stage.sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
    stage.clock.at = later(SLOT, 14 * DAY);
    await planned.work();
    expect(stage.sentTo(due)).toBe(2);
  });

  it('by the run of a slot, also where somebody reminded another by hand at its very moment', async () => {
    const [due, other] = [
      await stage.makeDue(planned.platformId, 20 * DAY),
      await stage.makeDue(planned.platformId, 20 * DAY),
    ];
    await stage.byHand.run(other.id, { confirm: false });
    await planned.work();
    expect(await planned.runs()).toEqual(['03-08T00:00 scheduled finished', '03-08T00:00 by-hand finished']);
    expect([stage.sentTo(due), stage.sentTo(other)]).toEqual([1, 1]);
  });

  it('by a run by hand beside a scheduled one', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    stage.clock.at = later(SLOT, -0.1);
    await stage.select(planned.platformId, 'by-hand');
    await stage.send();
    stage.clock.at = SLOT;
    await planned.work();
    expect(await planned.runs()).toEqual(['03-07T23:54 by-hand finished', '03-08T00:00 scheduled finished']);
    expect(stage.sentTo(due)).toBe(1);
  });
});

describe('a run that was interrupted, and whose reminders are switched off before it goes on', () => {
  it.each([false, true])(
    'ends what it had chosen, tells of what had gone, and leaves nothing waiting; one mail for a person: %s',
    async (isDigest) => {
      planned.platformId = await stage.makePlatform({
        reminder_digest: isDigest,
        reminder_operator_notice: 'shareable',
      });
      const due = [
        await stage.makeDue(planned.platformId, 20 * DAY),
        await stage.makeDue(planned.platformId, 21 * DAY),
      ];
      const { personId: operator } = await stage.makeDue(planned.platformId, -1);
      await stage.query('update upload set operator_person_id = $2 where id = $1', [due[0]?.uploadId, operator]);
      await planned.planner.plan(planned.platformId);
      const [runId = ''] = await planned.open();
      const platform = await stage.platform(planned.platformId);
      const { manager } = stage.database.dataSource;
      await stage.runs.begin(manager, runId, SLOT);
      const wanted = { runId, platform, judgedAt: SLOT, now: SLOT, nextSlot: undefined };
      await stage.selection.page(manager, wanted, 1);
      if (!isDigest) await stage.send();
      await stage.selection.page(manager, wanted, 1);
      await stage.query('update platform set reminders_enabled = false where id = $1', [planned.platformId]);
      await planned.work();
      await planned.work();
      const ends = await stage.query<{ end: string }>(
        `select concat_ws(' ', state, reason) as end from reminder where run_id = $1 order by created_at, id`,
        [runId],
      );
      const off = 'skipped reminders-off';
      expect(ends.map(({ end }) => end)).toEqual(isDigest ? [off, off] : ['sent', off]);
      expect(await planned.runs()).toEqual(['03-08T00:00 scheduled finished']);
      const told = await stage.query(`select 1 from mail_outbox where kind = 'reminder-notice' and subject_id = $1`, [
        runId,
      ]);
      expect(told).toHaveLength(isDigest ? 0 : 1);
    },
  );

  it('is cancelled where it had chosen nobody', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    await planned.planner.plan(planned.platformId);
    await stage.query('update platform set reminders_enabled = false where id = $1', [planned.platformId]);
    await planned.work();
    expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled cancelled'], 0]);
  });
});
