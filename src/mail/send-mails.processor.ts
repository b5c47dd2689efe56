// Empties the outbox: claims due mails, asks their kind whether they may still go and what they say, hands them over,
// records what came of it. One mail that goes wrong never stops another.

import { Inject, Injectable, Logger } from '@nestjs/common';
import pLimit from 'p-limit';
import { Transactions } from '../database/index.js';
import { PersonsStore } from '../persons/index.js';
import { type JobProcessor, Processes } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { Backoffs } from './backoffs.js';
import { type Draft, draftsOf } from './drafts.js';
import { FinalDots } from './final-dots.js';
import { type ClaimedMail, type ComposedMail, type MailKind, MailKinds } from './mail-kinds.js';
import { MailTransport, PARALLEL_HAND_OVERS } from './mail-transport.js';
import { sendMails } from './mail.jobs.js';
import { OutboxStore } from './outbox.store.js';
import { ReadyMails } from './ready-mails.js';
import { ReturnAddresses } from './return-addresses.js';
import { type Settlement, Settlements } from './settlements.js';
import type { MayGo } from './smtp-connections.js';

const BATCH = 50;
const RENEW_EVERY_MS = 4_000;
/** A mail that cannot even be written is given up after so many tries. */
const MOST_TRIES_TO_COMPOSE = 20;
/** A mail that was judged goes at once; one that has waited longer for a connection is judged again. */
const LONGEST_WAIT_MS = 2_000;
const SHORTEST_WAIT_MS = 1_000;
/** While some speak to the mail server, the others are being judged and written: the more, the fewer statements each costs. */
export const JUDGED_AT_ONCE = 10 * PARALLEL_HAND_OVERS;
const CANNOT_BE_WRITTEN = 'it could not be written';

/** A mail with all that its hand-over needs. */
interface Prepared {
  mail: ClaimedMail;
  kind: MailKind;
  recipient: string;
  composed: ComposedMail;
  at: Date;
}

