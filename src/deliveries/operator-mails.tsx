// Mails to operators: an upload has arrived, data were accessed, an address was refused. None of them holds a link:
// links are keys.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import type { Words } from '../language/index.js';
import type { ComposedMail, MailKind, QueuedMail } from '../mail/index.js';
import { parseAddress } from '../persons/index.js';
import { renderMail, unlinked } from '../views/index.js';
import { deliveriesOfUpload, type DeliveryFacts, findDelivery, operatorWords } from './delivery-facts.js';
import { fetchedFiles } from './method-phases.js';

/** A mail of a few paragraphs and a list. */
export const plainMail = (
  words: Words,
  facts: Sender,
  subject: string,
  paragraphs: readonly string[],
  list: readonly string[] = [],
): ComposedMail => listedMail(words, facts, subject, [...paragraphs, ...(list.length > 0 ? [list] : [])]);

type Sender = Pick<DeliveryFacts, 'platform' | 'contactName' | 'contactEmail'>;

/** A mail of paragraphs and, where a block has several texts, lists. */
export function listedMail(
  words: Words,
  facts: Sender,
  subject: string,
  blocks: readonly (string | readonly string[])[],
): ComposedMail {
  const shown = blocks.map((block) =>
    typeof block === 'string' ? unlinkedButAddresses(block) : block.map(unlinkedButAddresses),
  );
  const [first] = shown;
  return {
    subject,
    fromName: facts.platform,
    replyTo: { name: facts.contactName, address: facts.contactEmail },
    text: shown
      .map((block) => (typeof block === 'string' ? block : block.map((item) => `- ${item}`).join('\n')))
      .join('\n\n'),
    html: renderMail({
      words,
      title: subject,
      preheader: typeof first === 'string' ? first : '',
      children: shown.map((block) =>
        typeof block === 'string' ? (
          <p key={block}>{block}</p>
        ) : (
          <ul key={block[0]}>
            {block.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        ),
      ),
    }),
  };
}

/** What ends a word, in Chinese too; a full stop only at the end of its sentence, as one inside a word is a domain's. */
const BETWEEN_WORDS = /([\s,:;()，：；、（）]+|[.。]+(?=\s|$))/;

/** What is a valid address as a whole word stays to be copied; it leads to no page. */
const unlinkedButAddresses = (text: string): string =>
  text
    .split(BETWEEN_WORDS)
    .map((word) => (/^(?!www\.)[\w.+-]+@[a-z0-9.-]+$/i.test(word) && parseAddress(word) ? word : unlinked(word)))
    .join('');

/** To the operator, when an upload is verified and dispatched. The subject is the upload. */
@Injectable()
export class UploadCompleteMail implements MailKind {
  readonly kind = 'upload-complete';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const deliveries = (await deliveriesOfUpload(tx, mail.subjectId)).filter((delivery) => delivery.ordinal === 0);
    const [facts] = deliveries;
    if (!facts) return { skip: 'gone' };
    const words = operatorWords(facts);
    const size = words.bytes(facts.bytes);
    return plainMail(
      words,
      facts,
      words.say('uploaded.subject', { platform: facts.platform, folder: facts.folder }),
      [
        words.say('uploaded.intro', { files: words.files(facts.files), size }),
        words.fact(words.say('data.folder'), facts.folder),
        words.say('uploaded.recipients'),
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
    const [first] = await rows<{ method: 'data-mover' | 'direct' | 'copy'; isDownload: boolean }>(
      tx,
      `select method, details ? 'downloadId' as "isDownload"
         from judged_access
        where delivery_id = $1
          and counts
        order by at, id
        limit 1`,
      [mail.subjectId],
    );
    if (!facts || !first) return { skip: 'gone' };
    const { recipient, folder, platform } = facts;
    const words = operatorWords(facts);
    const done = first.isDownload ? await fetchedFiles(tx, facts) : facts.files;
    if (done < facts.files)
      return plainMail(words, facts, words.say('accessed.part.subject', { platform, recipient, folder }), [
        words.say('accessed.part.text', { recipient, done, all: facts.files }),
        words.fact(words.say('data.folder'), folder),
      ]);
    return plainMail(words, facts, words.say(`accessed.subject.${first.method}`, { platform, recipient, folder }), [
      words.say(`accessed.text.${first.method}`, { recipient }),
      words.fact(words.say('data.folder'), folder),
    ]);
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
    const words = operatorWords(facts);
    return plainMail(words, facts, words.say('undeliverable.subject', { platform, recipient }), [
      words.say('undeliverable.text', { recipient }),
      words.fact(words.say('data.folder'), folder),
    ]);
  }
}

/** To the operator, when the mail with the links was given up although the address may be right. The subject is the delivery. */
@Injectable()
export class NotDeliveredMail implements MailKind {
  readonly kind = 'not-delivered';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const facts = await findDelivery(tx, mail.subjectId);
    if (!facts) return { skip: 'gone' };
    const { recipient, folder, platform } = facts;
    const words = operatorWords(facts);
    return plainMail(words, facts, words.say('notDelivered.subject', { platform, recipient }), [
      words.say('notDelivered.text', { recipient }),
      words.fact(words.say('data.folder'), folder),
    ]);
  }
}
