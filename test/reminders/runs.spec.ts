// When runs are made, wait and end: one for each slot, however many schedulers there are and wherever the clock goes;
// and whom they leave out because the data are gone.

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Transactions } from '../../src/database/index.js';
import { Ids } from '../../src/ids/index.js';
import { MediafluxError } from '../../src/mediaflux/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { DataCheck } from '../../src/reminders/data-check.js';
import { OperatorNotices } from '../../src/reminders/notices/operator-notices.service.js';
import { ReminderPlanner } from '../../src/reminders/reminder-planner.js';
import { RunRemindersProcessor } from '../../src/reminders/run-reminders.processor.js';
import { SlotsStore } from '../../src/reminders/slots.store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { SmtpScript } from '../support/smtp-script.js';
import { until } from '../support/wait.js';
import { type Due, later, Stage } from './stage.js';

/** A slot of every Saturday at midnight. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const DAY = 24;

let database: TestDatabase;
let server: SmtpScript;
let stage: Stage;
let planner: ReminderPlanner;
let processor: RunRemindersProcessor;
let platformId: string;
/** Runs that stand in the queue. */
let queued: string[];
/** What Mediaflux says of a folder. */
let exists: (namespace: string) => boolean | Promise<boolean>;
let asked: string[];

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
  server = await SmtpScript.start();
});
afterAll(async () => {
  stage.transport.onApplicationShutdown();
  await server.close();
  await database.close();
});

beforeEach(async () => {
  stage = new Stage(database, server.url, SLOT);
  platformId = await stage.makePlatform();
  [queued, asked, exists] = [[], [], () => true];
  planner = makePlanner();
  processor = makeProcessor();
});

function makePlanner(): ReminderPlanner {
  const queue = { add: async (_job: unknown, { runId }: { runId: string }) => void queued.push(runId) };
  return new ReminderPlanner(
    new Transactions(database.dataSource),
    stage.runs,
    new SlotsStore(),
    queue as never,
    stage.clock,
  );
}

function makeProcessor(): RunRemindersProcessor {
  const transactions = new Transactions(database.dataSource);
  const mediaflux = {
    folderExists: async (namespace: string) => {
      asked.push(namespace);
      return exists(namespace);
    },
  } as never;
  const dispatcher = { kick: async () => undefined } as never;
  return new RunRemindersProcessor(
    transactions,
    stage.runs,
    stage.selection,
    new DataCheck(transactions, new CandidatesStore(), stage.runs, stage.deliveries, mediaflux, stage.clock),
    new OperatorNotices(
      transactions,
      stage.runs,
      stage.notices,
      new PersonsStore(new Ids()),
      mediaflux,
      dispatcher,
      stage.clock,
    ),
    dispatcher,
    stage.clock,
  );
}

/** What the schedule and the workers do at this moment: plan, choose, send, finish. */
async function work(): Promise<void> {
  await planner.plan(platformId);
  for (const runId of await open()) await processor.process({ runId }, new AbortController().signal);
  await stage.send();
  for (const runId of await open()) await processor.process({ runId }, new AbortController().signal);
}

const open = async (): Promise<string[]> =>
  (
    await stage.query<{ id: string }>(
      `select id from reminder_run where platform_id = $1 and state in ('pending', 'selecting', 'sending') order by slot`,
      [platformId],
    )
  ).map(({ id }) => id);

/** Runs that the sweep finds. */
async function planned(): Promise<string[]> {
  await planner.plan(platformId);
  return open();
}

const runs = async (): Promise<string[]> =>
  (
    await stage.query<{ slot: Date; trigger: string; state: string }>(
      'select slot, trigger, state from reminder_run where platform_id = $1 order by slot',
      [platformId],
    )
  ).map(({ slot, trigger, state }) => `${slot.toISOString().slice(5, 16)} ${trigger} ${state}`);

const sentTo = (delivery: Due): number => server.to(delivery.recipient).length;

