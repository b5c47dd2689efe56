// Empties the outbox: claims due mails, asks their kind whether they may still go and what they say, hands them over,
// records what came of it. One mail that goes wrong never stops another.

import { Inject, Injectable, Logger } from '@nestjs/common';
import pLimit from 'p-limit';
import { Transactions } from '../database/index.js';
import { PersonsStore } from '../persons/index.js';
import { type JobProcessor, Processes } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { type Draft, draftsOf } from './drafts.js';
import { type ComposedMail, type Composition, type MailKind, MailKinds } from './mail-kinds.js';
import { MailTransport, PARALLEL_HAND_OVERS } from './mail-transport.js';
import { sendMails } from './mail.jobs.js';
import { type ClaimedMail, OutboxStore } from './outbox.store.js';
import { ReturnAddresses } from './return-addresses.js';
import { type Settlement, Settlements } from './settlements.js';
import { backoffSeconds } from './smtp-outcome.rules.js';

const BATCH = 50;
const RENEW_EVERY_MS = 4_000;
/** A mail is written for the moment at which it goes; what was read for it longer ago is read again. */
const OLDEST_DRAFT_MS = 2_000;
/** A mail that cannot even be written is given up after so many tries. */
const MOST_ATTEMPTS_TO_COMPOSE = 20;
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
  private readonly limit = pLimit(PARALLEL_HAND_OVERS);

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(OutboxStore) private readonly outbox: OutboxStore,
    @Inject(MailKinds) private readonly kinds: MailKinds,
    @Inject(MailTransport) private readonly transport: MailTransport,
    @Inject(ReturnAddresses) private readonly returnAddresses: ReturnAddresses,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.settlements = new Settlements(transactions, outbox);
  }

  /** Two batches are under way at a time: while one is handed over the next is read. */
  async process(_payload: object, signal: AbortSignal): Promise<void> {
    let previous: Promise<void> = Promise.resolve();
    while (!signal.aborted) {
      const mails = await this.outbox.claimDue(this.transactions.pool, BATCH);
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
      const settlement = await this.limit(async () => {
        if (!ours.has(mail.id)) return undefined;
        if (!signal.aborted) return this.attempt(mail, draft);
        await this.outbox.retryLater(this.transactions.pool, mail, 0, 'stopping');
        return undefined;
      });
      if (settlement) await this.settlements.settle(settlement);
    } catch (error) {
      this.logger.error({ mailId: mail.id, kind: mail.kind, err: error }, 'A mail could not be written or recorded.');
      await this.setAside(mail).catch((second: unknown) => {
        this.logger.error({ mailId: mail.id, err: second }, 'A mail is left to its lease.');
      });
    } finally {
      ours.delete(mail.id);
    }
  }

  /** Undefined: it is tried again later, or it is no longer ours. */
  private async attempt(mail: ClaimedMail, read: Draft | undefined): Promise<Settlement | undefined> {
    const kind = this.kinds.of(mail.kind);
    if (!kind) throw new Error(`No feature of this version sends mails of the kind ${mail.kind}.`);
    const now = this.clock.now();
    const draft = read && now.getTime() - read.at.getTime() < OLDEST_DRAFT_MS ? read : undefined;
    const at = draft?.at ?? now;
    const skipped = (reason: string): Settlement => ({ mail, kind, state: 'skipped', reason, at });
    if (mail.notAfter !== null && now >= mail.notAfter) return skipped('expired');
    const prepared = draft ? ready(draft.write(), draft.recipient, at) : await this.composeAlone(kind, mail, at);
    if (!prepared) return undefined;
    if ('skip' in prepared) return skipped(prepared.skip);
    return this.handOver({ mail, kind, at, ...prepared });
  }

  /** In one transaction with the note that the mail server is now spoken to. */
  private composeAlone(kind: MailKind, mail: ClaimedMail, at: Date): Promise<Ready | { skip: string } | undefined> {
    return this.transactions.run(async (tx) => {
      const composed = await kind.compose(tx, mail, at);
      if ('skip' in composed) return composed;
      const isOurs = await this.outbox.markHandingOver(tx, mail.id, mail.attempt);
      const recipient = (await this.persons.addressesOf(tx, [mail.personId])).get(mail.personId);
      return isOurs && recipient !== undefined ? ready(composed, recipient, at) : undefined;
    });
  }

  private async handOver({ mail, kind, recipient, composed, at }: Prepared): Promise<Settlement | undefined> {
    const result = await this.transport.handOver(composed, {
      recipient,
      messageId: mail.messageId,
      returnAddress: this.returnAddresses.of(mail.id),
      at,
    });
    if (result.outcome === 'sent') return { mail, kind, state: 'sent', reason: null, at };
    const { outcome, reason } = result;
    this.logger.warn(
      { mailId: mail.id, kind: mail.kind, outcome, attempt: mail.attempt },
      `A mail was not handed over: ${reason}.`,
    );
    if (outcome === 'refused') return { mail, kind, state: 'failed', reason, at, isRefused: true };
    if (outcome === 'unknown' && mail.atMostOnce) return { mail, kind, state: 'unknown', reason, at };
    await this.outbox.retryLater(this.transactions.pool, mail, backoffSeconds(mail.attempt, Math.random()), reason);
    return undefined;
  }

  private async setAside(mail: ClaimedMail): Promise<void> {
    if (mail.attempt < MOST_ATTEMPTS_TO_COMPOSE) {
      const seconds = backoffSeconds(mail.attempt, Math.random());
      return this.outbox.retryLater(this.transactions.pool, mail, seconds, CANNOT_BE_WRITTEN);
    }
    const kind = this.kinds.of(mail.kind);
    await this.settlements.settle({ mail, kind, state: 'failed', reason: CANNOT_BE_WRITTEN, at: this.clock.now() });
  }

  /** Mails whose worker is gone: back in the queue, or, where that could mean two copies, ended as unknown. */
  async takeOver(): Promise<void> {
    await this.outbox.putBack(this.transactions.pool);
    for (let isMore = true; isMore;) {
      isMore = await this.transactions.run(async (tx) => {
        const mail = await this.outbox.interrupted(tx);
        if (!mail) return false;
        const ended = await this.outbox.settle(tx, [
          { mail, state: 'unknown', reason: 'the hand-over was interrupted' },
        ]);
        if (ended.has(mail.id)) await this.kinds.of(mail.kind)?.unknown?.(tx, mail);
        return true;
      });
    }
  }

  isAnyDue(): Promise<boolean> {
    return this.outbox.isAnyDue(this.transactions.pool);
  }
}

type Ready = Pick<Prepared, 'composed' | 'recipient'>;

function ready(composed: Composition, recipient: string, at: Date): Ready | { skip: string } {
  if ('skip' in composed) return composed;
  if (composed.notAfter && at >= composed.notAfter) return { skip: 'expired' };
  return { composed, recipient };
}
