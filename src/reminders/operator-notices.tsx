// What operators are told of a run: who was reminded, of what, until when, and what failed; in one mail for each run,
// after the reminders were really handed over. No link stands in it.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { row, rows, Transactions, type Tx } from '../database/index.js';
import { DeliveriesStore, deliveriesOfUpload, operatorWords, plainMail } from '../deliveries/index.js';
import { wordsFor } from '../language/index.js';
import { type ComposedMail, MailDispatcher, type MailKind, MailKinds, type QueuedMail } from '../mail/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { Clock } from '../time/index.js';
import { operatorsOf } from '../uploads/index.js';
import { type RunRow, RunsStore } from './runs.store.js';

@Injectable()
export class OperatorNotices implements MailKind, OnModuleInit {
  readonly kind = 'reminder-notice';

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(MailKinds) private readonly kinds: MailKinds,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.kinds.register(this);
    this.kinds.register(new VanishedMail());
  }

  /** Ends a run whose mails have all ended. @throws MediafluxError the project's metadata are wanted and cannot be read */
  async finish(run: RunRow): Promise<void> {
    const platform = await findPlatform(this.transactions.pool, run.platform_id);
    if (!platform) return;
    const outcomes = await this.runs.outcomes(this.transactions.pool, run.id);
    const isWorthIt =
      platform.reminders.operatorNotice !== 'none' && outcomes.some((outcome) => outcome.state !== 'skipped');
    const fromMetadata =
      isWorthIt && platform.reminders.operatorNotice === 'project-metadata'
        ? await this.mediaflux.readProjectContact(platform.namespace)
        : null;
    await this.transactions.run(async (tx) => {
      if (isWorthIt) {
        const uploads = [...new Set(outcomes.map((outcome) => outcome.upload_id))];
        await this.deliveries.queueOperatorMails(
          tx,
          this.kind,
          run.id,
          await this.addressees(tx, platform, fromMetadata, uploads),
        );
      }
      await this.runs.setState(tx, run.id, 'finished', this.clock.now());
    });
    await this.mails.kick();
  }

  /** The metadata's address where it is wanted and valid; else those of the shareables. */
  private async addressees(
    tx: Tx,
    platform: Platform,
    fromMetadata: string | null,
    uploadIds: readonly string[],
  ): Promise<string[]> {
    const address = fromMetadata === null ? undefined : parseAddress(fromMetadata);
    if (platform.reminders.operatorNotice === 'project-metadata' && address)
      return [await this.persons.idOf(tx, address)];
    const persons = new Set<string>();
    for (const uploadId of uploadIds) for (const personId of await operatorsOf(tx, uploadId)) persons.add(personId);
    return [...persons].sort();
  }

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
    const run = await row<{ platform_id: string }>(tx, 'select platform_id from reminder_run where id = $1', [
      mail.subjectId,
    ]);
    const platform = run && (await findPlatform(tx, run.platform_id));
    if (!platform) return { skip: 'gone' };
    const outcomes = await this.visibleTo(tx, platform, mail);
    const sent = outcomes.filter((outcome) => outcome.state === 'sent');
    const line = (outcome: (typeof outcomes)[number]) => ({ recipient: outcome.recipient, folder: outcome.folder });
    const troubled = outcomes.filter((outcome) => outcome.state === 'failed' || outcome.state === 'unknown');
    const isFallback =
      platform.reminders.operatorNotice === 'project-metadata' &&
      (await this.isOfShareable(tx, mail.personId, platform.id));
    const facts = { platform: platform.name, contactName: platform.contact.name, contactEmail: platform.contact.email };
    const words = wordsFor(platform.language);
    return plainMail(
      words,
      facts,
      words.say('notice.subject', { platform: platform.name, count: sent.length }),
      [
        ...(isFallback ? [words.say('notice.fallback')] : []),
        ...(troubled.length > 0
          ? [
              words.say('notice.notSent'),
              ...troubled.map((outcome) =>
                words.say('notice.failed', {
                  ...line(outcome),
                  reason: outcome.state === 'unknown' ? words.say('notice.unknown') : (outcome.reason ?? ''),
                }),
              ),
            ]
          : []),
        ...(sent.length > 0 ? [words.say('notice.intro')] : []),
      ],
      sent.map((outcome) =>
        words.say('notice.sent', { ...line(outcome), until: words.instant(outcome.expires_at, platform.timeZone) }),
      ),
    );
  }

  /** A shareable's operators read of that shareable's uploads only; the project's own contact of all. */
  private async visibleTo(tx: Tx, platform: Platform, mail: QueuedMail) {
    const outcomes = await this.runs.outcomes(tx, mail.subjectId);
    if (
      platform.reminders.operatorNotice === 'project-metadata' &&
      !(await this.isOfShareable(tx, mail.personId, platform.id))
    )
      return outcomes;
    const visible = [];
    for (const outcome of outcomes)
      if ((await operatorsOf(tx, outcome.upload_id)).includes(mail.personId)) visible.push(outcome);
    return visible;
  }

  private async isOfShareable(tx: Tx, personId: string, platformId: string): Promise<boolean> {
    const found = await rows(
      tx,
      `select 1
         from upload_shareable_notify n
         join upload_shareable s on s.id = n.shareable_id
        where n.person_id = $1
          and s.platform_id = $2
        limit 1`,
      [personId, platformId],
    );
    return found.length > 0;
  }
}

/** To the operator, once, when dispatched data are no longer in Mediaflux. The subject is the upload. */
class VanishedMail implements MailKind {
  readonly kind = 'gone';

  async compose(tx: Tx, mail: QueuedMail): Promise<ComposedMail | { skip: string }> {
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