describe('the run of a slot', () => {
  it('is made once by many schedulers at the same moment, and queued once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => makePlanner().plan(platformId)));
    expect([await runs(), queued]).toEqual([['03-08T00:00 scheduled pending'], await open()]);
  });

  it('is found by the sweep after the whole queue was lost, and put back', async () => {
    await planner.plan(platformId);
    queued = [];
    await planner.sweep();
    expect(queued).toEqual(expect.arrayContaining(await open()));
  });

  it('is made up for when the service comes back, for the newest slot alone', async () => {
    stage.clock.at = later(SLOT, 20 * DAY);
    await planner.plan(platformId);
    expect(await runs()).toEqual(['03-22T00:00 made-up pending']);
  });

  it('is not made for a slot from before reminders were switched on', async () => {
    await stage.query('update platform set reminders_enabled_at = $2 where id = $1', [platformId, later(SLOT, 1)]);
    stage.clock.at = later(SLOT, 2);
    await planner.plan(platformId);
    expect(await runs()).toEqual([]);
  });

  it('is not made again when the clock goes back, and the next one comes when it goes on', async () => {
    await planner.plan(platformId);
    stage.clock.at = later(SLOT, -1);
    await planner.plan(platformId);
    await planner.sweep();
    stage.clock.at = later(SLOT, 1);
    await planner.plan(platformId);
    expect(await runs()).toEqual(['03-08T00:00 scheduled pending']);
    stage.clock.at = later(SLOT, 7 * DAY);
    await planner.sweep();
    expect(await runs()).toHaveLength(2);
  });
});

describe('a person is reminded once', () => {
  it('by a made-up run minutes before a scheduled one', async () => {
    const due = await stage.makeDue(platformId, 20 * DAY);
    stage.clock.at = later(SLOT, 7 * DAY - 0.1);
    await work();
    stage.clock.at = later(SLOT, 7 * DAY);
    await work();
    expect(await runs()).toEqual(['03-08T00:00 made-up finished', '03-15T00:00 scheduled finished']);
    expect([sentTo(due), await stage.ends(due)]).toEqual([1, ['sent, mail sent']]);
    stage.clock.at = later(SLOT, 14 * DAY);
    await work();
    expect(sentTo(due)).toBe(2);
  });

  it('by a run by hand beside a scheduled one', async () => {
    const due = await stage.makeDue(platformId, 20 * DAY);
    stage.clock.at = later(SLOT, -0.1);
    await stage.select(platformId, 'by-hand');
    await stage.send();
    stage.clock.at = SLOT;
    await work();
    expect(await runs()).toEqual(['03-07T23:54 by-hand finished', '03-08T00:00 scheduled finished']);
    expect(sentTo(due)).toBe(1);
  });
});

