// Once for a test run: a PostgreSQL cluster with a migrated template, of which each test file clones a database.

import pg from 'pg';
import { migrate } from '../../src/database/index.js';
import { startPostgres } from '../../src/embedded/index.js';
import { freshFolder } from './folders.js';

declare global {
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

/** Test files that run at the same time share the cluster, and each may start several programs of up to 50 connections. */
const CONNECTIONS = 600;

export default async function setup(): Promise<void> {
  const folder = freshFolder();
  process.env['TEST_FOLDERS'] = folder;
  const postgres = await startPostgres(folder, 0, () => undefined, CONNECTIONS);
  globalThis.stopTestPostgres = () => postgres.stop();
  const template = new URL(postgres.url);
  template.pathname = '/template_dispatch';
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  // Tests end programs and never this cluster, so nothing is worth waiting for a disk.
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit'])
    await client.query(`alter system set ${name} = off`);
  // Nor worth a gigabyte of one: each database is a clone of a template that its log repeats.
  await client.query(`alter system set max_wal_size = '128MB'`);
  await client.query('select pg_reload_conf()');
  await client.query('create database template_dispatch');
  await client.end();
  await migrate(template.href);
  process.env['TEST_POSTGRES'] = postgres.url;
}
