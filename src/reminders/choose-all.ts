// All that a run chooses, page by page, until nobody is left.

import type { Transactions } from '../database/index.js';
import type { Selection, SelectionStore } from './selection.store.js';

/** Deliveries chosen in one transaction. */
const PAGE = 10_000;
/** So many at once change what PostgreSQL should know of the tables, for the questions that follow. */
const MANY = 1_000;

/** @param wanted what is wanted now: each page is a transaction of its own, and time goes on */
export async function chooseAll(
  selection: SelectionStore,
  transactions: Transactions,
  wanted: () => Selection,
  signal: AbortSignal,
): Promise<number> {
  let all = 0;
  let isCounted = false;
  for (let chosen = -1; chosen !== 0 && (await selection.left(transactions.pool, wanted())) > 0;) {
    chosen = 0;
    for (let isFull = true; isFull;) {
      signal.throwIfAborted();
      const page = await transactions.run((tx) => selection.page(tx, wanted(), PAGE));
      chosen += page.chosen;
      if (page.chosen >= MANY && !isCounted) {
        await selection.count(transactions.pool);
        isCounted = true;
      }
      isFull = page.isFull;
    }
    all += chosen;
  }
  return all;
}
