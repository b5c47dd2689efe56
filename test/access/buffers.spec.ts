// The page behind a link and its button are as quick with many deliveries as with few: none of their statements reads
// more buffers, but for two. What lies above the leaves of indexes has a level more, or two, among a thousand times as
// many rows; how many levels there are is read from the indexes themselves, so that the rest is held to as much by itself.

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
const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const MANY = LONG ? 1_000_000 : 50_000;
/** Buffers that a statement may read more; and so many pages of tables and leaves of indexes alone. */
const TOLERANCE = 2;
const REQUESTS = [
  ['GET', '', 200],
  ['POST', '/done', 204],
] as const;

const WHOLE = 'select count(note) from upload';

let clients = 0;
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

interface Sample {
  /** Of each kind of request, in the order of `REQUESTS`. */
  requests: Map<string, StatementReads>[];
  /** Of a statement that reads a whole table. */
  whole: Map<string, StatementReads>;
  levels: Map<string, number>;
}

async function sample(tokens: readonly string[]): Promise<Sample> {
  const requests: Map<string, StatementReads>[] = [];
  for (const [method, suffix, status] of REQUESTS)
    requests.push(
      await buffersByStatement(database, tokens, async (token) => {
        // A client of its own each: what one did before is looked up too.
        const address = `10.0.${(clients += 1) >> 8}.${clients & 255}`;
        const headers = { 'x-forwarded-for': address };
        expect((await send(program.endpoints.server, method, `/s/${token}${suffix}`, headers)).status).toBe(status);
      }),
    );
  const whole = await buffersByStatement(database, tokens, () => database.query(WHOLE));
  return { requests, whole, levels: await indexLevels(database) };
}

/** Statements that read more than they did, above leaves included or not: among few a whole table may be the cheaper read. */
function grown(
  many: Map<string, StatementReads> | undefined,
  few: Map<string, StatementReads> | undefined,
  { after, before }: Record<'after' | 'before', Map<string, number>>,
): { sql: string; more: number; moreBelow: number }[] {
  const none: StatementReads = { buffers: 0, descents: new Map() };
  return [...(many ?? [])]
    .map(([sql, reads]) => {
      const former = few?.get(sql) ?? none;
      const more = reads.buffers - former.buffers;
      return { sql, more, moreBelow: more - aboveLeaves(reads, after) + aboveLeaves(former, before) };
    })
    .filter(({ more, moreBelow }) => more > TOLERANCE || moreBelow > TOLERANCE);
}

it(
  'reads as many pages of the database for a link among many deliveries as among few',
  async () => {
    const few = await sample(await fill(FEW));
    const many = await sample(await fill(MANY - FEW));
    const levels = { before: few.levels, after: many.levels };
    for (const [index, [method]] of REQUESTS.entries()) {
      const statements = [...(many.requests[index]?.keys() ?? [])].join('\n');
      expect(statements).toContain('delivery_link');
      expect(statements).toContain('access_event');
      const more = grown(many.requests[index], few.requests[index], levels);
      expect({ method, more }).toEqual({ method, more: [] });
    }
    expect(grown(many.whole, few.whole, levels).map(({ sql }) => sql)).toEqual([WHOLE]);
  },
  LONG ? 900_000 : undefined,
);
