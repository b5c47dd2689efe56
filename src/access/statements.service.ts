// What an end user says with one click: "I have what I need", "no more reminders". Each can be taken back.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import type { LinkIdentity } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { DeliveriesStore } from '../deliveries/index.js';
import { Clock } from '../time/index.js';

const COLUMNS = { done: 'done_at', 'opted-out': 'opted_out_at' } as const;
export type Statement = keyof typeof COLUMNS;

@Injectable()
export class StatementsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async say(link: LinkIdentity, statement: Statement): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (await this.deliveries.mark(tx, link.deliveryId, COLUMNS[statement], this.clock.now())) {
        await this.audit.record(tx, {
          actor: `link:${link.deliveryId}`,
          action: `delivery.${statement}`,
          subjectKind: 'delivery',
          subjectId: link.deliveryId,
        });
      }
    });
  }

  async takeBack(link: LinkIdentity, statement: Statement): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.deliveries.unmark(tx, link.deliveryId, COLUMNS[statement]);
      await this.audit.record(tx, {
        actor: `link:${link.deliveryId}`,
        action: `delivery.${statement}.undone`,
        subjectKind: 'delivery',
        subjectId: link.deliveryId,
      });
    });
  }
}
