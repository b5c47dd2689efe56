// Runs that a worker is at: when it is no longer theirs they stop, they tell nobody before all has ended, and their pages
// choose everybody once. Real PostgreSQL, real sockets, set time.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Transactions } from '../../src/database/index.js';
import { Ids } from '../../src/ids/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { DataCheck } from '../../src/reminders/data-check.js';
import { OperatorNotices } from '../../src/reminders/notices/operator-notices.service.js';
import { RunRemindersProcessor } from '../../src/reminders/run-reminders.processor.js';
import type { ClaimedRun } from '../../src/reminders/runs.store.js';
import { makePerson } from '../support/make.js';
import { until } from '../support/wait.js';
import { type Due, later, stageAt } from './stage.js';

const SLOT = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(SLOT);
let platformId: string;
/** What Mediaflux says of a folder. */
let exists: () => boolean | Promise<boolean>;

beforeEach(async () => {
  platformId = await stage.makePlatform();
  exists = () => true;
});
afterEach(() => void jest.restoreAllMocks());

function makeProcessor(): RunRemindersProcessor {
  const transactions = new Transactions(stage.database.dataSource);
  const mediaflux = { folderExists: async () => exists() } as never;
  const dispatcher = { kick: async () => undefined } as never;
  const { runs, selection, deliveries, notices, clock } = stage;
  return new RunRemindersProcessor(
    transactions,
    runs,
    selection,
    new DataCheck(transactions, new CandidatesStore(), runs, deliveries, mediaflux, clock),
    new OperatorNotices(transactions, runs, notices, new PersonsStore(new Ids()), mediaflux, dispatcher, clock),
    dispatcher,
    clock,
  );
}

const process = (runId: string): Promise<void> => makeProcessor().process({ runId }, new AbortController().signal);

async function makeRun(): Promise<string> {
  const run = { platformId, slot: SLOT, trigger: 'scheduled', now: stage.clock.at } as const;
  const id = await stage.database.dataSource.transaction((tx) => stage.runs.create(tx, run));
  if (id === undefined) throw new Error('There is a run of this slot.');
  return id;
}

const lapse = (runId: string): Promise<unknown> =>
  stage.query(`update reminder_run set lease_until = now() - interval '1 second' where id = $1`, [runId]);

async function claim(runId: string): Promise<ClaimedRun> {
  const claimed = await stage.runs.claim(stage.database.dataSource.manager, runId);
  if (!claimed) throw new Error('The run is somebody’s.');
  return claimed;
}

describe('a worker that stood still until another took its run', () => {
  const leaseOf = async (runId: string): Promise<number | undefined> => {
    const [run] = await stage.query<{ lease: Date | null }>(
      'select lease_until as lease from reminder_run where id = $1',
      [runId],
    );
    return run?.lease?.getTime();
  };

  it('neither renews nor gives back the other’s lease', async () => {
    const { manager } = stage.database.dataSource;
    const runId = await makeRun();
    const slow = await claim(runId);
    await lapse(runId);
    const quick = await claim(runId);
    const held = await leaseOf(runId);
    expect(await stage.runs.renew(manager, slow)).toBe(false);
    await stage.runs.release(manager, slow);
    expect(await leaseOf(runId)).toBe(held);
    expect(await stage.runs.renew(manager, quick)).toBe(true);
    expect(await leaseOf(runId)).toBeGreaterThan(held ?? Infinity);
    await stage.runs.release(manager, quick);
    expect(await leaseOf(runId)).toBeUndefined();
  });

  it('chooses nobody any more, once it has seen that', async () => {
    const due = await stage.makeDue(platformId, 24);
    const runId = await makeRun();
    let [isAsked, goOn]: [boolean, (isThere: boolean) => void] = [false, () => undefined];
    exists = () =>
      new Promise((resolve) => {
        [isAsked, goOn] = [true, resolve];
      });
    const renew = jest.spyOn(stage.runs, 'renew');
    const working = process(runId);
    await until('the worker asking for the data', () => isAsked || undefined);
    await lapse(runId);
    await claim(runId);
    await until('the worker seeing that its lease is lost', async () => {
      const [first] = renew.mock.results;
      return first?.type === 'return' && !(await first.value) ? true : undefined;
    });
    goOn(true);
    await working;
    expect(await stage.ends(due)).toEqual([]);
    expect(await stage.query('select state from reminder_run where id = $1', [runId])).toEqual([
      { state: 'selecting' },
    ]);
  });
});

describe('operators', () => {
  async function operated(hours: number): Promise<{ due: Due; operator: string }> {
    const due = await stage.makeDue(platformId, hours);
    const operator = await makePerson(stage.database.dataSource);
    await stage.query('update upload set operator_person_id = $2 where id = $1', [due.uploadId, operator]);
    return { due, operator };
  }

  it('are told of a run once its last mail has ended, and not while one waits', async () => {
    await stage.query(`update platform set reminder_operator_notice = 'shareable' where id = $1`, [platformId]);
    const { due: first, operator } = await operated(24);
    const { due: second } = await operated(24);
    await stage.query('update upload set operator_person_id = $2 where id = $1', [second.uploadId, operator]);
    const told = (): string[] => stage.server.to(`${operator}@example.org`).map(({ raw }) => raw);
    const runId = await makeRun();
    await process(runId);
    stage.server.at = (step, { to }) =>
      step === 'RCPT' && to === second.recipient ? { reply: '451 4.7.1 Greylisted' } : undefined;
    await stage.send();
    await process(runId);
    await stage.send();
    expect([stage.server.to(first.recipient).length, told()]).toEqual([1, []]);
    stage.server.at = () => undefined;
    stage.clock.at = later(SLOT, 2);
    await stage.send();
    await process(runId);
    await stage.send();
    await process(runId);
    await stage.send();
    expect(stage.server.to(second.recipient)).toHaveLength(1);
    expect(told()).toHaveLength(1);
    for (const { recipient } of [first, second]) expect(told()[0]).toContain(recipient);
  });
});

describe('pages of a choice', () => {
  it.each([
    [1, [1, 1, 1, 1, 1, 0]],
    [2, [2, 2, 1]],
    [5, [5, 0]],
  ])('of %s name everybody once, each from where the one before ended', async (size, chosen) => {
    const due: Due[] = [];
    // Two expire at one moment, so that it alone does not say where a page ended.
    for (const hours of [30, 30, 31, 31, 32]) due.push(await stage.makeDue(platformId, hours));
    const [runId, platform] = [await makeRun(), await stage.platform(platformId)];
    const wanted = { runId, platform, judgedAt: SLOT, now: SLOT, nextSlot: undefined };
    const pages: number[] = [];
    for (let isFull = true; isFull && pages.length < 10;) {
      const page = await stage.database.dataSource.transaction((tx) => stage.selection.page(tx, wanted, size));
      pages.push(page.chosen);
      isFull = page.isFull;
    }
    expect(pages).toEqual(chosen);
    for (const one of due) expect(await stage.ends(one)).toEqual(['pending, mail pending']);
  });
});
