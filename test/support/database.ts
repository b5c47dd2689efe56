// A database for one test file: a clone of the migrated template.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';

export interface TestDatabase {
  url: string;
  dataSource: DataSource;
  close(): Promise<void>;
}

export async function createDatabase(): Promise<TestDatabase> {
  const cluster = process.env['TEST_POSTGRES'];
  if (cluster === undefined) throw new Error('PostgreSQL for tests is not running; start tests with npm test.');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  await client.query(`create database ${name} template template_dispatch`);
  await client.end();
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  const dataSource = await createDataSource(url.href).initialize();
  return { url: url.href, dataSource, close: () => dataSource.destroy() };
}
