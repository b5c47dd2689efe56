// Copies that nobody works on are put back in the queue; logons that were not used are ended.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { Sweeps } from '../../queue/index.js';
import { CopiesStore } from './copies.store.js';
import { CopyLogonsService } from './copy-logons.service.js';
import { CopyRequests } from './copy-requests.js';

@Injectable()
export class CopySweeps implements OnModuleInit {
  constructor(
    @Inject(Sweeps) private readonly sweeps: Sweeps,
    @Inject(CopiesStore) private readonly copies: CopiesStore,
    @Inject(CopyRequests) private readonly requests: CopyRequests,
    @Inject(CopyLogonsService) private readonly logons: CopyLogonsService,
    @Inject(Transactions) private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.sweeps.register({
      name: 'copies',
      everyMs: 3_000,
      run: async () => {
        for (const copyId of await this.copies.unattended(this.transactions.pool)) await this.requests.enqueue(copyId);
      },
    });
    this.sweeps.register({ name: 'unused-copy-logons', everyMs: 5_000, run: () => this.logons.sweep() });
  }
}
