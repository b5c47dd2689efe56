// What guessing costs: every unknown token takes time, and after many from one network the answer is "wait". Only
// unknown tokens are counted and refused, so that one guesser never locks out the people behind the same address; and
// a network's guesses beyond its own limit use up nobody else's.

import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { row, rows, Transactions } from '../database/index.js';
import { TooManyGuesses } from './auth.errors.js';
import { networkOf } from './networks.js';
import { SecretKeys } from './secret-keys.js';
import { WaitingGuesses } from './waiting-guesses.js';

const GUESSES_A_MINUTE = 60;
const GUESSES_A_MINUTE_IN_ALL = 3_000;
const DELAY_MS = 300;

@Injectable()
export class GuessLimiter {
  private readonly logger = new Logger('auth');
  private readonly waiting = new WaitingGuesses();
  private limiters: Promise<[RateLimiterPostgres, RateLimiterPostgres]> | undefined;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
  ) {}

  /** Counts one unknown token and takes its time. @throws TooManyGuesses */
  async count(address: string): Promise<void> {
    const network = networkOf(address);
    if (!(await this.waiting.enter(network, () => delay(DELAY_MS)))) throw new TooManyGuesses(1);
    try {
      const [perNetwork, inAll] = await (this.limiters ??= this.open());
      await perNetwork.consume(this.keys.countedAs(`network:${network}`));
      await inAll.consume('all');
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new TooManyGuesses(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      this.limiters = undefined;
      this.logger.error({ err: error }, 'Unknown links could not be counted; they are refused all the same.');
    }
  }

  /** Forgets what was counted long ago, of logons too: each network that ever guessed has a row. */
  async forgetExpired(): Promise<void> {
    const { pool } = this.transactions;
    const made = await row<{ name: string | null }>(pool, `select to_regclass('rate_limit')::text as name`);
    // The limiters make their table when they are first used.
    if (made?.name == null) return;
    await rows(pool, 'delete from rate_limit where expire < (extract(epoch from now()) - 3600) * 1000');
  }

  private async open(): Promise<[RateLimiterPostgres, RateLimiterPostgres]> {
    return Promise.all([
      this.limiter('unknown_link', GUESSES_A_MINUTE),
      this.limiter('unknown_link_all', GUESSES_A_MINUTE_IN_ALL),
    ]);
  }

  private limiter(keyPrefix: string, points: number): Promise<RateLimiterPostgres> {
    return new Promise((resolve, reject) => {
      const limiter: RateLimiterPostgres = new RateLimiterPostgres(
        {
          storeClient: this.dataSource,
          storeType: 'typeorm',
          keyPrefix,
          points,
          duration: 60,
          tableName: 'rate_limit',
          // Beyond the limit nothing is written any more until it ends.
          inMemoryBlockOnConsumed: points,
          clearExpiredByTimeout: false,
        },
        (error?: Error) => (error ? reject(error) : resolve(limiter)),
      );
    });
  }
}
