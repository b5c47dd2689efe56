// The queue on Redis: no command that the program ever sends there holds a secret or an address.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { isRedisHere, startRedis, type TestRedis } from '../support/redis.js';
import { Journey } from './journey.js';
import { leaksIn, type Text } from './secrets.js';
import { Stage } from './stage.js';

// Where it is missing, `npm test` names it among the parts that were not exercised.
(isRedisHere ? describe : describe.skip)('with REDIS_URL', () => {
  let redis: TestRedis;
  let monitor: Redis;
  let stage: Stage;
  const commands: Text[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const connection = new Redis(redis.url);
    monitor = await connection.monitor();
    connection.disconnect();
    monitor.on('monitor', (_: string, args: string[]) => commands.push({ where: args[0] ?? '', text: args.join(' ') }));
    stage = await Stage.open({ REDIS_URL: redis.url });
    const journey = new Journey(stage);
    await journey.upload();
    await journey.fetchAs('anna');
    await journey.afterwards();
  });
  afterAll(async () => {
    await stage.close();
    monitor.disconnect();
    await redis.stop();
  });

  it('jobs hold ids alone', () => {
    const all = commands.map(({ text }) => text).join('\n');
    for (const job of ['verify-upload', 'dispatch-upload', 'copy-content']) expect(all).toContain(job);
    expect(leaksIn(commands, stage.secrets.all)).toEqual([]);
  });
});
