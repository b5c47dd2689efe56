// Transactions and plain SQL. Everything that selects, claims or sweeps is SQL text; a transaction is passed down
// as `tx`, never found through a global. No Mediaflux call is made while one is open.

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** An open transaction, or the pool itself where a single statement is enough. */
export type Tx = EntityManager;

@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs `work` in one transaction; what it throws undoes all of it and is passed on. */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** Reads only, all of it as the database was at one moment. */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      await tx.query('set transaction read only');
      return work(tx);
    });
  }

  /** Single statements outside a transaction. */
  get pool(): Tx {
    return this.dataSource.manager;
  }
}

/** Rows of a statement. `insert`, `update` and `delete` answer what their `returning` names. */
export async function rows<Row>(tx: Tx, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const answer: unknown = await tx.query(sql, [...parameters]);
  // TypeORM answers `update` and `delete` as [rows, count].
  const isCounted =
    Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
  return (isCounted ? (answer as [Row[], number])[0] : answer) as Row[];
}

/** The only row, or undefined when there is none. */
export async function row<Row>(tx: Tx, sql: string, parameters: readonly unknown[] = []): Promise<Row | undefined> {
  return (await rows<Row>(tx, sql, parameters))[0];
}
