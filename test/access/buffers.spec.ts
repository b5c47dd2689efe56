// The page behind a link and its button are as quick with many deliveries as with few: each of their statements reads as
// many pages of tables and leaves of indexes. Above the leaves an index of a thousand times as many rows has one level
// more, or two, whatever is looked up in it; how many it has is read from the index itself, and counted apart.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { send } from '../support/dispatched.js';
import { makePlatform } from '../support/instrument.js';
import { addDeliveries, keyIdOf, tokenOf } from '../support/many-deliveries.js';
import { Program } from '../support/program.js';
import {
  aboveLeaves,
  buffersByStatement,
  indexLevels,
  notePlans,
  type StatementReads,
} from '../support/statement-buffers.js';

const FEW = 1_000;
const MANY = process.env['DISPATCH_TEST_LONG'] === undefined ? 50_000 : 1_000_000;
/** Pages of tables and leaves of indexes that a statement may read more of. */
const TOLERANCE = 2;
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
  const levelsOfFew = await indexLevels(database);
  const many = await read(await fill(MANY - FEW));
  const levelsOfMany = await indexLevels(database);
  for (const [index, [method]] of REQUESTS.entries()) {
    const all = [...(many[index] ?? [])].map(([sql, reads]) => {
      const before = few[index]?.get(sql) ?? { buffers: 0, descents: new Map<string, number>() };
      const more =
        reads.buffers - aboveLeaves(reads, levelsOfMany) - (before.buffers - aboveLeaves(before, levelsOfFew));
      return { sql, more };
    });
    expect({ method, grown: all.filter(({ more }) => more > TOLERANCE) }).toEqual({ method, grown: [] });
    expect(all.map(({ sql }) => sql).join('\n')).toContain('delivery_link');
    expect(all.map(({ sql }) => sql).join('\n')).toContain('access_event');
  }
});
