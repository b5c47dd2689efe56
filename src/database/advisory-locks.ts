// Locks that all processes on one database respect, for work outside it that must not run twice at once. They are held
// on connections of their own, without a transaction, and end with the connection when a process dies.

import type pg from 'pg';

export class AdvisoryLocks {
  constructor(private readonly pool: pg.Pool) {}

  /** Runs `work` while no other process runs any for the same `key`. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [key]);
      try {
        return await work();
      } finally {
        await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch((error: Error) => {
          // The connection is given up below, and the lock ends with it.
          failure = error;
        });
      }
    } finally {
      client.release(failure);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
