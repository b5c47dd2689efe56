// A run is worked on by one worker at a time, for as long as it takes, and taken up by another when that one is gone.

import { describe, expect, it } from '@jest/globals';
import { until } from '../support/wait.js';
import { plannedOn } from './planned.js';
import { stageAt } from './stage.js';

/** A slot of every Saturday at midnight. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const DAY = 24;

const stage = stageAt(SLOT);
const planned = plannedOn(stage);

describe('a run that a worker is at', () => {
  const leaseOf = async (runId: string): Promise<number> => {
    const [run] = await stage.query<{ lease_until: Date | null }>(
      'select lease_until from reminder_run where id = $1',
      [runId],
    );
    return run?.lease_until?.getTime() ?? 0;
  };

  /** A worker has claimed the run and waits for Mediaflux until it is let go on. */
  async function workedOn(): Promise<{ runId: string; goOn: () => void; working: Promise<void> }> {
    await stage.makeDue(planned.platformId, 6 * DAY);
    await planned.planner.plan(planned.platformId);
    const [runId = ''] = await planned.open();
    let answer: (isThere: boolean) => void = () => undefined;
    planned.exists = () => new Promise((resolve) => (answer = resolve));
    const working = planned.process(runId);
    await until('the worker asking for the data', () => planned.asked.length > 0 || undefined);
    return { runId, goOn: () => answer(true), working };
  }

  it('is left to it until its lease ends, and then taken up', async () => {
    const due = await stage.makeDue(planned.platformId, 6 * DAY);
    await planned.planner.plan(planned.platformId);
    const [runId = ''] = await planned.open();
    await stage.runs.claim(stage.database.dataSource.manager, runId);
    await planned.process(runId);
    await planned.planner.sweep();
    expect([planned.asked, await planned.runs(), planned.queued.filter((id) => id === runId)]).toEqual([
      [],
      ['03-08T00:00 scheduled pending'],
      [runId],
    ]);
    await stage.query(`update reminder_run set lease_until = now() - interval '1 second' where id = $1`, [runId]);
    await planned.planner.sweep();
    expect(planned.queued.filter((id) => id === runId)).toHaveLength(2);
    await planned.process(runId);
    await stage.send();
    expect(stage.sentTo(due)).toBe(1);
  });

  it('whose lease ended and was taken over by another leaves that one its lease', async () => {
    const { runId, goOn, working } = await workedOn();
    await stage.query(`update reminder_run set lease_until = now() - interval '1 second' where id = $1`, [runId]);
    const other = await stage.runs.claim(stage.database.dataSource.manager, runId);
    const held = await leaseOf(runId);
    goOn();
    await working;
    expect([await leaseOf(runId), other && (await stage.runs.renew(stage.database.dataSource.manager, other))]).toEqual(
      [held, true],
    );
  });

  it('keeps its lease however long the work takes, and gives it back afterwards', async () => {
    const { runId, goOn, working } = await workedOn();
    const first = await leaseOf(runId);
    await until('the lease being renewed', async () => ((await leaseOf(runId)) > first ? true : undefined));
    goOn();
    await working;
    expect(await leaseOf(runId)).toBe(0);
  });
});
