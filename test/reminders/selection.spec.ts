// The statement that selects and the rule agree, reason included, for every state there can be; and the database alone
// keeps two servers from making a run or a reminder twice.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { findPlatform } from '../../src/platforms/platform.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { decideReminder } from '../../src/reminders/eligibility.rules.js';
import { RunsStore } from '../../src/reminders/runs.store.js';
import { Ids } from '../../src/ids/index.js';
import { PublicAddress } from '../../src/http/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

const DAY = 86_400_000;
const start = new Date('2025-03-01T00:00:00Z').getTime();
const STATES = process.env['DISPATCH_TEST_LONG'] ? 5_000 : 400;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

/** Whole hours, so that edges are met often. */
const moment = fc.integer({ min: 0, max: 40 * 24 }).map((hours) => new Date(start + hours * 3_600_000));
const maybe = fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: moment });
const states = fc.record({
  handedOver: fc.option(fc.tuple(moment, fc.integer({ min: 1, max: 30 * 24 })), { nil: null, freq: 8 }),
  revoked_at: maybe,
  gone_at: maybe,
  accessed_at: maybe,
  done_at: maybe,
  opted_out_at: maybe,
  undeliverable_at: maybe,
  progress: fc.option(fc.tuple(moment, fc.constantFrom('started', 'completed', 'failed')), { nil: null }),
  reminders: fc.array(fc.tuple(moment, fc.constantFrom('sent', 'unknown', 'skipped', 'failed')), { maxLength: 3 }),
  again: fc.boolean(),
});

describe('selection', () => {
  it(
    `gives the same answer as the rule for ${STATES} random states`,
    async () => {
      const { dataSource } = database;
      const platformId = await makePlatform(dataSource, { reminder_maximum: 2 });
      let [uploadId, personId, ordinal] = [await makeUpload(dataSource, platformId), await makePerson(dataSource), 0];
      for (const state of fc.sample(states, { numRuns: STATES, seed: 7 })) {
        // One in two is a further delivery of the same upload to the same person.
        if (!state.again)
          [uploadId, personId, ordinal] = [await makeUpload(dataSource, platformId), await makePerson(dataSource), -1];
        ordinal += 1;
        const { handedOver, progress, reminders, again: _, ...columns } = state;
        const deliveryId = await makeDelivery(dataSource, uploadId, platformId, personId, {
          ...columns,
          ordinal,
          handed_over_at: handedOver?.[0] ?? null,
          expires_at: handedOver ? new Date(handedOver[0].getTime() + handedOver[1] * 3_600_000) : null,
        });
        if (progress) {
          await insert(dataSource, 'download', {
            id: randomUUID(),
            delivery_id: deliveryId,
            state: progress[1],
            started_at: progress[0],
            last_progress_at: progress[0],
          });
        }
        for (const [sentAt, reminderState] of reminders) {
          const runId = randomUUID();
          await insert(dataSource, 'reminder_run', {
            id: runId,
            platform_id: platformId,
            slot: new Date(start - Math.floor(Math.random() * 1e12)),
            trigger: 'scheduled',
            state: 'finished',
          });
          await insert(dataSource, 'reminder', {
            id: randomUUID(),
            run_id: runId,
            delivery_id: deliveryId,
            state: reminderState,
            last: false,
            message_id: randomUUID(),
            sent_at: sentAt,
          });
        }
      }
      const platform = await findPlatform(dataSource.manager, platformId);
      if (!platform) throw new Error('The platform is gone.');
      const store = new CandidatesStore();
      const policy = { minimumAgeMs: DAY, minimumSpacingMs: DAY, maxReminders: 2 };
      const told: Record<string, number> = {};
      for (const day of [0, 5, 12, 20, 33]) {
        const now = new Date(start + day * DAY);
        const all = [
          ...(await store.page(dataSource.manager, platform, now, true, undefined, 10_000)),
          ...(await store.page(dataSource.manager, platform, now, false, undefined, 10_000)),
        ];
        expect(all).toHaveLength(STATES);
        for (const candidate of all) {
          const decision = decideReminder(candidate, policy, now);
          const expected = decision.remind ? null : decision.because;
          told[String(candidate.reason)] = (told[String(candidate.reason)] ?? 0) + 1;
          expect({ id: candidate.id, reason: candidate.reason }).toEqual({ id: candidate.id, reason: expected });
        }
      }
      // The states are varied enough that every reason was met.
      expect(Object.keys(told).sort()).toEqual(
        [
          'accessed',
          'done',
          'enough',
          'expired',
          'gone',
          'in-progress',
          'not-sent',
          'null',
          'opted-out',
          'revoked',
          'superseded',
          'too-soon',
          'too-young',
          'undeliverable',
        ].sort(),
      );
    },
    60_000 + STATES * 60,
  );
});

describe('runs and reminders', () => {
  it('are made once, however many servers try at the same moment', async () => {
    const { dataSource } = database;
    const platformId = await makePlatform(dataSource);
    const deliveryId = await makeDelivery(
      dataSource,
      await makeUpload(dataSource, platformId),
      platformId,
      await makePerson(dataSource),
    );
    const store = new RunsStore(new Ids(), new PublicAddress('http://localhost'));
    const slot = new Date('2025-03-08T00:00:00Z');
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => dataSource.transaction((tx) => store.create(tx, platformId, slot, 'scheduled'))),
    );
    const runId = runs.find((id) => id !== undefined) ?? '';
    expect(runs.filter((id) => id !== undefined)).toHaveLength(1);
    const [delivery] = await dataSource.query<{ person_id: string }[]>('select person_id from delivery where id = $1', [
      deliveryId,
    ]);
    const due = { id: deliveryId, personId: delivery?.person_id ?? '', expiresAt: new Date('2030-01-01T00:00:00Z') };
    const reminders = await Promise.all(
      Array.from({ length: 8 }, () => dataSource.transaction((tx) => store.addReminder(tx, runId, due, false))),
    );
    expect(reminders.filter(Boolean)).toHaveLength(1);
  });
});
