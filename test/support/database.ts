// A database for one test file: a clone of the migrated template.

import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { cloneDatabase } from './clone.js';

export interface TestDatabase {
  url: string;
  dataSource: DataSource;
  close(): Promise<void>;
}

export async function createDatabase(): Promise<TestDatabase> {
  const url = await cloneDatabase();
  const dataSource = await createDataSource(url).initialize();
  return { url, dataSource, close: () => dataSource.destroy() };
}
