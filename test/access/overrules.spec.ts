// What counts after overrules: for any history, the moments on the deliveries are those that the rule gives.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccessStore, holdDeliveries } from '../../src/access/access.store.js';
import { OverrulesStore } from '../../src/access/overrules/overrules.store.js';
import type { DeliveriesStore } from '../../src/deliveries/index.js';
import { Ids } from '../../src/ids/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

const start = new Date('2026-03-01T00:00:00Z').getTime();
const HISTORIES = process.env['DISPATCH_TEST_LONG'] ? 1_000 : 80;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

interface Happened {
  delivery: number;
  hour: number;
  counts: boolean;
  /** What administrators said, one after the other. */
  overruled: boolean[];
}

const history = fc.record({
  /** Hours of dispatch of three deliveries of one upload to one person; null: its mail has not gone out. */
  dispatched: fc.tuple(...[0, 1, 2].map(() => fc.option(fc.integer({ min: 0, max: 20 }), { nil: null, freq: 6 }))),
  events: fc.array(
    fc.record<Happened>({
      delivery: fc.integer({ min: 0, max: 2 }),
      hour: fc.integer({ min: 0, max: 20 }),
      counts: fc.boolean(),
      overruled: fc.array(fc.boolean(), { maxLength: 3 }),
    }),
    { maxLength: 6 },
  ),
});

const at = (hour: number): Date => new Date(start + hour * 3_600_000);

/** Rule "Reminders" 2, told apart from the statement: hours of first access, by delivery. */
function expected(dispatched: (number | null)[], events: readonly Happened[], isOverruled: boolean): (Date | null)[] {
  return dispatched.map((hour, index) => {
    const silencing = events.filter((event) => {
      const counts = isOverruled ? (event.overruled.at(-1) ?? event.counts) : event.counts;
      return counts && (event.delivery === index || (hour !== null && hour <= event.hour));
    });
    return silencing.length === 0 ? null : at(Math.min(...silencing.map((event) => event.hour)));
  });
}

describe('first access', () => {
  it(`is what the rule gives for ${HISTORIES} random histories, with overrules and without`, async () => {
    const { dataSource } = database;
    const ids = new Ids();
    // No operator is told here, so nothing is asked of deliveries.
    const access = new AccessStore(ids, {} as DeliveriesStore);
    const overrules = new OverrulesStore(ids);
    const platformId = await makePlatform(dataSource);
    const otherPerson = await makePerson(dataSource);
    for (const { dispatched, events } of fc.sample(history, { numRuns: HISTORIES, seed: 11 })) {
      const uploadId = await makeUpload(dataSource, platformId);
      const personId = await makePerson(dataSource);
      const deliver = (person: string, ordinal: number, hour: number | null): Promise<string> =>
        makeDelivery(dataSource, uploadId, platformId, person, {
          ordinal,
          handed_over_at: hour === null ? null : at(hour),
          expires_at: hour === null ? null : at(hour + 720),
        });
      const deliveries: string[] = [];
      for (const [ordinal, hour] of dispatched.entries()) deliveries.push(await deliver(personId, ordinal, hour));
      const others = await deliver(otherPerson, 0, 0);
      const accessed = async (): Promise<(Date | null)[]> =>
        (
          await dataSource.query<{ accessed_at: Date | null }[]>(
            'select accessed_at from delivery where upload_id = $1 and person_id = $2 order by ordinal',
            [uploadId, personId],
          )
        ).map((delivery) => delivery.accessed_at);
      const facts = (index: number) => {
        const id = deliveries[index] ?? '';
        return { id, platformId, uploadId, personId, notifyOnAccess: false };
      };

      for (const { delivery, hour, counts } of events) {
        const phase = counts ? 'attempted' : 'started';
        const method = counts ? 'direct' : 'data-mover';
        await dataSource.transaction((tx) =>
          access.record(tx, facts(delivery), { method, phase, counts, at: at(hour) }),
        );
      }
      expect(await accessed()).toEqual(expected(dispatched, events, false));

      const recorded = await dataSource.query<{ id: string }[]>(
        'select id from access_event where delivery_id = any($1) order by id',
        [deliveries],
      );
      // Ids of one process grow, so they stand in the order of recording.
      for (const [index, { delivery, overruled }] of events.entries()) {
        for (const counts of overruled) {
          await dataSource.transaction(async (tx) => {
            await holdDeliveries(tx, facts(delivery));
            const eventId = recorded[index]?.id ?? '';
            await overrules.add(tx, facts(delivery), { eventId, counts, actor: 'admin', at: at(21) });
            await overrules.recount(tx, facts(delivery));
          });
        }
      }
      expect(await accessed()).toEqual(expected(dispatched, events, true));

      // Saying the opposite takes an overrule back.
      for (const [index, { delivery, counts }] of events.entries()) {
        await dataSource.transaction(async (tx) => {
          await holdDeliveries(tx, facts(delivery));
          const eventId = recorded[index]?.id ?? '';
          await overrules.add(tx, facts(delivery), { eventId, counts, actor: 'admin', at: at(22) });
          await overrules.recount(tx, facts(delivery));
        });
      }
      expect(await accessed()).toEqual(expected(dispatched, events, false));
      expect(await dataSource.query('select accessed_at from delivery where id = $1', [others])).toEqual([
        { accessed_at: null },
      ]);
    }
  });
});

it('tells the manifest asset of a later access by another method, and of an overrule', async () => {
  const { dataSource } = database;
  const ids = new Ids();
  const access = new AccessStore(ids, {} as DeliveriesStore);
  const platformId = await makePlatform(dataSource);
  const uploadId = await makeUpload(dataSource, platformId);
  const personId = await makePerson(dataSource);
  const id = await makeDelivery(dataSource, uploadId, platformId, personId);
  const delivery = { id, platformId, uploadId, personId, notifyOnAccess: false };
  const changes = async (): Promise<number> => {
    const [found] = await dataSource.query<{ n: number }[]>(
      'select count(*)::int as n from delivery_change where upload_id = $1',
      [uploadId],
    );
    await dataSource.query('delete from delivery_change where upload_id = $1', [uploadId]);
    return found?.n ?? 0;
  };
  const record = (
    method: 'direct' | 'copy' | 'data-mover',
    phase: 'attempted' | 'completed' | 'started',
    hour: number,
  ) =>
    dataSource.transaction((tx) =>
      access.record(tx, delivery, { method, phase, counts: phase !== 'started', at: at(hour) }),
    );
  await record('direct', 'attempted', 1);
  expect(await changes()).toBeGreaterThan(0);
  await record('data-mover', 'started', 2);
  expect(await changes()).toBe(0);
  await record('copy', 'completed', 3);
  expect(await changes()).toBeGreaterThan(0);
  const [event] = await dataSource.query<{ id: string }[]>(
    `select id from access_event where delivery_id = $1 and method = 'copy'`,
    [id],
  );
  const overrule = { eventId: event?.id ?? '', counts: false, actor: 'admin', at: at(4) };
  await new OverrulesStore(ids).add(dataSource.manager, delivery, overrule);
  expect(await changes()).toBeGreaterThan(0);
});
