// Logons are counted before they are tried and given back when they were not refused, so that any number at once cannot
// be more than the limit. Counted for each account, so that a link is no way to lock somebody out of Mediaflux; and for
// each link, so that it is no way to try one password on many accounts.

import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { TooManyTries } from '../access.errors.js';

const REFUSALS_OF_AN_ACCOUNT = 3;
const REFUSALS_THROUGH_A_LINK = 10;
/** Usual policies lock an account after five refusals within half an hour. */
const WITHIN_SECONDS = 1_800;

export interface LogonTry {
  account: string;
  deliveryId: string;
}

@Injectable()
export class LogonTries {
  private limiters: Promise<{ account: RateLimiterPostgres; link: RateLimiterPostgres }> | undefined;

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Counts a try that is about to be made. @throws TooManyTries it must not be made */
  async count(logon: LogonTry): Promise<void> {
    const { account, link } = await this.open();
    await consume(account, keyOf(logon.account));
    await consume(link, logon.deliveryId).catch(async (error: unknown) => {
      await account.reward(keyOf(logon.account), 1);
      throw error;
    });
  }

  /** It was not refused: it counts no more. */
  async giveBack(logon: LogonTry): Promise<void> {
    const { account, link } = await this.open();
    await Promise.all([account.reward(keyOf(logon.account), 1), link.reward(logon.deliveryId, 1)]);
  }

  private open() {
    this.limiters ??= Promise.all([
      this.limiter('copy_logon', REFUSALS_OF_AN_ACCOUNT),
      this.limiter('copy_logon_link', REFUSALS_THROUGH_A_LINK),
    ]).then(
      ([account, link]) => ({ account, link }),
      (error: unknown) => {
        this.limiters = undefined;
        throw error;
      },
    );
    return this.limiters;
  }

  private limiter(keyPrefix: string, points: number): Promise<RateLimiterPostgres> {
    return new Promise((resolve, reject) => {
      const limiter: RateLimiterPostgres = new RateLimiterPostgres(
        {
          storeClient: this.dataSource,
          storeType: 'typeorm',
          keyPrefix,
          points,
          duration: WITHIN_SECONDS,
          tableName: 'rate_limit',
          clearExpiredByTimeout: false,
        },
        (error?: Error) => (error ? reject(error) : resolve(limiter)),
      );
    });
  }
}

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new TooManyTries(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    throw error;
  }
}

/** Other letters of the same name may be the same account. */
const keyOf = (account: string): string =>
  createHash('sha256').update(account.normalize('NFKC').trim().toLowerCase()).digest('base64url');
