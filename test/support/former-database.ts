// A database of a version before: without one migration and all that follow it.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/index.js';

export interface FormerDatabase {
  dataSource: DataSource;
  /** Brings it to this version. */
  migrate: () => Promise<void>;
}

/** @param migration the name of the first that it lacks, which ends in its number of thirteen digits */
export async function formerDatabase(
  migration: string,
  work: (database: FormerDatabase) => Promise<void>,
): Promise<void> {
  const cluster = process.env['TEST_POSTGRES'] ?? '';
  const name = `t_${randomBytes(6).toString('hex')}`;
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  await onCluster(cluster, `create database ${name}`);
  const all = createDataSource(url.href, 2).options.migrations as { name: string }[];
  const dataSource = await new DataSource({
    type: 'postgres',
    url: url.href,
    migrations: all.filter((one) => one.name.slice(-13) < migration.slice(-13)) as never,
    migrationsTableName: 'migration',
  }).initialize();
  try {
    await dataSource.runMigrations({ transaction: 'each' });
    await work({ dataSource, migrate: () => migrate(url.href) });
  } finally {
    await dataSource.destroy();
    await onCluster(cluster, `drop database ${name} with (force)`);
  }
}

async function onCluster(cluster: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  await client.query(statement);
  await client.end();
}
