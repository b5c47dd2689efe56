// How often an account is tried, over a change of SECRET_KEY, and what is kept of it.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { LogonTries } from '../../src/access/copies/logon-tries.js';
import { TooManyTries } from '../../src/access/access.errors.js';
import { SecretKeys } from '../../src/auth/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const ADA = { account: 'demo:ada', deliveryId: '0196a000-0000-7000-8000-000000000001' };

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.dataSource.query('delete from rate_limit'));

const triesWith = (...keys: Buffer[]) => new LogonTries(database.dataSource, new SecretKeys(keys));
async function refused(tries: LogonTries, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await tries.count(ADA);
    await tries.refused(ADA);
  }
}

it.each([
  [0, 3],
  [1, 2],
  [2, 1],
  [3, 0],
])('after %d refusals before the change %d more are made', async (before, after) => {
  await refused(triesWith(OLD), before);
  const tries = triesWith(NEW, OLD);
  await refused(tries, after);
  await expect(tries.count(ADA)).rejects.toBeInstanceOf(TooManyTries);
  await tries.count({ ...ADA, account: 'demo:bob' });
});

it('tries that were right count for nothing, before the change and after', async () => {
  for (const keys of [[OLD], [NEW, OLD], [NEW]]) {
    const tries = triesWith(...keys);
    for (let time = 0; time < 5; time += 1) {
      await tries.count(ADA);
      await tries.giveBack(ADA);
    }
  }
});

it('an account stands there as a hash that needs the key', async () => {
  await refused(triesWith(NEW), 1);
  const kept: { key: string }[] = await database.dataSource.query('select key from rate_limit');
  expect(kept.length).toBeGreaterThan(1);
  const plain = createHash('sha256').update('demo:ada').digest();
  for (const { key } of kept)
    for (const shown of ['ada', plain.toString('base64url'), plain.toString('hex')]) expect(key).not.toContain(shown);
  const others = new SecretKeys([OLD]).countedAs('account:demo:ada');
  expect(kept.some(({ key }) => key.includes(others))).toBe(false);
});
