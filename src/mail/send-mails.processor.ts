// Empties the outbox: claims due mails, asks their kind whether they may still go and what they say, hands them over,
// records what came of it. One mail that goes wrong never stops another.

import { Inject, Injectable, Logger } from '@nestjs/common';
import pLimit from 'p-limit';
import { Transactions, type Tx } from '../database/index.js';
import { PersonsStore } from '../persons/index.js';
import { type JobProcessor, Processes } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { type ComposedMail, type MailKind, MailKinds } from './mail-kinds.js';
import { MailTransport } from './mail-transport.js';
import { sendMails } from './mail.jobs.js';
import { type ClaimedMail, OutboxStore } from './outbox.store.js';
import { backoffSeconds } from './smtp-outcome.rules.js';

const BATCH = 50;
const PARALLEL = 5;
const RENEW_EVERY_MS = 4_000;
/** A mail that cannot even be written is given up after so many tries. */
const MOST_ATTEMPTS_TO_COMPOSE = 20;

@Injectable()
@Processes(sendMails)
export class SendMailsProcessor implements JobProcessor<object> {
  private readonly logger = new Logger('mail');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(OutboxStore) private readonly outbox: OutboxStore,
    @Inject(MailKinds) private readonly kinds: MailKinds,
    @Inject(MailTransport) private readonly transport: MailTransport,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async process(_payload: object, signal: AbortSignal): Promise<void> {
    const limit = pLimit(PARALLEL);
    while (!signal.aborted) {
      const mails = await this.outbox.claimDue(this.transactions.pool, BATCH);
      if (mails.length === 0) return;
      const open = new Set(mails.map((mail) => mail.id));
      const renewing = setInterval(() => this.renew([...open]), RENEW_EVERY_MS);
      try {
        await Promise.all(
          mails.map((mail) => limit(() => this.send(mail, signal).finally(() => open.delete(mail.id)))),
        );
      } finally {
        clearInterval(renewing);
      }
    }
  }

  private renew(ids: string[]): void {
    this.outbox.renew(this.transactions.pool, ids).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'Leases on mails were not renewed; another worker may take them over.');
    });
  }

  private async send(mail: ClaimedMail, signal: AbortSignal): Promise<void> {
    try {
      const kind = this.kinds.of(mail.kind);
      if (!kind) throw new Error(`No feature of this version sends mails of the kind ${mail.kind}.`);
      if (signal.aborted) return await this.outbox.retryLater(this.transactions.pool, mail, 0, 'stopping');
      await this.sendOf(kind, mail);
    } catch (error) {
      this.logger.error({ mailId: mail.id, kind: mail.kind, err: error }, 'A mail could not be written or recorded.');
      await this.setAside(mail).catch((second: unknown) => {
        this.logger.error({ mailId: mail.id, err: second }, 'A mail is left to its lease.');
      });
    }
  }

  private async sendOf(kind: MailKind, mail: ClaimedMail): Promise<void> {
    const now = this.clock.now();
    if (mail.notAfter !== null && now >= mail.notAfter)
      return this.end(mail, 'skipped', 'expired', (tx) => kind.skipped?.(tx, mail, 'expired'));
    const prepared = await this.transactions.run(async (tx) => {
      const composed = await kind.compose(tx, mail, now);
      if ('skip' in composed || (composed.notAfter && now >= composed.notAfter)) return composed;
      const isOurs = await this.outbox.markHandingOver(tx, mail.id, mail.attempt);
      const recipient = (await this.persons.addressesOf(tx, [mail.personId])).get(mail.personId);
      return isOurs && recipient !== undefined ? { composed, recipient } : undefined;
    });
    if (!prepared) return;
    if (!('recipient' in prepared)) {
      const reason = 'skip' in prepared ? prepared.skip : 'expired';
      return this.end(mail, 'skipped', reason, (tx) => kind.skipped?.(tx, mail, reason));
    }
    await this.handOver(kind, mail, prepared.composed, prepared.recipient, now);
  }

  private async handOver(
    kind: MailKind,
    mail: ClaimedMail,
    composed: ComposedMail,
    recipient: string,
    now: Date,
  ): Promise<void> {
    const result = await this.transport.handOver(composed, recipient, mail.messageId, now);
    if (result.outcome === 'sent') {
      await this.end(mail, 'sent', null, (tx) => kind.handedOver?.(tx, mail, now));
      return;
    }
    this.logger.warn(
      { mailId: mail.id, kind: mail.kind, outcome: result.outcome, attempt: mail.attempt },
      `A mail was not handed over: ${result.reason}.`,
    );
    if (result.outcome === 'refused')
      return this.end(mail, 'failed', result.reason, (tx) => kind.failed?.(tx, mail, result.reason));
    if (result.outcome === 'unknown' && mail.atMostOnce)
      return this.end(mail, 'unknown', result.reason, (tx) => kind.unknown?.(tx, mail));
    await this.outbox.retryLater(
      this.transactions.pool,
      mail,
      backoffSeconds(mail.attempt, Math.random()),
      result.reason,
    );
  }

  /** Ends the mail and lets its feature record it, in one transaction, if the mail is still ours. */
  private async end(
    mail: ClaimedMail,
    state: 'sent' | 'unknown' | 'failed' | 'skipped',
    reason: string | null,
    record: (tx: Tx) => Promise<void> | undefined,
  ): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (await this.outbox.settle(tx, mail, state, reason)) await record(tx);
    });
  }

  private async setAside(mail: ClaimedMail): Promise<void> {
    const { pool } = this.transactions;
    if (mail.attempt < MOST_ATTEMPTS_TO_COMPOSE) {
      return this.outbox.retryLater(pool, mail, backoffSeconds(mail.attempt, Math.random()), 'it could not be written');
    }
    const kind = this.kinds.of(mail.kind);
    await this.end(mail, 'failed', 'it could not be written', (tx) =>
      kind?.failed?.(tx, mail, 'it could not be written'),
    );
  }

  /** Mails whose worker is gone: back in the queue, or, where that could mean two copies, ended as unknown. */
  async takeOver(): Promise<void> {
    await this.outbox.putBack(this.transactions.pool);
    for (let isMore = true; isMore;) {
      isMore = await this.transactions.run(async (tx) => {
        const mail = await this.outbox.interrupted(tx);
        if (!mail) return false;
        if (await this.outbox.settle(tx, mail, 'unknown', 'the hand-over was interrupted'))
          await this.kinds.of(mail.kind)?.unknown?.(tx, mail);
        return true;
      });
    }
  }

  isAnyDue(): Promise<boolean> {
    return this.outbox.isAnyDue(this.transactions.pool);
  }
}
