// A database of an earlier version of the program, to be brought up to date by a test.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';

/** TypeORM tells migrations apart, and puts them in order, by the number at the end of their names. */
const numberOf = (name: string): number => Number(name.slice(-13));

/**
 * As it was before a migration, by its name: the earlier ones have run. The caller destroys the data source, and brings
 * the database at `url` up to date.
 */
export async function databaseBefore(migration: string): Promise<{ url: string; dataSource: DataSource }> {
  const url = new URL(process.env['TEST_POSTGRES'] ?? '');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  url.pathname = `/${name}`;
  const all = createDataSource(url.href, 2).options.migrations as { name: string }[];
  const dataSource = await new DataSource({
    type: 'postgres',
    url: url.href,
    migrations: all.filter((one) => numberOf(one.name) < numberOf(migration)) as never,
    migrationsTableName: 'migration',
  }).initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  return { url: url.href, dataSource };
}