@Injectable()
@Processes(sendMails)
export class SendMailsProcessor implements JobProcessor<object> {
  private readonly logger = new Logger('mail');
  private readonly settlements: Settlements;
  private readonly readyMails: ReadyMails;
  private readonly finalDots: FinalDots;
  private readonly limit = pLimit(JUDGED_AT_ONCE);

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(OutboxStore) private readonly outbox: OutboxStore,
    @Inject(MailKinds) private readonly kinds: MailKinds,
    @Inject(MailTransport) private readonly transport: MailTransport,
    @Inject(ReturnAddresses) private readonly returnAddresses: ReturnAddresses,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Backoffs) private readonly backoffs: Backoffs,
  ) {
    this.settlements = new Settlements(transactions, outbox);
    this.readyMails = new ReadyMails(transactions, outbox, persons, clock);
    this.finalDots = new FinalDots(transactions, outbox, clock);
  }

  /** Two batches are under way at a time: while one is handed over the next is read. */
  async process(_payload: object, signal: AbortSignal): Promise<void> {
    let previous: Promise<void> = Promise.resolve();
    while (!signal.aborted) {
      const mails = await this.outbox.claimDue(this.transactions.pool, BATCH, this.clock.now());
      const current = this.sendAll(mails, signal);
      await previous;
      previous = current;
      if (mails.length === 0) return;
    }
    await previous;
  }

  private async sendAll(mails: readonly ClaimedMail[], signal: AbortSignal): Promise<void> {
    if (mails.length === 0) return;
    const ours = new Map(mails.map((mail) => [mail.id, mail]));
    const renewing = setInterval(() => void this.renew(ours), RENEW_EVERY_MS);
    try {
      const drafts = await this.drafts(mails);
      await Promise.all(mails.map((mail) => this.send(mail, drafts.get(mail.id), ours, signal)));
    } finally {
      clearInterval(renewing);
    }
  }

  /** What cannot be read together is read one by one, and the mail at fault is found so. */
  private async drafts(mails: readonly ClaimedMail[]): Promise<Map<string, Draft>> {
    try {
      return await draftsOf(this.transactions.pool, this.kinds, this.persons, mails, this.clock.now());
    } catch (error) {
      this.logger.warn({ err: error }, 'Mails could not be read together; they are read one by one.');
      return new Map();
    }
  }

  /** Leases that another worker has taken over are no longer ours: what was not begun is left to it. */
  private async renew(ours: Map<string, ClaimedMail>): Promise<void> {
    try {
      const mails = [...ours.values()];
      const renewed = await this.outbox.renew(this.transactions.pool, mails);
      for (const { id } of mails) if (!renewed.has(id)) ours.delete(id);
    } catch (error) {
      this.logger.warn({ err: error }, 'Leases on mails were not renewed; another worker may take them over.');
    }
  }

  private async send(
    mail: ClaimedMail,
    draft: Draft | undefined,
    ours: Map<string, ClaimedMail>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const settlement = await this.limit(() => this.judged(mail, draft, ours, signal));
      if (settlement) await this.settlements.record(settlement, () => !signal.aborted && ours.has(mail.id));
    } finally {
      ours.delete(mail.id);
    }
  }

  private async judged(
    mail: ClaimedMail,
    draft: Draft | undefined,
    ours: Map<string, ClaimedMail>,
    signal: AbortSignal,
  ): Promise<Settlement | undefined> {
    if (!ours.has(mail.id)) return undefined;
    try {
      if (!signal.aborted) return await this.attempt(mail, draft);
      await this.goesBack(mail, 'stopping');
    } catch (error) {
      this.logger.error({ mailId: mail.id, kind: mail.kind, err: error }, 'A mail could not be written.');
      await this.setAside(mail).catch((second: unknown) => {
        this.logger.error({ mailId: mail.id, err: second }, 'A mail is left to its lease.');
      });
    }
    return undefined;
  }

  /** Undefined: it is tried again later, or it is no longer ours. */
  private async attempt(mail: ClaimedMail, read: Draft | undefined): Promise<Settlement | undefined> {
    const kind = this.kinds.of(mail.kind);
    if (!kind) throw new Error(`No feature of this version sends mails of the kind ${mail.kind}.`);
    const ready = await this.readyMails.of(kind, mail, read);
    if (!ready) return undefined;
    const { composed, recipient, at } = ready;
    const skipped = (reason: string): Settlement => ({ mail, kind, state: 'skipped', reason, at });
    if ('skip' in composed) return skipped(composed.skip);
    if (composed.notAfter && at >= composed.notAfter) return skipped('expired');
    return this.handOver({ mail, kind, at, composed, recipient });
  }

  private async handOver({ mail, kind, recipient, composed, at }: Prepared): Promise<Settlement | undefined> {
    const isInTime = (): boolean => !composed.notAfter || this.clock.now() < composed.notAfter;
    let mayHaveLeft = false;
    const mayGo: MayGo = async (step, waitedMs) => {
      if (step === 'start') return isInTime() && waitedMs < LONGEST_WAIT_MS;
      mayHaveLeft = isInTime() && (!mail.atMostOnce || (await this.finalDots.mark(mail))) && isInTime();
      return mayHaveLeft;
    };
    const returnAddress = this.returnAddresses.of(mail.id);
    const result = await this.transport
      .handOver(composed, { recipient, messageId: mail.messageId, returnAddress, at, mayGo })
      .catch((error: unknown) => {
        if (!mayHaveLeft) throw error;
        this.logger.error({ mailId: mail.id, kind: mail.kind, err: error }, 'A mail was being handed over.');
        return { outcome: 'unknown', reason: 'the hand-over was interrupted' } as const;
      });
    if (result.outcome === 'sent')
      return { mail, kind, state: 'sent', reason: null, at, saysUntil: composed.saysUntil };
    const { outcome, reason } = result;
    this.logger.warn(
      { mailId: mail.id, kind: mail.kind, outcome, failedTries: mail.failedTries },
      `A mail was not handed over: ${reason}.`,
    );
    if (outcome === 'refused') return { mail, kind, state: 'failed', reason, at, isRefused: true };
    if (outcome === 'unknown' && mail.atMostOnce) return { mail, kind, state: 'unknown', reason, at };
    if (outcome === 'stopped' && !isInTime() && !composed.isJudgedAgain)
      return { mail, kind, state: 'skipped', reason: 'expired', at };
    await (outcome === 'stopped' ? this.goesBack(mail, reason) : this.waits(mail, reason, composed.notAfter));
    return undefined;
  }

  /** It was not tried: it is due at once. */
  private goesBack(mail: ClaimedMail, reason: string): Promise<void> {
    const { failedTries } = mail;
    return this.outbox.retryLater(this.transactions.pool, mail, { dueAt: this.clock.now(), reason, failedTries });
  }

  /** It was tried in vain. It is tried again before it may go no longer: when half of that time is over at the latest. */
  private waits(mail: ClaimedMail, reason: string, notAfter?: Date): Promise<void> {
    const failedTries = mail.failedTries + 1;
    const now = this.clock.now().getTime();
    const backoffMs = this.backoffs.secondsAfter(failedTries) * 1_000;
    const halfMs = notAfter ? Math.max((notAfter.getTime() - now) / 2, SHORTEST_WAIT_MS) : Infinity;
    const dueAt = new Date(now + Math.min(backoffMs, halfMs));
    return this.outbox.retryLater(this.transactions.pool, mail, { dueAt, reason, failedTries });
  }

  private async setAside(mail: ClaimedMail): Promise<void> {
    if (mail.failedTries + 1 < MOST_TRIES_TO_COMPOSE) return this.waits(mail, CANNOT_BE_WRITTEN);
    const kind = this.kinds.of(mail.kind);
    await this.settlements.settle({ mail, kind, state: 'failed', reason: CANNOT_BE_WRITTEN, at: this.clock.now() });
  }

  /** Mails whose worker is gone: back in the queue, or, where that could mean two copies, ended as unknown. */
  async takeOver(): Promise<void> {
    await this.outbox.putBack(this.transactions.pool, this.clock.now());
    for (let isMore = true; isMore;) {
      isMore = await this.transactions.run(async (tx) => {
        const mail = await this.outbox.interrupted(tx);
        if (!mail) return false;
        const ended = await this.outbox.settle(tx, [
          { mail, state: 'unknown', reason: 'the hand-over was interrupted', at: mail.handingOverSince },
        ]);
        if (ended.has(mail.id)) await this.kinds.of(mail.kind)?.unknown?.(tx, mail, mail.handingOverSince);
        return true;
      });
    }
  }

  isAnyDue(): Promise<boolean> {
    return this.outbox.isAnyDue(this.transactions.pool, this.clock.now());
  }
}
