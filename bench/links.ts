// `npm run bench -- links`: the page behind a link and the button "I have what I need", against a handler of the same HTTP
// adapter that does one look-up by index, and for the button writes one row; and what their statements read of a
// database with a thousand deliveries and with a million.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { platformWith } from '../test/support/api.js';
import { send } from '../test/support/dispatched.js';
import { addDeliveries, keyIdOf, tokenOf } from '../test/support/many-deliveries.js';
import { freshFolder, removeFolders } from '../test/support/folders.js';
import { Program } from '../test/support/program.js';
import {
  aboveLeaves,
  buffersByStatement,
  indexLevels,
  noteNoPlans,
  notePlans,
  type StatementReads,
} from '../test/support/statement-buffers.js';
import { until } from '../test/support/wait.js';
import type { Answers, Load } from './links-load.js';
import { cpuSeconds } from './process-use.js';
import { type Row, showTable } from './rows.js';
import { medianOf } from './timing.js';

const ROUNDS = 3;
/** A few visitors at a time, and a scanner of mails that opens everything at once. */
const CONNECTIONS = [10, 50];
const FEW = 1_000;
const KINDS = [
  { method: 'GET', suffix: '', what: 'GET /s/{token}', reference: 'one indexed SELECT' },
  { method: 'POST', suffix: '/done', what: 'POST /s/{token}/done', reference: 'one indexed SELECT, one INSERT' },
] as const;
type Kind = (typeof KINDS)[number];
const run = promisify(execFile);

export async function benchLinks(isSmall: boolean): Promise<Row[]> {
  const many = isSmall ? 50_000 : 1_000_000;
  const work = freshFolder();
  const secretKey = randomBytes(32).toString('base64');
  const keyId = keyIdOf(secretKey);
  const env = { SECRET_KEY: secretKey, TRUST_PROXY: 'true', LOG_LEVEL: 'info', LOG_FORMAT: 'json' };
  const options = { dataDir: join(work, 'data'), env };
  try {
    let program = await Program.start(options);
    const platform = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platformWith());
    const few = await filled(program, platform.id, keyId, FEW);
    await program.stop();
    const buffersOfFew = await buffers(options, few);
    program = await Program.start(options);
    const tokens = await filled(program, platform.id, keyId, many - FEW);
    await program.stop();
    const buffersOfMany = await buffers(options, tokens);
    program = await Program.start(options);
    try {
      const rows: Row[] = [];
      for (const connections of CONNECTIONS)
        rows.push(...(await rates(program, tokens, work, { seconds: isSmall ? 2 : 5, connections })));
      showBuffers(FEW, buffersOfFew, many, buffersOfMany);
      return rows;
    } finally {
      await program.stop();
    }
  } finally {
    removeFolders(work);
  }
}

/** Tokens of deliveries that were added. */
async function filled(program: Program, platformId: string, keyId: string, count: number): Promise<string[]> {
  const database = await connected(program);
  try {
    return (await addDeliveries(database, platformId, keyId, count)).map(tokenOf);
  } finally {
    await database.end();
  }
}

async function connected(program: Program): Promise<pg.Client> {
  const database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
  return database;
}

let clients = 0;
/** A client of its own each, in all rounds: what one did before is looked up too. */
const clientAddress = (): string => `10.0.${(clients += 1) >> 8}.${clients & 255}`;

interface Buffers {
  ofKind: Map<Kind, Map<string, StatementReads>>;
  levels: Map<string, number>;
}

/** By kind of request: what each of its statements read, the median of several requests. */
async function buffers(options: Parameters<typeof Program.start>[0], tokens: readonly string[]): Promise<Buffers> {
  const noting = await Program.start(options);
  const setting = await connected(noting);
  await notePlans(setting);
  await setting.end();
  await noting.stop();
  // Nothing but requests: what workers do at the same time is not theirs.
  const program = await Program.start({ ...options, env: { ...options?.env, PROCESS_ROLE: 'api' } });
  const database = await connected(program);
  try {
    const ofKind: Buffers['ofKind'] = new Map();
    for (const kind of KINDS) {
      const read = await buffersByStatement(database, tokens, async (token) => {
        await send(program.endpoints.server, kind.method, `/s/${token}${kind.suffix}`, {
          'x-forwarded-for': clientAddress(),
        });
      });
      ofKind.set(kind, read);
    }
    await noteNoPlans(database);
    return { ofKind, levels: await indexLevels(database) };
  } finally {
    await database.end();
    await program.stop();
  }
}