describe('a run that a worker is at', () => {
  const process = (runId: string): Promise<void> => processor.process({ runId }, new AbortController().signal);
  const leaseOf = async (runId: string): Promise<number> => {
    const [run] = await stage.query<{ lease_until: Date | null }>(
      'select lease_until from reminder_run where id = $1',
      [runId],
    );
    return run?.lease_until?.getTime() ?? 0;
  };

  it('is left to it until its lease ends, and then taken up', async () => {
    const due = await stage.makeDue(platformId, 6 * DAY);
    await planner.plan(platformId);
    const [runId = ''] = await open();
    await stage.runs.claim(database.dataSource.manager, runId);
    await process(runId);
    await planner.sweep();
    expect([asked, await runs(), queued.filter((id) => id === runId)]).toEqual([
      [],
      ['03-08T00:00 scheduled pending'],
      [runId],
    ]);
    await stage.query(`update reminder_run set lease_until = now() - interval '1 second' where id = $1`, [runId]);
    await planner.sweep();
    expect(queued.filter((id) => id === runId)).toHaveLength(2);
    await process(runId);
    await stage.send();
    expect(sentTo(due)).toBe(1);
  });

  it('whose lease ended and was taken over by another leaves that one its lease', async () => {
    await stage.makeDue(platformId, 6 * DAY);
    await planner.plan(platformId);
    const [runId = ''] = await open();
    let goOn: (isThere: boolean) => void = () => undefined;
    exists = () => new Promise((resolve) => (goOn = resolve));
    const working = process(runId);
    await until('the worker having claimed it', async () => (await leaseOf(runId)) || undefined);
    await stage.query(`update reminder_run set lease_until = now() - interval '1 second' where id = $1`, [runId]);
    const other = await stage.runs.claim(database.dataSource.manager, runId);
    const held = await leaseOf(runId);
    await until('the worker asking for the data', () => (asked.length > 0 ? true : undefined));
    goOn(true);
    await working;
    expect([await leaseOf(runId), other && (await stage.runs.renew(database.dataSource.manager, other))]).toEqual([
      held,
      true,
    ]);
  });

  it('keeps its lease however long the work takes, and gives it back afterwards', async () => {
    await stage.makeDue(platformId, 6 * DAY);
    await planner.plan(platformId);
    const [runId = ''] = await open();
    let goOn: (isThere: boolean) => void = () => undefined;
    exists = () => new Promise((resolve) => (goOn = resolve));
    const working = process(runId);
    const first = await until('the worker having claimed it', async () => (await leaseOf(runId)) || undefined);
    await until('the lease being renewed', async () => ((await leaseOf(runId)) > first ? true : undefined));
    goOn(true);
    await working;
    expect(await leaseOf(runId)).toBe(0);
  });
});

describe('a run that was interrupted, and whose reminders are switched off before it goes on', () => {
  it.each([false, true])(
    'ends what it had chosen, tells of what had gone, and leaves nothing waiting; one mail for a person: %s',
    async (isDigest) => {
      platformId = await stage.makePlatform({ reminder_digest: isDigest, reminder_operator_notice: 'shareable' });
      const due = [await stage.makeDue(platformId, 20 * DAY), await stage.makeDue(platformId, 21 * DAY)];
      const { personId: operator } = await stage.makeDue(platformId, -1);
      await stage.query('update upload set operator_person_id = $2 where id = $1', [due[0]?.uploadId, operator]);
      await planner.plan(platformId);
      const [runId = ''] = await open();
      const platform = await stage.platform(platformId);
      const { manager } = database.dataSource;
      await stage.runs.begin(manager, runId, SLOT);
      const wanted = { runId, platform, judgedAt: SLOT, now: SLOT, nextSlot: undefined };
      await stage.selection.page(manager, wanted, 1);
      if (!isDigest) await stage.send();
      await stage.selection.page(manager, wanted, 1);
      await stage.query('update platform set reminders_enabled = false where id = $1', [platformId]);
      await work();
      await work();
      const ends = await stage.query<{ end: string }>(
        `select concat_ws(' ', state, reason) as end from reminder where run_id = $1 order by created_at, id`,
        [runId],
      );
      const off = 'skipped reminders-off';
      expect(ends.map(({ end }) => end)).toEqual(isDigest ? [off, off] : ['sent', off]);
      expect(await runs()).toEqual(['03-08T00:00 scheduled finished']);
      const told = await stage.query(`select 1 from mail_outbox where kind = 'reminder-notice' and subject_id = $1`, [
        runId,
      ]);
      expect(told).toHaveLength(isDigest ? 0 : 1);
    },
  );

  it('is cancelled where it had chosen nobody', async () => {
    const due = await stage.makeDue(platformId, 20 * DAY);
    await planner.plan(platformId);
    await stage.query('update platform set reminders_enabled = false where id = $1', [platformId]);
    await work();
    expect([await runs(), sentTo(due)]).toEqual([['03-08T00:00 scheduled cancelled'], 0]);
  });
});

