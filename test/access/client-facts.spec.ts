// What is kept of clients: no address, keyed, and no longer than set.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { AccessStore } from '../../src/access/access.store.js';
import { ClientFactsRetention, ClientFactsStore } from '../../src/access/clients/client-facts.js';
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

const storeWith = (key: Buffer, running = new Sweeps()): ClientFactsStore =>
  new ClientFactsStore(
    new SecretKeys([key]),
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
  expect(await database.dataSource.query('select 1 from access_event')).toHaveLength(3);
});
