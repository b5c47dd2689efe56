// Refused logons are counted for each account, so that a link is no way to lock somebody out of Mediaflux.

import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { TooManyTries } from './access.errors.js';

const REFUSALS = 3;
const WITHIN_SECONDS = 900;

@Injectable()
export class LogonTries {
  private limiter: Promise<RateLimiterPostgres> | undefined;

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** @throws TooManyTries */
  async mustBeAllowed(account: string): Promise<void> {
    const counted = await (await this.open()).get(keyOf(account));
    if (counted && counted.consumedPoints >= REFUSALS) throw new TooManyTries(Math.ceil(counted.msBeforeNext / 1000));
  }

  async refused(account: string): Promise<void> {
    await (await this.open()).penalty(keyOf(account), 1);
  }

  private open(): Promise<RateLimiterPostgres> {
    this.limiter ??= new Promise<RateLimiterPostgres>((resolve, reject) => {
      const limiter: RateLimiterPostgres = new RateLimiterPostgres(
        {
          storeClient: this.dataSource,
          storeType: 'typeorm',
          keyPrefix: 'copy_logon',
          points: REFUSALS,
          duration: WITHIN_SECONDS,
          tableName: 'rate_limit',
          clearExpiredByTimeout: false,
        },
        (error?: Error) => (error ? reject(error) : resolve(limiter)),
      );
    });
    return this.limiter;
  }
}

const keyOf = (account: string): string => createHash('sha256').update(account).digest('base64url');
