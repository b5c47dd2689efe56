// The reminder itself. Whether it may still go is asked again just before it is handed over, in the transaction that
// claims it: whatever happened since the selection counts.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { row, type Tx } from '../database/index.js';
import {
  DeliveryLinks,
  type DeliveryFacts,
  DispatchMail,
  fetchedFiles,
  findDelivery,
  letter,
  recipientWords,
  UndeliverableDeliveries,
} from '../deliveries/index.js';
import { type ComposedMail, type MailKind, MailKinds, type QueuedMail } from '../mail/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { nextSlot } from '../schedule/index.js';
import { durationMs } from '../time/index.js';
import { CandidatesStore } from './candidates.store.js';
import { decideReminder, isLast } from './eligibility.rules.js';
import { type RunTrigger, RunsStore } from './runs.store.js';

interface ReminderRow {
  id: string;
  delivery_id: string;
  state: string;
  trigger: RunTrigger;
  confirmed: boolean;
  platform_id: string;
}

@Injectable()
export class ReminderMail implements MailKind, OnModuleInit {
  readonly kind = 'reminder';

  constructor(
    @Inject(CandidatesStore) private readonly candidates: CandidatesStore,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(DispatchMail) private readonly dispatch: DispatchMail,
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(UndeliverableDeliveries) private readonly undeliverable: UndeliverableDeliveries,
    @Inject(MailKinds) private readonly kinds: MailKinds,
  ) {}

  onModuleInit(): void {
    this.kinds.register(this);
  }

  async compose(tx: Tx, mail: QueuedMail, now: Date): Promise<ComposedMail | { skip: string }> {
    const reminder = await row<ReminderRow>(
      tx,
      `select r.id, r.delivery_id, r.state, n.trigger, n.platform_id, r.reason = 'confirmed' as confirmed
         from reminder r
         join reminder_run n on n.id = r.run_id
        where r.id = $1
          for update of r`,
      [mail.subjectId],
    );
    if (reminder?.state !== 'pending') return { skip: 'newer-run' };
    const platform = await findPlatform(tx, reminder.platform_id);
    if (!platform) return { skip: 'gone' };
    if (!platform.reminders.enabled && reminder.trigger !== 'by-hand') return { skip: 'reminders-off' };
    const because = await this.whyNot(tx, reminder, platform, now);
    if (because !== undefined) return { skip: because };
    const facts = await findDelivery(tx, reminder.delivery_id);
    if (!facts?.expiresAt) return { skip: 'not-sent' };
    return this.write(tx, facts, facts.expiresAt, platform, now);
  }

  /** Never after expiry, whoever asked for it; what a person confirmed by hand may differ in the other reasons. */
  private async whyNot(tx: Tx, reminder: ReminderRow, platform: Platform, now: Date): Promise<string | undefined> {
    const candidate = await this.candidates.lock(tx, reminder.delivery_id, platform, now);
    if (!candidate) return 'gone';
    const policy = {
      minimumAgeMs: durationMs(platform.reminders.minimumAge),
      minimumSpacingMs: durationMs(platform.reminders.minimumSpacing),
      maxReminders: platform.reminders.maxReminders,
    };
    const decision = decideReminder(candidate, policy, now);
    if (decision.remind) return undefined;
    const isConfirmed =
      reminder.confirmed &&
      ['accessed', 'done', 'superseded', 'in-progress', 'too-young', 'too-soon', 'enough'].includes(decision.because);
    return isConfirmed ? undefined : decision.because;
  }

  private async write(
    tx: Tx,
    facts: DeliveryFacts,
    expiresAt: Date,
    platform: Platform,
    now: Date,
  ): Promise<ComposedMail> {
    const last = isLast(
      expiresAt,
      nextSlot({ schedule: platform.reminders.schedule, timeZone: platform.timeZone }, now),
    );
    const words = recipientWords(facts);
    const until = words.instant(expiresAt, facts.timeZone);
    const subject = words.say(last ? 'reminder.lastSubject' : 'reminder.subject', {
      folder: facts.folder,
      platform: facts.platform,
      until,
    });
    const fetched = await fetchedFiles(tx, facts);
    const paragraphs = [
      words.say('reminder.intro', { platform: facts.platform }),
      ...(fetched > 0 ? [words.say('reminder.part', { done: fetched, all: facts.files })] : []),
      ...(last ? [words.say('reminder.last')] : []),
    ];
    const stop = this.links.unsubscribeUrl(facts);
    return {
      ...letter({
        words,
        facts,
        how: this.dispatch.howToFetch(facts),
        expiresAt,
        now,
        isDispatch: false,
        subject,
        preheader: words.say('reminder.preheader', { left: words.timeLeft(now, expiresAt) }),
        paragraphs,
        end: {
          text: [words.say('reminder.have'), `${words.say('reminder.stop')}\n${stop}`],
          html: (
            <>
              <p>{words.say('reminder.have')}</p>
              <p>
                {words.say('reminder.stop')} <a href={stop}>{stop}</a>
              </p>
            </>
          ),
        },
      }),
      headers: { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      notAfter: expiresAt,
    };
  }

  handedOver(tx: Tx, mail: QueuedMail, at: Date): Promise<void> {
    return this.runs.settle(tx, mail.subjectId, 'sent', null, at);
  }

  skipped(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.runs.settle(tx, mail.subjectId, 'skipped', reason, null);
  }

  unknown(tx: Tx, mail: QueuedMail): Promise<void> {
    return this.runs.settle(tx, mail.subjectId, 'unknown', 'the hand-over was interrupted', null);
  }

  failed(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.runs.settle(tx, mail.subjectId, 'failed', reason, null);
  }

  async refused(tx: Tx, mail: QueuedMail, reason: string, at: Date): Promise<void> {
    await this.failed(tx, mail, reason);
    await this.bounced(tx, mail, at);
  }

  async bounced(tx: Tx, mail: QueuedMail, at: Date): Promise<boolean> {
    const deliveryId = await this.deliveryOf(tx, mail);
    return deliveryId !== undefined && (await this.undeliverable.mark(tx, deliveryId, at));
  }

  async deliveryOf(tx: Tx, mail: QueuedMail): Promise<string | undefined> {
    const reminder = await row<{ delivery_id: string }>(tx, 'select delivery_id from reminder where id = $1', [
      mail.subjectId,
    ]);
    return reminder?.delivery_id;
  }
}
