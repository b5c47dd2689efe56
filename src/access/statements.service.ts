// What an end user says with one click: "I have what I need", "no more reminders". Each can be taken back.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import type { LinkIdentity } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { DeliveriesStore, findDelivery } from '../deliveries/index.js';
import { InvalidFields, NotFound } from '../http/index.js';
import { isLanguage, LANGUAGES } from '../language/index.js';
import { PersonsStore } from '../persons/index.js';
import { Clock } from '../time/index.js';

const COLUMNS = { done: 'done_at', 'opted-out': 'opted_out_at' } as const;
export type Statement = keyof typeof COLUMNS;

@Injectable()
export class StatementsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
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

  /**
   * The language of coming mails to the person, whatever delivery they are about.
   *
   * @param form `language=fr`
   */
  async chooseLanguage(link: LinkIdentity, form: unknown): Promise<void> {
    const language = (form as { language?: unknown } | null | undefined)?.language;
    if (!isLanguage(language))
      throw new InvalidFields([{ path: 'language', message: `must be one of ${LANGUAGES.join(', ')}` }]);
    await this.transactions.run(async (tx) => {
      const delivery = await findDelivery(tx, link.deliveryId);
      if (!delivery) throw new NotFound('delivery');
      if (!(await this.persons.setLanguage(tx, delivery.personId, language))) return;
      await this.audit.record(tx, {
        actor: `link:${link.deliveryId}`,
        action: 'person.language',
        subjectKind: 'person',
        subjectId: delivery.personId,
        after: { language },
      });
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
