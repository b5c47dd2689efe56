// The queue on Redis instead of PostgreSQL: the same journey.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { writeSampleTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { writeSettings } from '../support/instrument.js';
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
    const work = freshFolder();
    await writeSettings(program, join(work, 'settings.xml'), {
      reminders: { enabled: true, schedule: '*/2 * * * * *', minimumAge: 'PT1S', minimumSpacing: 'PT1H' },
    });
    writeSampleTree(join(work, 'in'));
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
