// The queue on Redis instead of PostgreSQL: the same journey.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformWith } from '../support/api.js';
import { writeSampleTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { dataMover, Program } from '../support/program.js';
import { isRedisHere, startRedis, type TestRedis } from '../support/redis.js';

let redis: TestRedis | undefined;
let url = '';

beforeAll(async () => {
  if (!isRedisHere) return;
  redis = await startRedis();
  url = redis.url;
});
afterAll(() => redis?.stop());

// Where there is no Redis, `npm test` names it among the parts that were not exercised.
(isRedisHere ? describe : describe.skip)('with REDIS_URL', () => {
  it('verifies, dispatches, reminds and stops', async () => {
    const program = await Program.start({ env: { REDIS_URL: url } });
    const platform = platformWith({
      reminders: { enabled: true, schedule: '*/2 * * * * *', minimumAge: 'PT1S', minimumSpacing: 'PT1H' },
    });
    const { id } = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platform);
    const { settingsXml } = await program.admin.expect<{ settingsXml: string }>(
      201,
      'POST',
      `/api/v1/admin/platforms/${id}/shareables`,
      { label: 'PC' },
    );
    const work = freshFolder();
    writeSampleTree(join(work, 'in'));
    writeFileSync(join(work, 'settings.xml'), settingsXml);
    const sent = await dataMover(
      ['upload', '--settings', join(work, 'settings.xml'), '--to', 'ada@example.org', '--json', join(work, 'in')],
      join(work, 'state'),
    );
    expect(sent.code).toBe(0);
    await program.mailbox.next('ada@example.org', /your data/);
    await program.mailbox.next('ada@example.org', /Reminder/);
    expect(await program.stop()).toBe(0);
  });
});
