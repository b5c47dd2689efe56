// Counts of tries, which all processes share: in the table that the migrations make.

import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';

export interface CountedTries {
  keyPrefix: string;
  /** So many may be made */
  points: number;
  /** within so many seconds. */
  duration: number;
  /** From so many on nothing is written any more until the time is over. */
  inMemoryBlockOnConsumed?: number;
}

export const tryCounter = (dataSource: DataSource, tries: CountedTries): RateLimiterPostgres =>
  new RateLimiterPostgres({
    ...tries,
    storeClient: dataSource,
    storeType: 'typeorm',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: false,
  });
