// What the schedule and the workers do with the runs of one platform, on the stage of a file; without a queue and without
// Mediaflux, whose answers a test gives.

import { beforeEach } from '@jest/globals';
import { Ids } from '../../src/ids/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { DataCheck } from '../../src/reminders/data-check.js';
import { OperatorNotices } from '../../src/reminders/notices/operator-notices.service.js';
import { ReminderPlanner } from '../../src/reminders/reminder-planner.js';
import { RunRemindersProcessor } from '../../src/reminders/run-reminders.processor.js';
import { SlotsStore } from '../../src/reminders/slots.store.js';
import type { Stage } from './stage.js';

export class Planned {
  planner!: ReminderPlanner;
  platformId!: string;
  private processor!: RunRemindersProcessor;
  /** Runs that stand in the queue. */
  queued: string[] = [];
  /** What Mediaflux says of a folder. */
  exists!: (namespace: string) => boolean | Promise<boolean>;
  /** Folders that Mediaflux was asked for. */
  asked: string[] = [];

  constructor(private readonly stage: Stage) {}

  async begin(): Promise<void> {
    this.platformId = await this.stage.makePlatform();
    [this.queued, this.asked, this.exists] = [[], [], () => true];
    this.planner = this.makePlanner();
    this.processor = this.makeProcessor();
  }

  makePlanner(): ReminderPlanner {
    const { transactions, runs, clock } = this.stage;
    const queue = { add: async (_job: unknown, { runId }: { runId: string }) => void this.queued.push(runId) };
    return new ReminderPlanner(transactions, runs, new SlotsStore(), queue as never, clock);
  }

  private makeProcessor(): RunRemindersProcessor {
    const { transactions, runs, selection, deliveries, notices, clock } = this.stage;
    const mediaflux = {
      folderExists: async (namespace: string) => {
        this.asked.push(namespace);
        return this.exists(namespace);
      },
    } as never;
    const dispatcher = { kick: async () => undefined } as never;
    const dataCheck = new DataCheck(transactions, new CandidatesStore(), runs, deliveries, mediaflux, clock);
    const persons = new PersonsStore(new Ids());
    const operators = new OperatorNotices(transactions, runs, notices, persons, mediaflux, dispatcher, clock);
    return new RunRemindersProcessor(transactions, runs, selection, dataCheck, operators, dispatcher, clock);
  }

  /** As a worker does that takes the run off the queue. */
  process(runId: string): Promise<void> {
    return this.processor.process({ runId }, new AbortController().signal);
  }

  /** What the schedule and the workers do at this moment: plan, choose, send, finish. */
  async work(): Promise<void> {
    await this.planner.plan(this.platformId);
    for (const runId of await this.open()) await this.process(runId);
    await this.stage.send();
    for (const runId of await this.open()) await this.process(runId);
  }

  async open(): Promise<string[]> {
    const found = await this.stage.query<{ id: string }>(
      `select id from reminder_run where platform_id = $1 and state in ('pending', 'selecting', 'sending') order by slot`,
      [this.platformId],
    );
    return found.map(({ id }) => id);
  }

  /** Runs that the sweep finds. */
  async swept(): Promise<string[]> {
    await this.planner.plan(this.platformId);
    return this.open();
  }

  /** Of every run by slot: the slot, what started it and its state. */
  async runs(): Promise<string[]> {
    const found = await this.stage.query<{ slot: Date; trigger: string; state: string }>(
      'select slot, trigger, state from reminder_run where platform_id = $1 order by slot',
      [this.platformId],
    );
    return found.map(({ slot, trigger, state }) => `${slot.toISOString().slice(5, 16)} ${trigger} ${state}`);
  }
}

/** A platform of its own for each test. */
export function plannedOn(stage: Stage): Planned {
  const planned = new Planned(stage);
  beforeEach(() => planned.begin());
  return planned;
}
