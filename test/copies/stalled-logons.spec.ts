// Logons for copies while Mediaflux stalls at any step: each ends in time, as something that is away. With shorter time
// limits than the program's.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { LogonTries } from '../../src/access/copies/logon-tries.js';
import { UserLogons } from '../../src/access/copies/user-logons.js';
import { SecretKeys } from '../../src/auth/index.js';
import { Unavailable } from '../../src/http/index.js';
import { UserSession } from '../../src/mediaflux/gateway/user-session.js';
import type { MediafluxGateway } from '../../src/mediaflux/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Clock } from '../../src/time/index.js';
import { OWN_PROJECT, RESEARCHER } from '../support/copies.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { freshFolder } from '../support/folders.js';

const FACTS = { id: '0196a000-0000-7000-8000-000000000001', copyPasswords: true };

let database: TestDatabase;
let emulator: RunningEmulator;
let transport: Transport;
let users: UserLogons;
/** The breaker's clock, so that a test does not wait for it. */
let clock = 0;

beforeAll(async () => {
  Logger.overrideLogger(false);
  [database, emulator] = await Promise.all([createDatabase(), startEmulator({ port: 0, dataDir: freshFolder() })]);
  transport = new Transport(emulator.url, { connectTimeoutMs: 1_000, firstByteTimeoutMs: 400, idleTimeoutMs: 400 });
  const session = new MediafluxSession({ transport, credentials: RESEARCHER, random: () => 0, now: () => clock });
  const gateway = {
    userSession: (credentials: typeof RESEARCHER) => new UserSession(session.another(credentials)),
  } as unknown as MediafluxGateway;
  const keys = new SecretKeys([randomBytes(32)]);
  users = new UserLogons(gateway, new LogonTries(database.dataSource, keys), new Clock());
});
afterAll(async () => {
  await transport.close();
  await Promise.all([database.close(), emulator.close()]);
});
beforeEach(() => emulator.faults.forgetCalls());
afterEach(() => {
  emulator.faults.clear();
  clock += 60_000;
});

const logOn = (): Promise<string[]> =>
  users.run(
    FACTS,
    RESEARCHER,
    (session) => session.writableProjects(),
    (_, { namespaces }) => Promise.resolve(namespaces),
  );

it('says at every step that Mediaflux is away, counts no try, and the next logon succeeds', async () => {
  expect(await logOn()).toEqual([OWN_PROJECT]);
  const steps = [...new Set(emulator.faults.calls().flatMap(({ service, inner }) => [service, ...inner]))].filter(
    (service): service is string => Boolean(service) && service !== 'system.logoff',
  );
  expect(steps).toEqual(
    expect.arrayContaining(['system.logon', 'asset.namespace.list', 'secure.identity.token.create']),
  );
  for (const service of steps) {
    emulator.faults.set({ service, action: { hold: true } });
    const error: unknown = await logOn().catch((reason: unknown) => reason);
    expect({ service, isAway: error instanceof Unavailable }).toEqual({ service, isAway: true });
    emulator.faults.clear();
    clock += 60_000;
  }
  const counted: { points: number }[] = await database.dataSource.query(
    'select points from rate_limit where points > 0',
  );
  expect(counted).toEqual([]);
  expect(await logOn()).toEqual([OWN_PROJECT]);
});

it('succeeds where only its end is not answered', async () => {
  emulator.faults.set({ service: 'system.logoff', action: { hold: true } });
  expect(await logOn()).toEqual([OWN_PROJECT]);
});
