// Links that have ended are known, so that nothing is to be guessed with them: the limit only keeps a loop from being
// answered in full. Of one link and one network, so that a scanner keeps no person elsewhere from the page.

import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AskedTooOften } from './auth.errors.js';
import { networkOf } from './networks.js';

const A_MINUTE = 240;

@Injectable()
export class EndedLinkLimiter {
  private readonly limiter = new RateLimiterMemory({ keyPrefix: 'ended_link', points: A_MINUTE, duration: 60 });

  /** @throws AskedTooOften */
  async count(deliveryId: string, address: string): Promise<void> {
    try {
      await this.limiter.consume(`${deliveryId} ${networkOf(address)}`);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new AskedTooOften(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      throw error;
    }
  }
}
