// Statements that are sent with nearly every request: each connection reads and plans them once, which for a short
// statement with several joins costs more than running it.

import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Tx } from './transactions.js';

export interface Prepared {
  /** A connection knows it by this; two texts never have the same one. */
  readonly name: string;
  readonly text: string;
}

/**
 * For a constant: what is made anew for each request is planned anew. An array whose length differs from call to call
 * stands in it as `(select $1::uuid[])`: of `$1::uuid[]` the planner sees how long it is, takes a plan for so few to be
 * better than one for any number, and plans each time, which is several times the work of a look-up.
 */
export const prepared = (text: string): Prepared => ({
  name: createHash('sha256').update(text).digest('base64url').slice(0, 22),
  text,
});

/** Its rows; see `rows`. Errors are the database's own. */
export async function preparedRows<Row extends object>(
  tx: Tx,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<Row[]> {
  const connection = tx.queryRunner
    ? ((await tx.queryRunner.connect()) as pg.ClientBase)
    : (tx.dataSource.driver as unknown as { master: pg.Pool }).master;
  return (await connection.query<Row>({ name, text, values: [...values] })).rows;
}
