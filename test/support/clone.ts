// A fresh database of the test run's cluster: a clone of the migrated template.

import { randomBytes } from 'node:crypto';
import pg from 'pg';

let dropped: Promise<void> | undefined;

/** Those of test files that this worker has ended: together they would fill a small disk. */
async function dropDatabases(client: pg.Client, prefix: string): Promise<void> {
  const left = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of left.rows) await client.query(`drop database ${datname} with (force)`);
}

/** Its address. @throws Error the cluster of the test run is not there */
export async function cloneDatabase(): Promise<string> {
  const cluster = process.env['TEST_POSTGRES'];
  if (cluster === undefined) throw new Error('PostgreSQL for tests is not running; start tests with npm test.');
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  const prefix = `t_${process.env['JEST_WORKER_ID'] ?? 'alone'}_`;
  // Once, also where two are asked for at one moment: the second would drop the first.
  await (dropped ??= dropDatabases(client, prefix));
  const name = prefix + randomBytes(6).toString('hex');
  await client.query(`create database ${name} template template_dispatch`);
  await client.end();
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}
