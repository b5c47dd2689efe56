// Event chains as administrators see them: their heads, to be kept elsewhere, and whether they hold.

import { Inject, Injectable } from '@nestjs/common';
import { ChainedKinds, type ChainReport, ChainsStore, verifyChains } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { NotFound } from '../http/index.js';

@Injectable()
export class ChainsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ChainsStore) private readonly chains: ChainsStore,
    @Inject(ChainedKinds) private readonly kinds: ChainedKinds,
  ) {}

  async heads() {
    return { items: await this.chains.heads(this.transactions.pool), nextCursor: null };
  }

  /** @param chain one only. @throws NotFound */
  async verify(chain: string | undefined): Promise<{ ok: boolean; chains: ChainReport[] }> {
    const reports = await this.transactions.snapshot(async (tx) => {
      const found: ChainReport[] = [];
      for await (const report of verifyChains(tx, this.kinds.all, { chain })) found.push(report);
      return found;
    });
    if (reports.length === 0) throw new NotFound('chain');
    return { ok: reports.every((report) => report.ok), chains: reports };
  }
}
