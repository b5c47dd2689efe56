// Records how mails ended, each in a transaction with what its feature makes of it. What ends while one transaction is
// being committed goes into the next one together; where that fails, each goes alone, so that one never stops another.

import type { Transactions, Tx } from '../database/index.js';
import type { MailKind } from './mail-kinds.js';
import type { MailEnd, OutboxStore } from './outbox.store.js';

export interface Settlement extends MailEnd {
  kind: MailKind | undefined;
  /** The `now` that the mail was written for. */
  at: Date;
  /** Of failures: was it the mail server that refused the recipient? */
  isRefused?: boolean;
}

interface Waiting {
  settlement: Settlement;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 100;

export class Settlements {
  private waiting: Waiting[] = [];
  private isCommitting = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: OutboxStore,
  ) {}

  /** Resolves when it is committed; a mail that another worker has taken over is left to it. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ settlement, resolve, reject });
      if (!this.isCommitting) void this.commitAll();
    });
  }

  private async commitAll(): Promise<void> {
    this.isCommitting = true;
    while (this.waiting.length > 0) {
      const together = this.waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.commit(together.map(({ settlement }) => settlement));
        for (const { resolve } of together) resolve();
      } catch (error) {
        if (together.length === 1) together[0]?.reject(error);
        else
          for (const { settlement, resolve, reject } of together) await this.commit([settlement]).then(resolve, reject);
      }
    }
    this.isCommitting = false;
  }

  private commit(settlements: readonly Settlement[]): Promise<void> {
    return this.transactions.run(async (tx) => {
      const ours = await this.outbox.settle(tx, settlements);
      const ended = settlements.filter(({ mail }) => ours.has(mail.id));
      const kinds = new Set(ended.map(({ kind }) => kind));
      for (const kind of kinds)
        if (kind)
          await record(
            tx,
            kind,
            ended.filter((one) => one.kind === kind),
          );
    });
  }
}

async function record(tx: Tx, kind: MailKind, ended: readonly Settlement[]): Promise<void> {
  const sent = ended.filter(({ state }) => state === 'sent');
  if (sent.length > 0 && kind.handedOverMany) await kind.handedOverMany(tx, sent);
  else for (const { mail, at } of sent) await kind.handedOver?.(tx, mail, at);
  for (const { mail, state, reason, at, isRefused } of ended) {
    if (state === 'skipped') await kind.skipped?.(tx, mail, reason ?? '');
    else if (state === 'unknown') await kind.unknown?.(tx, mail);
    else if (state === 'failed' && isRefused) await kind.refused?.(tx, mail, reason ?? '', at);
    else if (state === 'failed') await kind.failed?.(tx, mail, reason ?? '');
  }
}
