// Who calls with a shareable's token. A token that was good once is told apart from one that nobody ever had: whoever
// holds it learns why it is refused, and whom to ask.

import { Inject, Injectable } from '@nestjs/common';
import { type ShareableIdentity, tokenHash } from '../auth/index.js';
import { Transactions, type Tx } from '../database/index.js';
import { ShareableTokensStore, type TokenHolder } from './shareable-tokens.store.js';
import { ShareableRevoked, TokenReplaced } from './shares.errors.js';

@Injectable()
export class ShareableCallers {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareableTokensStore) private readonly tokens: ShareableTokensStore,
  ) {}

  /** Undefined for a token that was never one. @throws ShareableRevoked, TokenReplaced */
  async resolve(token: string): Promise<ShareableIdentity | undefined> {
    const { pool } = this.transactions;
    const tokenSha256 = tokenHash(token);
    const holder = await this.tokens.holder(pool, tokenSha256);
    if (!holder) return undefined;
    if (holder.endedAt || (holder.revokedAt && !holder.mayFinish)) {
      await this.tokens.refused(pool, tokenSha256);
      throw holder.endedAt ? new TokenReplaced(contactOf(holder)) : new ShareableRevoked(contactOf(holder));
    }
    const { shareableId, platformId } = holder;
    return { shareableId, platformId, tokenSha256, state: holder.revokedAt ? 'finishing' : 'active' };
  }

  /** @throws ShareableRevoked it may start nothing more */
  async mustBeActive(shareable: ShareableIdentity): Promise<void> {
    if (shareable.state === 'active') return;
    const holder = await this.tokens.holder(this.transactions.pool, shareable.tokenSha256);
    throw new ShareableRevoked(holder ? contactOf(holder) : 'the administrators');
  }

  /**
   * The same, asked again in the transaction that starts something: a request may have been open, its token judged, for
   * long. Holds the shareable's row, so that a revocation comes before this or after what is started.
   * @throws ShareableRevoked, TokenReplaced
   */
  async holdActive(tx: Tx, { shareableId, tokenSha256 }: ShareableIdentity): Promise<void> {
    await this.tokens.holdShareable(tx, shareableId);
    const holder = await this.tokens.holder(tx, tokenSha256);
    if (!holder || holder.revokedAt) throw new ShareableRevoked(holder ? contactOf(holder) : 'the administrators');
    if (holder.endedAt) throw new TokenReplaced(contactOf(holder));
  }

  /**
   * Until when what the shareable began may go on; null: no end is set.
   * @throws ShareableRevoked that is over
   */
  async finishesUntil(tx: Tx, shareableId: string): Promise<Date | null> {
    const finish = await this.tokens.finish(tx, shareableId);
    if (!finish?.until) return null;
    if (!finish.mayGoOn) throw new ShareableRevoked(contactOf(finish));
    return finish.until;
  }

  /** Notes that the token is on some computer, where the call does not tell on which. */
  seen(shareable: ShareableIdentity): Promise<void> {
    return this.tokens.seen(this.transactions.pool, shareable.tokenSha256);
  }

  /** Notes which computer and program used the token, so that after a rotation one sees who has the old one. */
  used(
    tx: Tx,
    shareable: ShareableIdentity,
    client: { host?: string | null | undefined; program?: string | null | undefined } | null | undefined,
  ): Promise<void> {
    return this.tokens.used(tx, shareable.tokenSha256, client?.host ?? null, client?.program ?? null);
  }
}

const contactOf = (holder: Pick<TokenHolder, 'contactName' | 'contactEmail'>): string =>
  `${holder.contactName} (${holder.contactEmail})`;
