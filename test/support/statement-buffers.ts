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
  /** How often it looked something up in an index: each reads one buffer more when the index grows by a level. */
  searches: number;
}

interface Plan {
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  'Index Searches'?: number;
  Plans?: Plan[];
}

interface Noted {
  'Query Text': string;
  Plan: Plan;
}

const searchesOf = (plan: Plan): number =>
  (plan.Plans ?? []).reduce((sum, part) => sum + searchesOf(part), plan['Index Searches'] ?? 0);

/** What was executed during `work`, in order. Reads the log of the embedded PostgreSQL. */
async function statementsDuring(
  database: Client,
  work: () => Promise<void>,
): Promise<(StatementReads & { sql: string })[]> {
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
      searches: searchesOf(noted.Plan),
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
  ask: (token: string) => Promise<void>,
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
      { buffers: medianOf(all.map(({ buffers }) => buffers)), searches: medianOf(all.map(({ searches }) => searches)) },
    ]),
  );
}

const medianOf = (all: number[]): number => all.sort((left, right) => left - right)[all.length >> 1] ?? 0;
