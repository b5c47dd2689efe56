// What a Data Mover with a shareable's token may know of it: enough to show the right form.

import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { NotFound } from '../../http/index.js';
import { findPlatform } from '../../platforms/index.js';
import { leftOf, ShareableCallers, ShareableLimitsService, ShareablesStore } from '../../shares/index.js';
import { MOST_KEYWORDS, MOST_RECIPIENTS } from '../uploads.schema.js';

@Injectable()
export class ShareableInfoService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(ShareableLimitsService) private readonly limits: ShareableLimitsService,
  ) {}

  async run(identity: ShareableIdentity) {
    await this.callers.mustBeActive(identity);
    await this.callers.seen(identity);
    const { pool } = this.transactions;
    const shareable = await this.shareables.find(pool, identity.shareableId);
    const platform = await findPlatform(pool, identity.platformId);
    if (!shareable || !platform) throw new NotFound('upload shareable');
    const { limits, used } = await this.limits.of(pool, identity.shareableId);
    return {
      platform: { name: platform.name },
      label: shareable.label,
      number: shareable.number,
      fields: { name: shareable.ask_name, keywords: shareable.ask_keywords },
      limits: {
        recipients: MOST_RECIPIENTS,
        keywords: MOST_KEYWORDS,
        ...limits,
        /** In the 24 hours before now; null where there is no limit. */
        left: leftOf(limits, used),
      },
      methods: platform.methods,
    };
  }
}
