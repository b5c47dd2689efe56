// Holds rows of a program's database, so that what it does stands still at a known place while something else happens.

import pg from 'pg';
import { until } from './wait.js';

export class HeldRows {
  private constructor(
    private readonly holder: pg.Client,
    private readonly looker: pg.Client,
  ) {}

  /** Takes the rows that `select` names; whoever wants to change them waits from now on. */
  static async hold(database: string, select: string, parameters: readonly unknown[]): Promise<HeldRows> {
    const [holder, looker] = [new pg.Client(database), new pg.Client(database)];
    await Promise.all([holder.connect(), looker.connect()]);
    await holder.query('begin');
    await holder.query(`${select} for update`, [...parameters]);
    return new HeldRows(holder, looker);
  }

  /** Takes a whole table in a mode of PostgreSQL's `lock table`. */
  static async holdTable(database: string, table: string, mode: string): Promise<HeldRows> {
    const [holder, looker] = [new pg.Client(database), new pg.Client(database)];
    await Promise.all([holder.connect(), looker.connect()]);
    await holder.query('begin');
    await holder.query(`lock table ${table} in ${mode} mode`);
    return new HeldRows(holder, looker);
  }

  /** Waits until as many of the database's clients wait, for whatever is held by anybody. */
  async isAnyWaiting(by: number): Promise<void> {
    await until('somebody waiting', async () => {
      const found = await this.looker.query<{ waiting: number }>(
        `select count(*)::int as waiting
           from pg_stat_activity
          where datname = current_database()
            and cardinality(pg_blocking_pids(pid)) > 0`,
      );
      return (found.rows[0]?.waiting ?? 0) >= by ? true : undefined;
    });
  }

  /** Waits until as many others wait for the rows. */
  async areWaitedFor(by = 1): Promise<void> {
    const pid = (await this.holder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
    await until('somebody waiting for the rows', async () => {
      const found = await this.looker.query<{ waiting: number }>(
        'select count(*)::int as waiting from pg_stat_activity where $1 = any(pg_blocking_pids(pid))',
        [pid],
      );
      return (found.rows[0]?.waiting ?? 0) >= by ? true : undefined;
    });
  }

  /** Changes something together with the release. */
  async query(sql: string, parameters: readonly unknown[]): Promise<void> {
    await this.holder.query(sql, [...parameters]);
  }

  async release(): Promise<void> {
    await this.holder.query('commit');
    await Promise.all([this.holder.end(), this.looker.end()]);
  }
}
