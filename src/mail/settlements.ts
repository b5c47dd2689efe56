// Records how mails ended, each in a transaction with what its feature makes of it; many that end at the same time in one
// together. Where all that follows from a hand-over is one statement, both are one.

import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Together, type Transactions, type Tx } from '../database/index.js';
import type { MailKind } from './mail-kinds.js';
import { type MailEnd, type OutboxStore, settleWith } from './outbox.store.js';

/** A database that is restarted, or a connection that broke. */
const RECORD_AGAIN_AFTER_MS = [50, 200, 500, 1_000, 2_000, 4_000];

export interface Settlement extends MailEnd {
  kind: MailKind | undefined;
  /** Of mails that were handed over: the end that they name. */
  saysUntil?: Date | undefined;
  /** Of failures: was it the mail server that refused the recipient? */
  isRefused?: boolean;
}

export class Settlements {
  private readonly logger = new Logger('mail');
  private readonly together: Together<Settlement>;
  private readonly handedOver = new Map<MailKind, Together<Settlement>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: OutboxStore,
  ) {
    this.together = new Together((settlements) => this.commit(settlements));
  }

  /** Resolves when it is committed; a mail that another worker has taken over is left to it. */
  settle(settlement: Settlement): Promise<void> {
    const { kind, state } = settlement;
    if (state !== 'sent' || kind?.recordHandOver === undefined) return this.together.do(settlement);
    let together = this.handedOver.get(kind);
    if (!together) {
      const statement = settleWith(kind.recordHandOver);
      together = new Together<Settlement>(async (settlements) => {
        await this.outbox.settle(this.transactions.pool, settlements, statement);
        return [];
      });
      this.handedOver.set(kind, together);
    }
    return together.do(settlement);
  }

  /**
   * Of a mail of which the mail server has had its say: whatever becomes of the record, the mail must not go back into the
   * queue, so that it is tried again, and at last left to its lease.
   * @param mayTryAgain is the mail still ours, and is there time?
   */
  async record(settlement: Settlement, mayTryAgain: () => boolean): Promise<void> {
    const { mail, state } = settlement;
    for (const pause of [...RECORD_AGAIN_AFTER_MS, undefined]) {
      try {
        return await this.settle(settlement);
      } catch (error) {
        const facts = { mailId: mail.id, kind: mail.kind, state, err: error };
        if (pause === undefined || !mayTryAgain())
          return this.logger.error(facts, 'What became of a mail could not be recorded; it is left to its lease.');
        this.logger.warn(facts, 'What became of a mail could not be recorded; it is tried again.');
        await delay(pause);
      }
    }
  }

  private commit(settlements: readonly Settlement[]): Promise<void[]> {
    return this.transactions.run(async (tx) => {
      const ours = await this.outbox.settle(tx, settlements);
      const ended = settlements.filter(({ mail }) => ours.has(mail.id));
      const kinds = new Set(ended.map(({ kind }) => kind));
      for (const kind of kinds)
        if (kind)
          await tellKind(
            tx,
            kind,
            ended.filter((one) => one.kind === kind),
          );
      return [];
    });
  }
}

async function tellKind(tx: Tx, kind: MailKind, ended: readonly Settlement[]): Promise<void> {
  const sent = ended.filter(({ state }) => state === 'sent');
  if (sent.length > 0 && kind.handedOverMany) await kind.handedOverMany(tx, sent);
  else for (const { mail, at } of sent) await kind.handedOver?.(tx, mail, at);
  for (const { mail, state, reason, at, isRefused } of ended) {
    if (state === 'skipped') await kind.skipped?.(tx, mail, reason ?? '');
    else if (state === 'unknown') await kind.unknown?.(tx, mail, at);
    else if (state === 'failed' && isRefused) await kind.refused?.(tx, mail, reason ?? '', at);
    else if (state === 'failed') await kind.failed?.(tx, mail, reason ?? '');
  }
}
