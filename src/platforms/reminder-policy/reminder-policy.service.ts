// Shows what a platform's reminder policy is and was.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { NotFound, pageOf, type PageQuery } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { zonedIso } from '../../time/index.js';
import { findPlatform } from '../platform.js';
import { PolicyVersionsStore } from './policy-versions.store.js';

@Injectable()
export class ReminderPolicyService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(PolicyVersionsStore) private readonly versions: PolicyVersionsStore,
  ) {}

  async list(platformId: string, query: PageQuery) {
    const { pool } = this.transactions;
    const platform = isId(platformId) ? await findPlatform(pool, platformId) : undefined;
    if (!platform) throw new NotFound('platform');
    return pageOf(
      await this.versions.list(pool, platformId, query),
      query.limit,
      (version) => ({ ...version, at: zonedIso(version.at, platform.timeZone) }),
      ({ version }) => [version],
    );
  }
}
