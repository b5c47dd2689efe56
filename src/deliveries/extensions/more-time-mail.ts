// To the operator, when an end user asks for more time. The subject is the request. It holds no link: links are keys.

import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../database/index.js';
import type { ComposedMail, MailKind, QueuedMail } from '../../mail/index.js';
import { findDelivery, operatorWords } from '../delivery-facts.js';
import { plainMail } from '../operator-mails.js';
import { ExtensionRequestsStore } from './extension-requests.store.js';

@Injectable()
export class MoreTimeMail implements MailKind {
  readonly kind = 'more-time';

  constructor(@Inject(ExtensionRequestsStore) private readonly requests: ExtensionRequestsStore) {}

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const request = await this.requests.find(tx, mail.subjectId);
    if (request?.state !== 'open') return { skip: 'decided' };
    const facts = await findDelivery(tx, request.deliveryId);
    if (!facts?.expiresAt) return { skip: 'decided' };
    const { recipient, folder, platform } = facts;
    const words = operatorWords(facts);
    return plainMail(words, facts, words.say('moreTime.subject', { platform, recipient, folder }), [
      words.say('moreTime.text', { recipient, ended: words.instant(facts.expiresAt, facts.timeZone) }),
      words.say('moreTime.grant'),
      words.fact(words.say('data.folder'), folder),
      words.fact(words.say('moreTime.request'), request.id),
    ]);
  }
}
