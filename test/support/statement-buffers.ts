// How many pages of the database the statements of a request read, as PostgreSQL itself notes it of the very statements
// that a program sent (auto_explain).

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  // Of triggers and foreign keys too.
  'auto_explain.log_nested_statements': 'on',
};

/** From then on the embedded PostgreSQL notes the plans of connections that are opened to this database. */
export async function notePlans(database: Client): Promise<void> {
  for (const [name, value] of Object.entries(SETTINGS)) await alter(database, `set ${name} = '${value}'`);
}

export async function noteNoPlans(database: Client): Promise<void> {
  for (const name of Object.keys(SETTINGS)) await alter(database, `reset ${name}`);
}

async function alter(database: Client, what: string): Promise<void> {
  const { rows } = await database.query<{ name: string }>('select current_database() as name');
  await database.query(`alter database "${rows[0]?.name}" ${what}`);
}

export interface StatementReads {
  /** Shared buffers that the statement read, found in memory or not. */
  buffers: number;
  /** By index: how often the statement went down from its root, to look something up or to put a row in. */
  descents: Map<string, number>;
}

interface Plan {
  'Node Type': string;
  Operation?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Searches'?: number;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Plan[];
}

interface Noted {
  'Query Text': string;
  Plan: Plan;
}

/** @param indexes of each table, by its name */
function descentsOf(plan: Plan, indexes: Indexes): [string, number][] {
  const here: [string, number][] = [];
  const [index, table] = [plan['Index Name'], plan['Relation Name']];
  if (index !== undefined) here.push([index, plan['Index Searches'] ?? 0]);
  if (plan['Node Type'] === 'ModifyTable' && plan.Operation === 'Insert' && table !== undefined) {
    const [given] = plan.Plans ?? [];
    const rows = (given?.['Actual Rows'] ?? 0) * (given?.['Actual Loops'] ?? 0);
    for (const one of indexes.get(table) ?? []) here.push([one, rows]);
  }
  return [...here, ...(plan.Plans ?? []).flatMap((part) => descentsOf(part, indexes))];
}

type Indexes = ReadonlyMap<string, readonly string[]>;

async function indexesOfTables(database: Client): Promise<Indexes> {
  const { rows } = await database.query<{ table: string; indexes: string[] }>(
    `select tablename as table, array_agg(indexname::text) as indexes from pg_indexes where schemaname = 'public' group by 1`,
  );
  return new Map(rows.map(({ table, indexes }) => [table, indexes]));
}

/**
 * How many pages lie above the leaves of each index: what each way down reads besides the leaf, and all that grows with
 * the table. From the metapage of the B-tree itself (`btm_fastlevel`, in its file behind the page's header of 24 bytes).
 *
 * @param database connected as a superuser
 */
export async function indexLevels(database: Client): Promise<Map<string, number>> {
  await database.query('checkpoint');
  const { rows } = await database.query<{ index: string; level: number }>(
    `select c.relname::text as index, get_byte(pg_read_binary_file(pg_relation_filepath(c.oid), 44, 1), 0) as level
       from pg_class c
       join pg_am a on a.oid = c.relam
       join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'i'
        and a.amname = 'btree'
        and n.nspname = 'public'`,
  );
  return new Map(rows.map(({ index, level }) => [index, level]));
}

/** Buffers of a statement that lie above the leaves of indexes. */
export const aboveLeaves = (
  { descents }: Pick<StatementReads, 'descents'>,
  levels: ReadonlyMap<string, number>,
): number => [...descents].reduce((sum, [index, times]) => sum + times * (levels.get(index) ?? 0), 0);

/** What was executed during `work`, in order. Reads the log of the embedded PostgreSQL. */
async function statementsDuring(
  database: Client,
  work: () => Promise<void>,
): Promise<(StatementReads & { sql: string })[]> {
  const indexes = await indexesOfTables(database);
  const { rows } = await database.query<{ data_directory: string }>('show data_directory');
  const log = join(dirname(rows[0]?.data_directory ?? ''), 'postgres.log');
  const from = readFileSync(log).length;
  await work();
  const text = readFileSync(log).subarray(from).toString('utf8');
  return [...text.matchAll(/^\S+ \S+ \S+ \[\d+\] LOG: {2}duration: .* plan:\n((?:\t.*\n)+)/gm)].map(([, plan = '']) => {
    const noted = JSON.parse(plan.replaceAll(/^\t/gm, '').replaceAll('\n', ' ')) as Noted;
    return {
      sql: noted['Query Text'].replaceAll(/\s+/g, ' ').trim(),
      buffers: (noted.Plan['Shared Hit Blocks'] ?? 0) + (noted.Plan['Shared Read Blocks'] ?? 0),
      descents: summed(descentsOf(noted.Plan, indexes)),
    };
  });
}

/** So many requests come first, and are not looked at: each connection has read the catalogue then, and planned what it plans once. */
const BEFORE = 100;
const LOOKED_AT = 9;

/**
 * What each statement of a request read, the median of several requests.
 *
 * @param tokens of links, each used once
 * @param ask sends the request
 */
export async function buffersByStatement(
  database: Client,
  tokens: readonly string[],
  ask: (token: string) => Promise<unknown>,
): Promise<Map<string, StatementReads>> {
  for (const token of tokens.slice(0, BEFORE)) await ask(token);
  const statements = await statementsDuring(database, async () => {
    for (const token of tokens.slice(BEFORE, BEFORE + LOOKED_AT)) await ask(token);
  });
  const bySql = new Map<string, StatementReads[]>();
  for (const { sql, ...reads } of statements) bySql.set(sql, [...(bySql.get(sql) ?? []), reads]);
  return new Map(
    [...bySql].map(([sql, all]) => [
      sql,
      {
        buffers: medianOf(all.map(({ buffers }) => buffers)),
        descents: new Map(
          [...new Set(all.flatMap(({ descents }) => [...descents.keys()]))].map((index) => [
            index,
            medianOf(all.map(({ descents }) => descents.get(index) ?? 0)),
          ]),
        ),
      },
    ]),
  );
}

function summed(all: readonly [string, number][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of all) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}

const medianOf = (all: number[]): number => all.sort((left, right) => left - right)[all.length >> 1] ?? 0;
