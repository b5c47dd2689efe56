// What an end user says with one click: "I have what I need", "no more reminders". Each can be taken back. A scanner
// says nothing with the first; the second is sent by mail programs by themselves and is taken from everybody.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import type { LinkIdentity } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { DeliveriesStore, findDelivery } from '../deliveries/index.js';
import { InvalidFields, NotFound } from '../http/index.js';
import { isLanguage, LANGUAGES } from '../language/index.js';
import { PersonsStore } from '../persons/index.js';
import { Clock } from '../time/index.js';
import { AccessStore } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';

const COLUMNS = {
  done: 'done_at',
  undone: 'done_at',
  'opted-out': 'opted_out_at',
  'opted-in': 'opted_out_at',
} as const;

@Injectable()
export class StatementsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Records what was said; false when it is not taken, because a scanner said it. */
  async say(link: LinkIdentity, statement: keyof typeof COLUMNS, requesting: RequestingClient): Promise<boolean> {
    const now = this.clock.now();
    return this.transactions.run(async (tx) => {
      const { client, isScanner, details } = await this.judge.judge(tx, link.deliveryId, requesting, now);
      const isTaken = !isScanner || link.purpose === 'unsubscribe';
      if (isTaken) {
        if (statement === 'done' || statement === 'opted-out')
          await this.deliveries.mark(tx, link.deliveryId, COLUMNS[statement], now);
        else await this.deliveries.unmark(tx, link.deliveryId, COLUMNS[statement]);
      }
      const delivery = { id: link.deliveryId, platformId: link.platformId };
      await this.access.add(tx, delivery, {
        method: 'page',
        phase: statement,
        counts: false,
        at: now,
        details: { ...details, taken: isTaken },
        client,
      });
      return isTaken;
    });
  }

  /**
   * The language of coming mails to the person, whatever delivery they are about. False when it is not taken, because a
   * scanner said it, which presses every button in every language.
   *
   * @param form `language=fr`
   */
  async chooseLanguage(link: LinkIdentity, form: unknown, requesting: RequestingClient): Promise<boolean> {
    const language = (form as { language?: unknown } | null | undefined)?.language;
    if (!isLanguage(language))
      throw new InvalidFields([{ path: 'language', message: `must be one of ${LANGUAGES.join(', ')}` }]);
    return this.transactions.run(async (tx) => {
      const delivery = await findDelivery(tx, link.deliveryId);
      if (!delivery) throw new NotFound('delivery');
      if ((await this.judge.judge(tx, delivery.id, requesting, this.clock.now())).isScanner) return false;
      if (!(await this.persons.setLanguage(tx, delivery.personId, language))) return true;
      await this.audit.record(tx, {
        actor: `link:${link.deliveryId}`,
        action: 'person.language',
        subjectKind: 'person',
        subjectId: delivery.personId,
        after: { language },
      });
      return true;
    });
  }
}
