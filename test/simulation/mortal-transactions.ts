// Transactions of a server that may die before any statement and before or after any commit. A dead one does nothing more;
// what it had open is rolled back.

import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Transactions, type Tx } from '../../src/database/index.js';

export class Died extends Error {
  constructor() {
    super('The server of the simulation has died.');
  }
}

const poolOf = (tx: Tx): pg.Pool => (tx.dataSource.driver as unknown as { master: pg.Pool }).master;

export class MortalTransactions extends Transactions {
  isDead = false;
  private readonly dying = new AbortController();
  /** Statements and commits until it dies. */
  private left = Infinity;

  constructor(source: DataSource) {
    super(source);
  }

  dieAfter(steps: number): void {
    this.left = steps;
  }

  /** Aborts when it dies. */
  get signal(): AbortSignal {
    return this.dying.signal;
  }

  die(): void {
    this.isDead = true;
    this.dying.abort(new Died());
  }

  override async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.live();
    const done = await super.run(async (tx) => {
      const answer = await work(this.mortal(tx));
      this.live();
      return answer;
    });
    this.live();
    return done;
  }

  override get pool(): Tx {
    this.live();
    return this.mortal(super.pool);
  }

  private mortal(tx: Tx): Tx {
    const query = (sql: string, parameters?: unknown[]): Promise<unknown> => {
      this.live();
      return tx.query(sql, parameters);
    };
    const { queryRunner } = tx;
    return Object.create(tx, {
      query: { value: query },
      ...(queryRunner
        ? {
            queryRunner: {
              value: { connect: async () => this.mortalClient((await queryRunner.connect()) as pg.ClientBase) },
            },
          }
        : { dataSource: { value: { driver: { master: this.mortalClient(poolOf(tx)) } } } }),
    }) as Tx;
  }

  /** Prepared statements go past the transaction, to its connection. */
  private mortalClient(client: pg.ClientBase | pg.Pool): { query(statement: pg.QueryConfig): Promise<pg.QueryResult> } {
    return {
      query: (statement) => {
        this.live();
        return client.query(statement);
      },
    };
  }

  private live(): void {
    this.left -= 1;
    if (this.left <= 0 && !this.isDead) this.die();
    if (this.isDead) throw new Died();
  }
}
