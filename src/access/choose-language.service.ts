// The language that a person chooses behind a link: of what is mailed to them from then on.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import type { LinkIdentity } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { findDelivery } from '../deliveries/index.js';
import { InvalidFields, NotFound } from '../http/index.js';
import { isLanguage, LANGUAGES } from '../language/index.js';
import { PersonsStore } from '../persons/index.js';
import { Clock } from '../time/index.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';

@Injectable()
export class ChooseLanguageService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The language of coming mails to the person, whatever delivery they are about. False when it is not taken, because a
   * scanner said it, which presses every button in every language.
   *
   * @param form `language=fr`
   */
  async run(link: LinkIdentity, form: unknown, requesting: RequestingClient): Promise<boolean> {
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
