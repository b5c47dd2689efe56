// To the operator, once, when dispatched data are no longer in Mediaflux. The subject is the upload.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../database/index.js';
import { deliveriesOfUpload, operatorWords, plainMail } from '../../deliveries/index.js';
import { type Composition, type MailKind, MailKinds, type QueuedMail } from '../../mail/index.js';

@Injectable()
export class VanishedMail implements MailKind, OnModuleInit {
  readonly kind = 'gone';

  constructor(@Inject(MailKinds) private readonly kinds: MailKinds) {}

  onModuleInit(): void {
    this.kinds.register(this);
  }

  async compose(tx: Tx, mail: QueuedMail): Promise<Composition> {
    const deliveries = await deliveriesOfUpload(tx, mail.subjectId);
    const [facts] = deliveries;
    if (!facts) return { skip: 'gone' };
    const recipients = [...new Set(deliveries.map((delivery) => delivery.recipient))].join(', ');
    const words = operatorWords(facts);
    return plainMail(words, facts, words.say('vanished.subject', { platform: facts.platform, folder: facts.folder }), [
      words.say('vanished.intro', { recipients }),
    ]);
  }
}
