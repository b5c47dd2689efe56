// Many reminders of one run, where there were next to none before. Real PostgreSQL.

import { expect, it } from '@jest/globals';
import { plannedOn } from './planned.js';
import { later, stageAt } from './stage.js';

const SLOT = new Date('2025-03-08T00:00:00Z');
const MANY = 1_200;

const stage = stageAt(SLOT);
const planned = plannedOn(stage);

/** Of one upload to as many people. */
async function makeManyDue(): Promise<void> {
  const { uploadId } = await stage.makeDue(planned.platformId);
  await stage.query(
    `with people as (
       insert into person (id, address, address_key)
       select id, id || '@example.org', id || '@example.org'
         from (select uuidv7() as id from generate_series(1, $1::int)) as made
       returning id)
     insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at)
     select uuidv7(), $2, $3, id, 0, 'P30D', $4, $5, $6 from people`,
    [MANY - 1, uploadId, planned.platformId, stage.keys.current.id, later(SLOT, -48), later(SLOT, 24)],
  );
}

it('PostgreSQL knows how many wait before the first is sent: it looks each up by index', async () => {
  await makeManyDue();
  await planned.planner.plan(planned.platformId);
  const [runId = ''] = await planned.open();
  await planned.process(runId);
  const counted = await stage.query<{ name: string; count: number }>(
    `select relname as name, reltuples as count from pg_class where relname in ('mail_outbox', 'reminder') order by 1`,
  );
  expect(counted).toEqual([
    { name: 'mail_outbox', count: MANY },
    { name: 'reminder', count: MANY },
  ]);
});
