// Logons are counted before they are tried and given back when they were not refused, so that any number at once cannot
// be more than the limit. Counted for each account, so that a link is no way to lock somebody out of Mediaflux; and for
// each link, so that it is no way to try one password on many accounts.

import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { SecretKeys, tryCounter } from '../../auth/index.js';
import { TooManyTries } from '../access.errors.js';

const REFUSALS_OF_AN_ACCOUNT = 3;
const REFUSALS_THROUGH_A_LINK = 10;
/** Usual policies lock an account after five refusals within half an hour. */
const WITHIN_SECONDS = 1_800;
/** For others of the same account that are being tried. */
const WAIT_MS = 1_000;
const MOST_WAITS = 20;

export interface LogonTry {
  account: string;
  deliveryId: string;
}

@Injectable()
export class LogonTries {
  private readonly account: RateLimiterPostgres;
  private readonly link: RateLimiterPostgres;
  private readonly refusals: RateLimiterPostgres;

  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
  ) {
    const counter = (keyPrefix: string, points: number) =>
      tryCounter(dataSource, { keyPrefix, points, duration: WITHIN_SECONDS });
    this.account = counter('copy_logon', REFUSALS_OF_AN_ACCOUNT);
    this.link = counter('copy_logon_link', REFUSALS_THROUGH_A_LINK);
    this.refusals = counter('copy_logon_refused', REFUSALS_OF_AN_ACCOUNT);
  }

  /** Counts a try that is about to be made. @throws TooManyTries it must not be made */
  async count(logon: LogonTry): Promise<void> {
    const { account, link, refusals } = this;
    const [key, ...formerKeys] = this.keysOf(logon.account);
    // After a change of SECRET_KEY what was counted before it counts on.
    const former = (await Promise.all(formerKeys.map((one) => refusals.get(one)))).filter((known) => known !== null);
    const before = former.reduce((sum, known) => sum + known.consumedPoints, 0);
    for (let waits = 0; !(await mayEnter(account, key, REFUSALS_OF_AN_ACCOUNT - before)); waits += 1) {
      const known = [...former, await refusals.get(key)].filter((one) => one !== null);
      const [first] = known;
      if (first && known.reduce((sum, one) => sum + one.consumedPoints, 0) >= REFUSALS_OF_AN_ACCOUNT)
        throw tooMany(first);
      // The others are being tried, and may all be right.
      if (waits === MOST_WAITS) throw new TooManyTries(WAIT_MS / 1_000);
      await delay(WAIT_MS);
    }
    await consume(link, logon.deliveryId).catch(async (error: unknown) => {
      await account.reward(key, 1);
      throw error;
    });
  }

  async refused(logon: LogonTry): Promise<void> {
    await this.refusals.penalty(this.keysOf(logon.account)[0], 1);
  }

  /** It was not refused: it counts no more. */
  async giveBack(logon: LogonTry): Promise<void> {
    const { account, link } = this;
    await Promise.all([account.reward(this.keysOf(logon.account)[0], 1), link.reward(logon.deliveryId, 1)]);
  }

  /** The first is counted under, the others were. Other letters of the same name may be the same account. */
  private keysOf(account: string): [string, ...string[]] {
    const text = `account:${account.normalize('NFKC').trim().toLowerCase()}`;
    const [, ...former] = this.keys.all;
    return [this.keys.countedAs(text), ...former.map((key) => this.keys.countedAs(text, key))];
  }
}

/** False: as many as may be are counted. */
async function mayEnter(limiter: RateLimiterPostgres, key: string, most: number): Promise<boolean> {
  try {
    if ((await limiter.consume(key)).consumedPoints <= most) return true;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
  }
  await limiter.reward(key, 1);
  return false;
}

const tooMany = ({ msBeforeNext }: RateLimiterRes): TooManyTries =>
  new TooManyTries(Math.max(1, Math.ceil(msBeforeNext / 1_000)));

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(error);
    throw error;
  }
}
