// Mails to operators: an upload has arrived, data were accessed, an address was refused. None of them holds a link:
// links are keys.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import { formatBytes, formatFiles, say } from '../language/index.js';
import type { ComposedMail, MailKind, QueuedMail } from '../mail/index.js';
import { renderMail, unlinked } from '../views/index.js';
import { deliveriesOfUpload, type DeliveryFacts, findDelivery } from './delivery-facts.js';

/** A mail of a few paragraphs and a list. */
export function plainMail(
  facts: Pick<DeliveryFacts, 'platform' | 'contactName' | 'contactEmail'>,
  subject: string,
  paragraphs: readonly string[],
  list: readonly string[] = [],
): ComposedMail {
  return {
    subject,
    fromName: facts.platform,
    replyTo: { name: facts.contactName, address: facts.contactEmail },
    text: [...paragraphs, ...(list.length > 0 ? [list.map((item) => `- ${item}`).join('\n')] : [])].join('\n\n'),
    html: renderMail({
      title: subject,
      preheader: paragraphs[0] ?? '',
      children: (
        <>
          {paragraphs.map((text) => (
            <p key={text}>{unlinked(text)}</p>
          ))}
          {list.length === 0 ? null : (
            <ul>
              {list.map((item) => (
                <li key={item}>{unlinked(item)}</li>
              ))}
            </ul>
          )}
        </>
      ),
    }),
  };
}

/** To the operator, when an upload is verified and dispatched. The subject is the upload. */
@Injectable()
export class UploadCompleteMail implements MailKind {
  readonly kind = 'upload-complete';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const deliveries = (await deliveriesOfUpload(tx, mail.subjectId)).filter((delivery) => delivery.ordinal === 0);
    const [facts] = deliveries;
    if (!facts) return { skip: 'gone' };
    const size = formatBytes(facts.bytes);
    return plainMail(
      facts,
      say('uploaded.subject', { platform: facts.platform, folder: facts.folder }),
      [
        say('uploaded.intro', { files: formatFiles(facts.files), size }),
        `${say('data.folder')}: ${facts.folder}`,
        say('uploaded.recipients'),
      ],
      deliveries.map((delivery) => delivery.recipient),
    );
  }
}

/** To the operator, at the first counting access of a delivery. The subject is the delivery. */
@Injectable()
export class AccessedMail implements MailKind {
  readonly kind = 'accessed';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const facts = await findDelivery(tx, mail.subjectId);
    const [first] = await rows<{ method: 'data-mover' | 'direct' | 'copy' }>(
      tx,
      'select method from judged_access where delivery_id = $1 and counts order by at, id limit 1',
      [mail.subjectId],
    );
    if (!facts || !first) return { skip: 'gone' };
    const { recipient, folder, platform } = facts;
    return plainMail(
      facts,
      say('accessed.subject', { platform, recipient, folder, how: say(`accessed.how.${first.method}`) }),
      [say(`accessed.text.${first.method}`, { recipient }), `${say('data.folder')}: ${folder}`],
    );
  }
}

/** To the operator, when the mail server refuses a recipient for good. The subject is the delivery. */
@Injectable()
export class UndeliverableMail implements MailKind {
  readonly kind = 'undeliverable';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const facts = await findDelivery(tx, mail.subjectId);
    if (!facts) return { skip: 'gone' };
    const { recipient, folder, platform } = facts;
    return plainMail(facts, say('undeliverable.subject', { platform, recipient }), [
      say('undeliverable.text', { recipient }),
      `${say('data.folder')}: ${folder}`,
    ]);
  }
}
