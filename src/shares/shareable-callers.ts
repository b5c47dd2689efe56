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

  /** Notes which computer and program used the token, so that after a rotation one sees who has the old one. */
  used(
    tx: Tx,
    shareable: ShareableIdentity,
    client: { host?: string | null | undefined; program?: string | null | undefined } | null | undefined,
  ): Promise<void> {
    return this.tokens.used(tx, shareable.tokenSha256, client?.host ?? null, client?.program ?? null);
  }
}

const contactOf = (holder: TokenHolder): string => `${holder.contactName} (${holder.contactEmail})`;
