// A Redis that is away keeps no caller waiting: what was decided is in the database, and is done when it is back.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makePlatform } from '../support/instrument.js';
import { freshFolder } from '../support/folders.js';
import { Program } from '../support/program.js';
import { isRedisInstalled, RedisServer } from '../support/redis.js';
import { until } from '../support/wait.js';

// Where it is missing, `npm test` names it among the parts that were not exercised.
(isRedisInstalled ? describe : describe.skip)('while Redis is away', () => {
  let redis: RedisServer;
  let program: Program;

  beforeAll(async () => {
    redis = await RedisServer.start();
    program = await Program.start({ dataDir: freshFolder(), env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await program.stop();
    await redis.stop();
  });

  it('calls are answered, and what they asked for is done afterwards', async () => {
    const id = await makePlatform(program);
    const platform = `/api/v1/admin/platforms/${id}`;
    await redis.stop();
    await program.admin.expect(200, 'PATCH', platform, { reminders: { enabled: true } });
    const run = await program.admin.expect<{ id: string }>(201, 'POST', `${platform}/reminder-runs`);
    const stateOf = async (): Promise<string> =>
      (await program.admin.expect<{ state: string }>(200, 'GET', `/api/v1/admin/reminder-runs/${run.id}`)).state;
    expect(await stateOf()).toBe('pending');
    const ready = await program.admin.call<{ parts: Record<string, { ready: boolean }> }>('GET', '/health/ready');
    expect([ready.status, ready.body.parts['queue']?.ready]).toEqual([503, false]);
    await redis.restartEmpty();
    await until('Redis', async () => (await program.admin.call('GET', '/health/ready')).status === 200 || undefined);
    await until('the run', async () => ((await stateOf()) === 'finished' ? true : undefined));
  });
});
