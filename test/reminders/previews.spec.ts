// What administrators see before a run. Real PostgreSQL, set time.

import { describe, expect, it } from '@jest/globals';
import { previewQuery } from '../../src/reminders/previews/preview.service.js';
import { situationsOf } from './situations.js';
import { later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
const { SITUATIONS, reminded } = situationsOf(stage, NOW);

describe('a preview', () => {
  const preview = (platformId: string, query: Record<string, unknown> = {}) =>
    stage.previews.run(platformId, previewQuery.parse(query));

  it.each([
    ['as answers write times', '2025-03-08T11:00:00.000+11:00'],
    ['with the plus that came as a space', '2025-03-08T11:00:00.000 11:00'],
    ['in UTC', '2025-03-08T00:00:00Z'],
  ])('is of the moment that was asked for: %s', async (_, at) => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 1);
    stage.clock.at = later(NOW, 5);
    expect((await preview(platformId, { at })).due.items.map(({ deliveryId }) => deliveryId)).toEqual([due.id]);
  });

  it.each([
    [{ at: 'now' }, 'must be a time with its offset, such as 2026-03-01T09:00:00Z'],
    [{ at: '2026-11-26T09:00' }, 'must be a time with its offset, such as 2026-03-01T09:00:00Z'],
    [{ at: '0001-01-01T00:00:00Z' }, 'must be a time from the year 1970 on'],
    [{ att: '2025-03-08T00:00:00Z' }, 'Unrecognized key: "att"'],
  ])('is of no other moment than was asked for: %j', (query, message) => {
    expect(previewQuery.safeParse(query).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it('tells the reason of every delivery that is not due', async () => {
    const platformId = await stage.makePlatform();
    const expected = new Map<string, string>();
    for (const [reason, [, happen]] of Object.entries(SITUATIONS)) {
      if (reason === 'enough') continue;
      const due = await stage.makeDue(platformId, 100);
      await happen(due, platformId);
      expected.set(due.id, reason);
      // Their runs are of one slot.
      await stage.query(`update reminder_run set slot = slot - interval '1 minute' where platform_id = $1`, [
        platformId,
      ]);
    }
    const { notDue } = await preview(platformId);
    const told = new Map(notDue.items.map(({ deliveryId, reason }) => [deliveryId, reason]));
    for (const [id, reason] of expected) expect([id, told.get(id)]).toEqual([id, reason]);
  });

  it('of a moment that has passed leaves out what happened after it; of one to come counts what has expired by then', async () => {
    const platformId = await stage.makePlatform();
    const due = await stage.makeDue(platformId, 100);
    const columns = ['revoked_at', 'gone_at', 'accessed_at', 'done_at', 'opted_out_at', 'undeliverable_at'];
    for (const column of columns) {
      await stage.query(`update delivery set ${column} = $2 where id = $1`, [due.id, NOW]);
      const isDue = async (at: Date) => (await preview(platformId, { at: at.toISOString() })).due.items.length;
      expect([column, await isDue(later(NOW, -1)), await isDue(NOW)]).toEqual([column, 1, 0]);
      await stage.query(`update delivery set ${column} = null where id = $1`, [due.id]);
    }
    const reasonAt = async (hours: number) =>
      (await preview(platformId, { at: later(NOW, hours).toISOString() })).notDue.items[0]?.reason;
    expect([await reasonAt(-49), await reasonAt(-30), await reasonAt(99), await reasonAt(100)]).toEqual([
      'not-sent',
      'too-young',
      undefined,
      'expired',
    ]);
  });

  it('counts a reshare, a transfer and a reminder only from when they were', async () => {
    const platformId = await stage.makePlatform();
    const [reshared, fetching, told] = [
      await stage.makeDue(platformId, 100),
      await stage.makeDue(platformId, 100),
      await stage.makeDue(platformId, 100),
    ];
    await SITUATIONS.superseded[1](reshared, platformId);
    await stage.query(
      `insert into download (id, delivery_id, state, started_at, last_progress_at, ended_at)
       values (gen_random_uuid(), $1, 'failed', $2, $3, $3)`,
      [fetching.id, later(NOW, -2), later(NOW, -1)],
    );
    await reminded(told, platformId);
    const reasonsAt = async (hours: number) => {
      const { notDue } = await preview(platformId, { at: later(NOW, hours).toISOString() });
      return [reshared, fetching, told].map(
        ({ id }) => notDue.items.find(({ deliveryId }) => deliveryId === id)?.reason ?? 'due',
      );
    };
    expect(await reasonsAt(-3)).toEqual(['due', 'due', 'due']);
    expect(await reasonsAt(-1.5)).toEqual(['due', 'in-progress', 'too-soon']);
    expect(await reasonsAt(0)).toEqual(['superseded', 'due', 'too-soon']);
  });

  it('pages both lists, each by its own cursor', async () => {
    const platformId = await stage.makePlatform();
    const [due, others] = [new Set<string>(), new Set<string>()];
    for (let number = 0; number < 12; number += 1) {
      const { id } = await stage.makeDue(platformId, 100, number % 3 === 0 ? { revoked_at: NOW } : {});
      (number % 3 === 0 ? others : due).add(id);
    }
    const walk = async (list: 'due' | 'notDue'): Promise<string[]> => {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await preview(platformId, { limit: 3, ...(cursor ? { cursor } : {}) });
        seen.push(...page[list].items.map(({ deliveryId }) => deliveryId));
        cursor = page[list].nextCursor;
      } while (cursor !== null);
      return seen;
    };
    expect([await walk('due'), await walk('notDue')]).toEqual([[...due].sort(), [...others].sort()]);
  });

  it('tells of each mail whether it will say that it is the last when it goes', async () => {
    const platformId = await stage.makePlatform({
      reminder_schedule: '0 0 * * *',
      reminder_closed_days: { weekdays: ['saturday'], dates: [] },
    });
    const [short, lasting] = [await stage.makeDue(platformId, 36), await stage.makeDue(platformId, 60)];
    const { due } = await preview(platformId);
    const last = new Map(due.items.map((item) => [item.deliveryId, item.last]));
    await stage.select(platformId);
    stage.clock.at = later(NOW, 24);
    await stage.send();
    for (const [one, isLastOne] of [
      [short, true],
      [lasting, false],
    ] as const) {
      const { text = '' } = await stage.mailTo(one);
      expect([last.get(one.id), text.includes('This is the last reminder')]).toEqual([isLastOne, isLastOne]);
    }
  });

  it('tells when each mail would go: after the quiet hours, but before its links end', async () => {
    const platformId = await stage.makePlatform({
      reminder_quiet_hours: { from: '22:00', to: '07:00' },
      reminder_closed_days: { weekdays: ['saturday'], dates: [] },
    });
    const lasting = await stage.makeDue(platformId, 100);
    const short = await stage.makeDue(platformId, 12);
    const shortest = await stage.makeDue(platformId, 3);
    const { due } = await preview(platformId);
    const goesAt = new Map(due.items.map((item) => [item.deliveryId, item.goesAt]));
    expect([lasting, short, shortest].map(({ id }) => new Date(goesAt.get(id) ?? '').toISOString())).toEqual([
      '2025-03-09T07:00:00.000Z',
      '2025-03-08T07:00:00.000Z',
      '2025-03-08T00:00:00.000Z',
    ]);
  });
});
