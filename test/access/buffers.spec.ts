// The page behind a link and its button are as quick with many deliveries as with few: each of their statements finds
// what it needs by an index.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { send } from '../support/dispatched.js';
import { makePlatform } from '../support/instrument.js';
import { addDeliveries, keyIdOf, tokenOf } from '../support/many-deliveries.js';
import { Program } from '../support/program.js';
import { buffersByStatement, notePlans, type StatementReads } from '../support/statement-buffers.js';

const FEW = 1_000;
const MANY = 50_000;
const REQUESTS = [
  ['GET', '', 200],
  ['POST', '/done', 204],
] as const;

let program: Program;
let database: pg.Client;
let fill: (count: number) => Promise<string[]>;

beforeAll(async () => {
  const first = await Program.start();
  const setting = new pg.Client({ connectionString: first.endpoints.database });
  await setting.connect();
  await notePlans(setting);
  await setting.end();
  const platformId = await makePlatform(first);
  const keyId = keyIdOf(first.secretKey);
  await first.stop();
  // Without workers, whose statements would be noted too.
  program = await Program.start({ dataDir: first.dataDir, env: { PROCESS_ROLE: 'api', TRUST_PROXY: 'true' } });
  database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
  fill = async (count) => (await addDeliveries(database, platformId, keyId, count)).map(tokenOf);
});
afterAll(async () => {
  await database.end();
  await program.stop();
});

it('reads as many pages of the database for a link among many deliveries as among few', async () => {
  // A client of its own each: what one did before is looked up too.
  let client = 0;
  const read = async (tokens: readonly string[]): Promise<Map<string, StatementReads>[]> => {
    const all: Map<string, StatementReads>[] = [];
    for (const [method, suffix, status] of REQUESTS)
      all.push(
        await buffersByStatement(database, tokens, async (token) => {
          const { status: answered } = await send(program.endpoints.server, method, `/s/${token}${suffix}`, {
            'x-forwarded-for': `10.0.${(client += 1) >> 8}.${client & 255}`,
          });
          expect(answered).toBe(status);
        }),
      );
    return all;
  };
  const few = await read(await fill(FEW));
  const many = await read(await fill(MANY - FEW));
  for (const [index, [method]] of REQUESTS.entries()) {
    const more = [...(many[index] ?? [])].map(([sql, { buffers, searches }]) => {
      const before = few[index]?.get(sql) ?? { buffers: 0 };
      // An index of fifty times as many rows may have a level more, which is one buffer for each look into it. (Of so few
      // rows a whole table may be read instead, where that is less than ten looks.)
      return { sql, isAsFew: buffers - before.buffers <= Math.max(2, searches) };
    });
    expect({ method, more: more.filter(({ isAsFew }) => !isAsFew) }).toEqual({ method, more: [] });
    expect(more.map(({ sql }) => sql).join('\n')).toContain('delivery_link');
    expect(more.map(({ sql }) => sql).join('\n')).toContain('access_event');
  }
});
