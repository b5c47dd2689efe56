// Before anybody is reminded Mediaflux is asked whether the data are there: whom a run leaves out because they are gone,
// and how it waits where Mediaflux cannot say.

import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MediafluxError } from '../../src/mediaflux/index.js';
import { ReminderRunsService } from '../../src/reminders/reminder-runs.service.js';
import { plannedOn } from './planned.js';
import { later, stageAt } from './stage.js';

/** A slot of every Saturday at midnight. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const DAY = 24;

const stage = stageAt(SLOT);
const planned = plannedOn(stage);

describe('before anybody is reminded', () => {
  const away = (): boolean => {
    throw new MediafluxError('unreachable', 'Mediaflux cannot be reached.');
  };

  it('each upload concerned is asked for once, and no other', async () => {
    const [due, fetched] = [await stage.makeDue(planned.platformId), await stage.makeDue(planned.platformId)];
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, SLOT]);
    await planned.work();
    expect(planned.asked).toEqual([`/projects/proj-a/${due.uploadId}/data`]);
  });

  it('data that are gone end their deliveries, the operator is told once, and others are reminded', async () => {
    const [due, other] = [await stage.makeDue(planned.platformId), await stage.makeDue(planned.platformId)];
    const operator = (await stage.makeDue(planned.platformId, 1)).personId;
    await stage.query('update upload set operator_person_id = $2 where id = $1', [due.uploadId, operator]);
    planned.exists = (namespace) => !namespace.includes(due.uploadId);
    await planned.work();
    stage.clock.at = later(SLOT, 1);
    await stage.select(planned.platformId, 'by-hand');
    const [gone] = await stage.query<{ gone_at: Date }>('select gone_at from delivery where id = $1', [due.id]);
    expect([gone?.gone_at, stage.sentTo(due), stage.sentTo(other)]).toEqual([SLOT, 0, 1]);
    const told = await stage.query(`select 1 from mail_outbox where kind = 'gone' and subject_id = $1`, [due.uploadId]);
    expect(told).toHaveLength(1);
  });

  it('a run waits while Mediaflux is away, and goes on within its slot', async () => {
    const due = await stage.makeDue(planned.platformId, 6 * DAY);
    planned.exists = away;
    await planned.work();
    expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled selecting'], 0]);
    stage.clock.at = later(SLOT, 5 * DAY);
    planned.exists = () => true;
    await planned.work();
    expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 1]);
  });

  it('a run that waits asks ever more seldom, and the log tells once that it waits and once that it goes on', async () => {
    const due = await stage.makeDue(planned.platformId, 6 * DAY);
    const [warn, log] = [jest.spyOn(Logger.prototype, 'warn'), jest.spyOn(Logger.prototype, 'log')];
    try {
      planned.exists = away;
      for (let seconds = 0; seconds < 900; seconds += 2) {
        stage.clock.at = later(SLOT, seconds / 3_600);
        for (const runId of await planned.swept()) await planned.process(runId);
      }
      // Half a minute apart at last; two seconds apart these were 450.
      expect(planned.asked.length).toBeGreaterThan(25);
      expect(planned.asked.length).toBeLessThan(40);
      const [failures] = [planned.asked.length];
      planned.exists = () => true;
      stage.clock.at = later(SLOT, 930 / 3_600);
      await planned.work();
      expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 1]);
      const told = expect.objectContaining({ platformId: planned.platformId });
      expect(warn.mock.calls).toEqual([[told, expect.stringContaining('waits')]]);
      expect(log.mock.calls).toEqual([
        [
          expect.objectContaining({ platformId: planned.platformId, failures, waitedSeconds: 930 }),
          expect.stringContaining('goes on'),
        ],
      ]);
    } finally {
      warn.mockRestore();
      log.mockRestore();
    }
  });

  it('a run that waits goes on at once when the clock was set back meanwhile', async () => {
    const due = await stage.makeDue(planned.platformId, 6 * DAY);
    planned.exists = away;
    await planned.work();
    stage.clock.at = later(SLOT, -1);
    planned.exists = () => true;
    await planned.work();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('a run that waited until its links expired reminds nobody of them', async () => {
    const due = await stage.makeDue(planned.platformId, 2 * DAY);
    planned.exists = away;
    await planned.work();
    stage.clock.at = later(SLOT, 2 * DAY);
    planned.exists = () => true;
    await planned.work();
    expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 0]);
  });

  describe('a run by hand', () => {
    const byHand = async (): Promise<string> => {
      const id = stage.runs.nextId();
      const [platformId, now] = [planned.platformId, stage.clock.at];
      await stage.transactions.run((tx) => stage.runs.createByHand(tx, { id, platformId, now }));
      return id;
    };
    /** What REST tells of it. */
    const shown = async (runId: string) => {
      const unused = undefined as never;
      const service = new ReminderRunsService(stage.transactions, stage.runs, unused, unused, stage.clock);
      const { state, finishedAt, endReason, reminders } = await service.get(runId);
      return { state, finishedAt, endReason, reminders };
    };

    it('waits for almost a day and goes on when Mediaflux is back', async () => {
      const due = await stage.makeDue(planned.platformId, 6 * DAY);
      stage.clock.at = later(SLOT, 1);
      const runId = await byHand();
      planned.exists = away;
      await planned.process(runId);
      stage.clock.at = later(SLOT, 24.9);
      await planned.process(runId);
      planned.exists = () => true;
      stage.clock.at = later(SLOT, 25.5);
      await planned.process(runId);
      await stage.send();
      await planned.process(runId);
      expect(stage.sentTo(due)).toBe(1);
      expect(await shown(runId)).toMatchObject({ state: 'finished', endReason: null, reminders: { sent: 1 } });
    });

    it('ends after a day of waiting, tells why, and reminds nobody when Mediaflux is back', async () => {
      const due = await stage.makeDue(planned.platformId, 6 * DAY);
      stage.clock.at = later(SLOT, 1);
      const runId = await byHand();
      planned.exists = away;
      await planned.process(runId);
      expect(await shown(runId)).toMatchObject({ state: 'selecting', finishedAt: null, endReason: null });
      stage.clock.at = later(SLOT, 25.01);
      const warn = jest.spyOn(Logger.prototype, 'warn');
      await planned.process(runId);
      expect(warn.mock.calls).toEqual([[expect.objectContaining({ runId }), expect.stringContaining('ends')]]);
      warn.mockRestore();
      expect(await shown(runId)).toEqual({
        state: 'cancelled',
        finishedAt: '2025-03-09T01:00:36.000Z',
        endReason: 'mediaflux-away',
        reminders: {},
      });
      planned.exists = () => true;
      stage.clock.at = later(SLOT, 26);
      expect(await planned.open()).toEqual([]);
      await planned.process(runId);
      await stage.send();
      expect(stage.sentTo(due)).toBe(0);
    });

    it('that had chosen some sends to these, and tells that it ended early', async () => {
      stage.clock.at = later(SLOT, 1);
      const due = await stage.makeDue(planned.platformId, 6 * DAY);
      const runId = await stage.select(planned.platformId, 'by-hand');
      await stage.makeDue(planned.platformId, 6 * DAY);
      await stage.query(`update reminder_run set state = 'selecting', selected_at = null where id = $1`, [runId]);
      planned.exists = away;
      stage.clock.at = later(SLOT, 25.01);
      await planned.process(runId);
      await stage.send();
      await planned.process(runId);
      expect(stage.sentTo(due)).toBe(1);
      expect(await shown(runId)).toMatchObject({
        state: 'finished',
        endReason: 'mediaflux-away',
        reminders: { sent: 1 },
      });
    });
  });

  it('a run that waits gives way to no slot from before its schedule was changed, which has no run of its own', async () => {
    const due = await stage.makeDue(planned.platformId, 6 * DAY);
    planned.exists = away;
    await planned.work();
    // At five, to Saturdays at two.
    await stage.query('update platform set reminder_schedule = $2, reminders_enabled_at = $3 where id = $1', [
      planned.platformId,
      '0 2 * * 6',
      later(SLOT, 5),
    ]);
    stage.clock.at = later(SLOT, 6);
    planned.exists = () => true;
    await planned.work();
    expect([await planned.runs(), stage.sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 1]);
  });

  it('a run that ends early for another reason tells it', async () => {
    await stage.makeDue(planned.platformId, 20 * DAY);
    planned.exists = away;
    await planned.work();
    stage.clock.at = later(SLOT, 7 * DAY);
    await planned.work();
    await stage.query('update platform set reminders_enabled = false where id = $1', [planned.platformId]);
    stage.clock.at = later(SLOT, 7 * DAY + 1);
    await planned.work();
    expect(
      await stage.query('select end_reason as why from reminder_run where platform_id = $1 order by slot', [
        planned.platformId,
      ]),
    ).toEqual([{ why: 'next-slot' }, { why: 'reminders-off' }]);
  });

  it('a run that waited until the next slot gives way to that slot’s', async () => {
    const due = await stage.makeDue(planned.platformId, 20 * DAY);
    planned.exists = away;
    await planned.work();
    stage.clock.at = later(SLOT, 7 * DAY);
    planned.exists = () => true;
    await planned.work();
    expect(await planned.runs()).toEqual(['03-08T00:00 scheduled superseded', '03-15T00:00 scheduled finished']);
    expect(stage.sentTo(due)).toBe(1);
  });
});
