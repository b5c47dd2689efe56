// "Ask for more time" on the page of an expired link. What a scanner asks is kept and makes no request.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../auth/index.js';
import { MoreTimeService } from '../deliveries/index.js';
import { AccessStore } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';

@Injectable()
export class AskedForMoreTimeService {
  constructor(
    @Inject(MoreTimeService) private readonly moreTime: MoreTimeService,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
  ) {}

  /**
   * When the open request was made; undefined: it was not taken, because a scanner asked.
   * @throws Conflict, LinkGone, AskedTooSoon
   */
  run(link: LinkIdentity, requesting: RequestingClient): Promise<Date | undefined> {
    return this.moreTime.run(link, async (tx, delivery, at) => {
      const { client, isScanner, details } = await this.judge.judge(tx, delivery.id, requesting, at);
      await this.access.add(tx, delivery, {
        method: 'page',
        phase: 'more-time',
        counts: false,
        at,
        details: { ...details, taken: !isScanner },
        client,
      });
      return !isScanner;
    });
  }
}