function showBuffers(few: number, ofFew: Buffers, many: number, ofMany: Buffers): void {
  const rows = KINDS.flatMap((kind) => [
    [kind.what, `${few} deliveries`, `${many} deliveries`, 'more', 'of them above leaves'],
    ...[...(ofMany.ofKind.get(kind) ?? [])].map(([sql, reads]) => {
      const before = ofFew.ofKind.get(kind)?.get(sql) ?? { buffers: 0, descents: new Map<string, number>() };
      const above = aboveLeaves(reads, ofMany.levels) - aboveLeaves(before, ofFew.levels);
      return [
        `  ${shortened(sql)}`,
        ...[before.buffers, reads.buffers, reads.buffers - before.buffers, above].map(String),
      ];
    }),
  ]);
  process.stdout.write(
    '\nBuffers that each statement reads, medians; those above the leaves of indexes grow with their depth alone\n\n',
  );
  showTable(rows);
}

const shortened = (sql: string): string => (sql.length > 90 ? `${sql.slice(0, 89)}…` : sql);

/** Rounds in turn, after one that is not counted. */
async function rates(
  program: Program,
  tokens: readonly string[],
  work: string,
  { seconds, connections }: Pick<Load, 'seconds' | 'connections'>,
): Promise<Row[]> {
  const file = join(work, 'tokens');
  writeFileSync(file, tokens.join('\n'));
  const bare = spawn(process.execPath, [join(import.meta.dirname, 'bare-links.js'), program.endpoints.database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const database = await connected(program);
  try {
    const bareUrl = await new Promise<string>((resolve) => createInterface(bare.stdout).once('line', resolve));
    const servers = [
      { url: program.endpoints.server, pid: program.child.pid ?? 0 },
      { url: bareUrl, pid: bare.pid ?? 0 },
    ];
    const measured = new Map<Kind, Measured[][]>(KINDS.map((kind) => [kind, []]));
    let from = 0;
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const kind of KINDS) {
        const pair: Measured[] = [];
        for (const server of servers) {
          await quiet(database);
          pair.push(
            await answers(server.pid, {
              server: server.url,
              ...kind,
              tokens: file,
              from,
              connections,
              seconds,
            }),
          );
        }
        from += Math.max(...pair.map(({ count }) => count));
        if (round > 0) measured.get(kind)?.push(pair);
      }
    }
    return KINDS.flatMap((kind) => rowsOf(kind, connections, measured.get(kind) ?? []));
  } finally {
    await database.end();
    bare.kill();
  }
}

/** What workers do with the events of the round before would slow the next one. */
const quiet = (database: pg.Client): Promise<unknown> =>
  until(
    'all events sealed',
    async () => {
      const { rows } = await database.query<{ isIdle: boolean }>(
        'select not exists (select from unsealed_entry) as "isIdle"',
      );
      return rows[0]?.isIdle === true ? true : undefined;
    },
    60_000,
  );

interface Measured extends Answers {
  cpuSeconds: number;
}

async function answers(pid: number, load: Load): Promise<Measured> {
  const cpu = cpuSeconds(pid);
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'links-load.js'), JSON.stringify(load)]);
  const told = JSON.parse(stdout) as Answers;
  const refused = Object.keys(told.statuses).filter((status) => status !== (load.method === 'GET' ? '200' : '303'));
  if (refused.length > 0)
    throw new Error(`${load.method} ${load.suffix} was answered ${JSON.stringify(told.statuses)}.`);
  return { ...told, cpuSeconds: cpuSeconds(pid) - cpu };
}

function rowsOf(kind: Kind, connections: number, rounds: readonly Measured[][]): Row[] {
  const rate = (one: Measured | undefined): number => (one ? one.count / one.seconds : Number.NaN);
  const row = (what: string, index: number): Row => {
    const all = rounds.flatMap((pair) => pair[index] ?? []);
    const seconds = medianOf(all.map((one) => one.seconds));
    return {
      what,
      timing: { seconds, cpuSeconds: medianOf(all.map((one) => one.cpuSeconds)) },
      bytes: 0,
      files: Math.round(medianOf(all.map(rate)) * seconds),
      more: `p99 ${medianOf(all.map(({ p99 }) => p99)).toFixed(1)} ms`,
    };
  };
  const ratios = rounds.map(([ours, bare]) => rate(ours) / rate(bare));
  return [
    { ...row(`${kind.what}, ${connections} connections`, 0), ratio: medianOf(ratios) },
    row(`  reference: ${kind.reference}`, 1),
  ];
}
