// What guessing costs: every unknown token takes time, and after many from one network the answer is "wait". Only
// unknown tokens are counted and refused, so that one guesser never locks out the people behind the same address.

import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyGuesses } from './auth.errors.js';

const GUESSES_A_MINUTE = 60;
const GUESSES_A_MINUTE_IN_ALL = 3_000;
const DELAY_MS = 300;

@Injectable()
export class GuessLimiter {
  private readonly logger = new Logger('auth');
  private limiters: Promise<[RateLimiterPostgres, RateLimiterPostgres]> | undefined;

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Counts one unknown token and takes its time. @throws TooManyGuesses */
  async count(address: string): Promise<void> {
    await delay(DELAY_MS);
    try {
      const [perNetwork, inAll] = await (this.limiters ??= this.open());
      await inAll.consume('all');
      await perNetwork.consume(createHash('sha256').update(address).digest('base64url'));
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new TooManyGuesses(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      this.limiters = undefined;
      this.logger.error({ err: error }, 'Unknown links could not be counted; they are refused all the same.');
    }
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
          clearExpiredByTimeout: false,
        },
        (error?: Error) => (error ? reject(error) : resolve(limiter)),
      );
    });
  }
}
