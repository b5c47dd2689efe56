// Each transition of an upload may be made twice, as by a worker that took over from one that was killed.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { transitionsOf } from '../../src/uploads/states/upload-states.rules.js';
import { UploadsStore } from '../../src/uploads/uploads.store.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makePlatform, makeUpload } from '../support/make.js';

const uploads = new UploadsStore();
let database: TestDatabase;
let platformId: string;
beforeAll(async () => {
  database = await createDatabase();
  platformId = await makePlatform(database.dataSource);
});
afterAll(() => database.close());

const EVENTS = ['client-completed', 'found-different', 'verified', 'given-up', 'taken-up-again'] as const;
const CASES = EVENTS.flatMap((event) => transitionsOf(event).map(({ from, to }) => [event, from, to] as const));

/** All of an upload but the clock of its stalls, which any sign of its client sets. */
const rowOf = (id: string): Promise<unknown> =>
  database.dataSource.query('select to_jsonb(u) - $2::text as row from upload u where id = $1', [
    id,
    'last_progress_at',
  ]);

it.each(CASES)('%s, from %s, is the same once and twice', async (event, from, to) => {
  const id = await makeUpload(database.dataSource, platformId, {
    state: from,
    completed_at: from === 'complete' ? new Date('2026-03-01T10:00:00Z') : null,
    abandoned_at: from === 'abandoned' ? new Date('2026-03-01T10:00:00Z') : null,
  });
  const transit = () => uploads.transit(database.dataSource.manager, id, event);
  expect(await transit()).toBe(to);
  const once = await rowOf(id);
  expect(await transit()).toBe(to);
  expect(await rowOf(id)).toEqual(once);
});