describe('before anybody is reminded', () => {
  const away = (): boolean => {
    throw new MediafluxError('unreachable', 'Mediaflux cannot be reached.');
  };

  it('each upload concerned is asked for once, and no other', async () => {
    const [due, fetched] = [await stage.makeDue(platformId), await stage.makeDue(platformId)];
    await stage.query('update delivery set accessed_at = $2 where id = $1', [fetched.id, SLOT]);
    await work();
    expect(asked).toEqual([`/projects/proj-a/${due.uploadId}/data`]);
  });

  it('data that are gone end their deliveries, the operator is told once, and others are reminded', async () => {
    const [due, other] = [await stage.makeDue(platformId), await stage.makeDue(platformId)];
    const operator = (await stage.makeDue(platformId, 1)).personId;
    await stage.query('update upload set operator_person_id = $2 where id = $1', [due.uploadId, operator]);
    exists = (namespace) => !namespace.includes(due.uploadId);
    await work();
    stage.clock.at = later(SLOT, 1);
    await stage.select(platformId, 'by-hand');
    const [gone] = await stage.query<{ gone_at: Date }>('select gone_at from delivery where id = $1', [due.id]);
    expect([gone?.gone_at, sentTo(due), sentTo(other)]).toEqual([SLOT, 0, 1]);
    const told = await stage.query(`select 1 from mail_outbox where kind = 'gone' and subject_id = $1`, [due.uploadId]);
    expect(told).toHaveLength(1);
  });

  it('a run waits while Mediaflux is away, and goes on within its slot', async () => {
    const due = await stage.makeDue(platformId, 6 * DAY);
    exists = away;
    await work();
    expect([await runs(), sentTo(due)]).toEqual([['03-08T00:00 scheduled selecting'], 0]);
    stage.clock.at = later(SLOT, 5 * DAY);
    exists = () => true;
    await work();
    expect([await runs(), sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 1]);
  });

  it('a run that waits asks ever more seldom, and the log tells once that it waits and once that it goes on', async () => {
    const due = await stage.makeDue(platformId, 6 * DAY);
    const [warn, log] = [jest.spyOn(Logger.prototype, 'warn'), jest.spyOn(Logger.prototype, 'log')];
    try {
      exists = away;
      for (let seconds = 0; seconds < 900; seconds += 2) {
        stage.clock.at = later(SLOT, seconds / 3_600);
        for (const runId of await planned()) await processor.process({ runId }, new AbortController().signal);
      }
      // Half a minute apart at last; two seconds apart these were 450.
      expect(asked.length).toBeGreaterThan(25);
      expect(asked.length).toBeLessThan(40);
      const [failures] = [asked.length];
      exists = () => true;
      stage.clock.at = later(SLOT, 930 / 3_600);
      await work();
      expect([await runs(), sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 1]);
      const told = expect.objectContaining({ platformId });
      expect(warn.mock.calls).toEqual([[told, expect.stringContaining('waits')]]);
      expect(log.mock.calls).toEqual([
        [expect.objectContaining({ platformId, failures, waitedSeconds: 930 }), expect.stringContaining('goes on')],
      ]);
    } finally {
      warn.mockRestore();
      log.mockRestore();
    }
  });

  it('a run that waits goes on at once when the clock was set back meanwhile', async () => {
    const due = await stage.makeDue(platformId, 6 * DAY);
    exists = away;
    await work();
    stage.clock.at = later(SLOT, -1);
    exists = () => true;
    await work();
    expect(sentTo(due)).toBe(1);
  });

  it('a run that waited until its links expired reminds nobody of them', async () => {
    const due = await stage.makeDue(platformId, 2 * DAY);
    exists = away;
    await work();
    stage.clock.at = later(SLOT, 2 * DAY);
    exists = () => true;
    await work();
    expect([await runs(), sentTo(due)]).toEqual([['03-08T00:00 scheduled finished'], 0]);
  });

  it('a run that waited until the next slot gives way to that slot’s', async () => {
    const due = await stage.makeDue(platformId, 20 * DAY);
    exists = away;
    await work();
    stage.clock.at = later(SLOT, 7 * DAY);
    exists = () => true;
    await work();
    expect(await runs()).toEqual(['03-08T00:00 scheduled superseded', '03-15T00:00 scheduled finished']);
    expect(sentTo(due)).toBe(1);
  });
});
