// What a Data Mover with a shareable's token may know of it: enough to show the right form.

import { Inject, Injectable } from '@nestjs/common';
import { KeyNeeded, type ShareableIdentity } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { findPlatform } from '../platforms/index.js';
import { ShareablesStore } from '../shares/index.js';

@Injectable()
export class ShareableInfoService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
  ) {}

  async run(identity: ShareableIdentity) {
    const { pool } = this.transactions;
    const shareable = await this.shareables.find(pool, identity.shareableId);
    const platform = await findPlatform(pool, identity.platformId);
    if (identity.state !== 'active' || !shareable || !platform) throw new KeyNeeded();
    return {
      platform: { name: platform.name },
      label: shareable.label,
      number: shareable.number,
      fields: { name: shareable.ask_name, keywords: shareable.ask_keywords },
      limits: { recipients: 50, keywords: 50 },
      methods: platform.methods,
    };
  }
}
