// A fresh database of the test run's cluster: a clone of the migrated template.

import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Its address. @throws Error the cluster of the test run is not there */
export async function cloneDatabase(): Promise<string> {
  const cluster = process.env['TEST_POSTGRES'];
  if (cluster === undefined) throw new Error('PostgreSQL for tests is not running; start tests with npm test.');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  await client.query(`create database ${name} template template_dispatch`);
  await client.end();
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}
