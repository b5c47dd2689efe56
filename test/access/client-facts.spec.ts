// What is kept of clients: no address, keyed, and no longer than set.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { AccessStore } from '../../src/access/access.store.js';
import { ClientFactsRetention, ClientFactsStore } from '../../src/access/clients/client-facts.js';
import { ClientJudge } from '../../src/access/clients/client-judge.js';
import { SecretKeys } from '../../src/auth/index.js';
import { Transactions } from '../../src/database/index.js';
import type { DeliveriesStore } from '../../src/deliveries/index.js';
import { Ids } from '../../src/ids/index.js';
import { Sweeps } from '../../src/queue/sweeps.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';
import { until } from '../support/wait.js';

const now = new Date('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
let database: TestDatabase;
let platformId: string;
let id: string;
let sweeps: Sweeps;
let clients: ClientFactsStore;

const storeWith = (keys: Buffer | Buffer[], running = new Sweeps()): ClientFactsStore =>
  new ClientFactsStore(
    new SecretKeys([keys].flat()),
    new ClientFactsRetention(30 * DAY),
    new Transactions(database.dataSource),
    running,
    { now: () => now },
  );
const client = (address: string, userAgent = 'curl/8') => ({ address, userAgent, isHead: false, isPrefetch: false });

beforeAll(async () => {
  database = await createDatabase();
  const { dataSource } = database;
  platformId = await makePlatform(dataSource);
  id = await makeDelivery(
    dataSource,
    await makeUpload(dataSource, platformId),
    platformId,
    await makePerson(dataSource),
  );
  sweeps = new Sweeps();
  sweeps.enable();
  clients = storeWith(randomBytes(32), sweeps);
});
afterAll(async () => {
  await sweeps.beforeApplicationShutdown();
  await database.close();
});

it('tells clients apart by address and program, with hashes that need the key', () => {
  const facts = clients.factsOf(client('192.0.2.7'));
  expect(clients.factsOf(client('192.0.2.7'))).toEqual(facts);
  expect(clients.factsOf(client('192.0.2.8')).addressHash).not.toEqual(facts.addressHash);
  expect(clients.factsOf(client('192.0.2.7', 'curl/9')).agentHash).not.toEqual(facts.agentHash);
  expect(storeWith(randomBytes(32)).factsOf(client('192.0.2.7')).addressHash).not.toEqual(facts.addressHash);
  expect(facts.addressHash).toHaveLength(16);
  expect(facts.addressHash).not.toEqual(createHash('sha256').update('192.0.2.7').digest().subarray(0, 16));
});

it('knows a client again that was recorded under any key that is held', async () => {
  const { dataSource } = database;
  const [former, present] = [randomBytes(32), randomBytes(32)];
  const access = new AccessStore(new Ids(), {} as DeliveriesStore);
  const scanner = client('192.0.2.9');
  const before = storeWith(former);
  await access.add(
    dataSource.manager,
    { id, platformId },
    {
      method: 'page',
      phase: 'viewed',
      counts: false,
      at: new Date(now.getTime() - 60_000),
      client: before.factsOf(scanner),
      followedHiddenLink: true,
    },
  );
  const judged = (keys: Buffer[], who = scanner) =>
    dataSource.transaction((tx) => new ClientJudge(storeWith(keys)).judge(tx, id, who, now));
  const seen = async (keys: Buffer[]) => {
    const store = storeWith(keys);
    const since = new Date(now.getTime() - 120_000);
    return (await store.eventsSince(dataSource.manager, id, store.factsOf(scanner), since)).length;
  };
  expect((await judged([present, former])).isScanner).toBe(true);
  expect((await judged([former, present])).isScanner).toBe(true);
  expect((await judged([present])).isScanner).toBe(false);
  expect((await judged([present, former], client('192.0.2.10'))).isScanner).toBe(false);
  expect([await seen([present, former]), await seen([present])]).toEqual([1, 0]);
  await dataSource.query('delete from access_client');
});

it('removes them when their time is over, keeps younger ones, and keeps every event', async () => {
  const access = new AccessStore(new Ids(), {} as DeliveriesStore);
  for (const days of [29, 31, 400]) {
    await access.add(
      database.dataSource.manager,
      { id, platformId },
      {
        method: 'page',
        phase: 'viewed',
        counts: false,
        at: new Date(now.getTime() - days * DAY),
        client: clients.factsOf(client('192.0.2.7')),
      },
    );
  }
  const kept = (): Promise<{ at: Date }[]> => database.dataSource.query('select at from access_client');
  expect(await kept()).toHaveLength(3);
  clients.onModuleInit();
  sweeps.onApplicationBootstrap();
  await until('the old ones being removed', async () => ((await kept()).length < 3 ? true : undefined));
  expect(await kept()).toEqual([{ at: new Date(now.getTime() - 29 * DAY) }]);
  expect(await database.dataSource.query('select 1 from access_event')).toHaveLength(4);
});
