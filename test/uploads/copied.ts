// A database for the tests of a file, and connections for rows that are copied into it and out of it.

import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { CopyStreams } from '../../src/database/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

export class Copied {
  database!: TestDatabase;
  copies!: CopyStreams;

  async open(): Promise<void> {
    this.database = await createDatabase();
    this.copies = new CopyStreams(new pg.Pool({ connectionString: this.database.url, max: 2 }));
  }

  async close(): Promise<void> {
    await this.copies.close();
    await this.database.close();
  }
}

export function copiedRows(): Copied {
  const copied = new Copied();
  beforeAll(() => copied.open());
  afterAll(() => copied.close());
  return copied;
}
