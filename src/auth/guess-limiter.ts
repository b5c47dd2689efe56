// What guessing costs: every unknown token takes time, and after many from one network the answer is "wait". Only
// unknown tokens are counted and refused, so that one guesser never locks out the people behind the same address; and
// a network's guesses beyond its own limit use up nobody else's.

import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { rows, Transactions } from '../database/index.js';
import { TooManyGuesses } from './auth.errors.js';
import { networkOf } from './networks.js';
import { SecretKeys } from './secret-keys.js';
import { tryCounter } from './try-counter.js';
import { WaitingGuesses } from './waiting-guesses.js';

const GUESSES_A_MINUTE = 60;
const GUESSES_A_MINUTE_IN_ALL = 3_000;
const DELAY_MS = 300;

@Injectable()
export class GuessLimiter {
  private readonly logger = new Logger('auth');
  private readonly waiting = new WaitingGuesses();
  private readonly ofNetwork: RateLimiterPostgres;
  private readonly inAll: RateLimiterPostgres;

  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
  ) {
    const counter = (keyPrefix: string, points: number) =>
      tryCounter(dataSource, { keyPrefix, points, duration: 60, inMemoryBlockOnConsumed: points });
    this.ofNetwork = counter('unknown_link', GUESSES_A_MINUTE);
    this.inAll = counter('unknown_link_all', GUESSES_A_MINUTE_IN_ALL);
  }

  /** Counts one unknown token and takes its time. @throws TooManyGuesses */
  async count(address: string): Promise<void> {
    const network = networkOf(address);
    if (!(await this.waiting.enter(network, () => delay(DELAY_MS)))) throw new TooManyGuesses(1);
    try {
      await this.ofNetwork.consume(this.keys.countedAs(`network:${network}`));
      await this.inAll.consume('all');
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new TooManyGuesses(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      this.logger.error({ err: error }, 'Unknown links could not be counted; they are refused all the same.');
    }
  }

  /** Forgets what was counted long ago, of logons too: each network that ever guessed has a row. */
  async forgetExpired(): Promise<void> {
    await rows(
      this.transactions.pool,
      'delete from rate_limit where expire < (extract(epoch from now()) - 3600) * 1000',
    );
  }
}
