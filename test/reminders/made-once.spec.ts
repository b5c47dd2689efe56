// The database alone keeps two servers from making a run or a reminder twice, or from leaving somebody out.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PublicAddress } from '../../src/http/index.js';
import { Ids } from '../../src/ids/index.js';
import { findPlatform, type Platform } from '../../src/platforms/index.js';
import { RunsStore } from '../../src/reminders/runs.store.js';
import { SelectionStore } from '../../src/reminders/selection.store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';
import { atHour, found } from './states.js';

const runs = new RunsStore(new Ids());
const selection = new SelectionStore(new PublicAddress('http://localhost'));

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

describe('runs and reminders', () => {
  const now = new Date('2025-03-08T00:00:30Z');
  const slot = new Date('2025-03-08T00:00:00Z');

  async function makeDue(count: number): Promise<Platform> {
    const { dataSource } = database;
    const platformId = await makePlatform(dataSource);
    for (let number = 0; number < count; number += 1)
      await makeDelivery(
        dataSource,
        await makeUpload(dataSource, platformId),
        platformId,
        await makePerson(dataSource),
        {
          handed_over_at: atHour(number),
          expires_at: atHour(30 * 24 + number),
        },
      );
    return found(await findPlatform(dataSource.manager, platformId));
  }
  const create = (platform: Platform, at: Date, trigger: 'scheduled' | 'by-hand' = 'scheduled') =>
    database.dataSource.transaction((tx) => runs.create(tx, { platformId: platform.id, slot: at, trigger, now }));
  const page = (platform: Platform, runId: string, limit: number) =>
    database.dataSource.transaction((tx) => selection.page(tx, { runId, platform, judgedAt: now, now }, limit));
  const statesOf = async (runId: string): Promise<[string, string, string][]> =>
    (
      await database.dataSource.query<{ reminder: string; reason: string; mail: string }[]>(
        `select r.state as reminder, coalesce(r.reason, '') as reason, m.state as mail
           from reminder r join mail_outbox m on m.subject_id = r.id where r.run_id = $1 order by 1, 2, 3`,
        [runId],
      )
    ).map(({ reminder, reason, mail }) => [reminder, reason, mail]);

  it('are made once, however many servers try at the same moment', async () => {
    const platform = await makeDue(7);
    const made = await Promise.all(Array.from({ length: 8 }, () => create(platform, slot)));
    expect(made.filter((id) => id !== undefined)).toHaveLength(1);
    const runId = found(made.find((id) => id !== undefined));
    const chosen = await Promise.all(Array.from({ length: 8 }, () => page(platform, runId, 3)));
    expect(chosen.reduce((sum, one) => sum + one.chosen, 0)).toBe(7);
    expect(await statesOf(runId)).toEqual(Array.from({ length: 7 }, () => ['pending', '', 'pending']));
  });

  it('of slots at and before the newest run are not made when the clock goes back', async () => {
    const platform = await makeDue(0);
    expect(await create(platform, slot)).toBeDefined();
    expect(await create(platform, slot)).toBeUndefined();
    expect(await create(platform, new Date(slot.getTime() - 7 * 86_400_000))).toBeUndefined();
    expect(await create(platform, new Date(slot.getTime() + 7 * 86_400_000))).toBeDefined();
  });

  it('of a slot are made also where somebody started one by hand after it', async () => {
    const platform = await makeDue(0);
    expect(await create(platform, new Date(slot.getTime() + 60_000), 'by-hand')).toBeDefined();
    expect(await create(platform, slot)).toBeDefined();
  });

  it('go on after a break between two pages, and leave out nobody whose expiry moved meanwhile', async () => {
    const platform = await makeDue(9);
    const runId = found(await create(platform, slot));
    expect(await page(platform, runId, 4)).toEqual({ chosen: 4, isFull: true });
    // The one that expires last comes to expire before all that were chosen.
    await database.dataSource.query(
      `update delivery set expires_at = $2 where id = (select id from delivery where platform_id = $1 order by expires_at desc limit 1)`,
      [platform.id, atHour(29 * 24)],
    );
    expect(await page(platform, runId, 4)).toEqual({ chosen: 4, isFull: true });
    expect(await page(platform, runId, 4)).toEqual({ chosen: 0, isFull: false });
    const wanted = { runId, platform, judgedAt: now, now };
    expect(await selection.left(database.dataSource.manager, wanted)).toBe(1);
    expect(await page(platform, runId, 4)).toEqual({ chosen: 1, isFull: false });
    expect(await selection.left(database.dataSource.manager, wanted)).toBe(0);
  });

  it('take the place of what an older run has not sent, and leave what is being handed over', async () => {
    const platform = await makeDue(3);
    await database.dataSource.query(`update platform set reminder_minimum_spacing = 'PT1S' where id = $1`, [
      platform.id,
    ]);
    const older = found(await create(platform, slot));
    await page(platform, older, 10);
    await database.dataSource.query(`update reminder_run set state = 'sending' where id = $1`, [older]);
    await database.dataSource.query(
      `update mail_outbox set state = 'sending', attempt = 1, lease_until = now() + interval '1 minute', handing_over_since = $2
        where subject_id = (select id from reminder where run_id = $1 order by id limit 1)`,
      [older, atHour(0)],
    );
    const newer = found(await create(platform, new Date(slot.getTime() + 60_000)));
    const changed = found(await findPlatform(database.dataSource.manager, platform.id));
    await page(changed, newer, 10);
    expect(await statesOf(older)).toEqual([
      ['pending', '', 'sending'],
      ['skipped', 'newer-run', 'skipped'],
      ['skipped', 'newer-run', 'skipped'],
    ]);
    expect(await statesOf(newer)).toHaveLength(3);
  });
});
