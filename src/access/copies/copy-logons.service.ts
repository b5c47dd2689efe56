// A logon before the destination is chosen. What stays of it is a token of the user's, sealed for this link, and opened
// by a handle that only the browser or program has that logged on: a link alone, which may have been passed on, opens
// nobody's project. Unused it is destroyed after a quarter of an hour.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { CannotUnseal, type LinkIdentity, newToken, SecretKeys, tokenHash } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { Ids } from '../../ids/index.js';
import { sentence } from '../../language/index.js';
import type { UserSession } from '../../mediaflux/index.js';
import { Clock, zonedIso } from '../../time/index.js';
import { CopyNotPossible } from '../access.errors.js';
import type { UserCredentials } from '../access.schema.js';
import { SharedDataService } from '../shared-data.service.js';
import { CopyLogonsStore, type KeptLogon } from './copy-logons.store.js';
import { TOKEN_LIFE_MS, UserLogons, type UserToken } from './user-logons.js';

export const LOGON_LIFE_MS = 15 * 60_000;

export interface Projects {
  namespaces: string[];
  isWhole: boolean;
}

@Injectable()
export class CopyLogonsService {
  private readonly logger = new Logger('copies');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(UserLogons) private readonly users: UserLogons,
    @Inject(CopyLogonsStore) private readonly logons: CopyLogonsStore,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws CopyNotPossible, TooManyTries, MethodNotOffered, Unavailable */
  async run(
    link: LinkIdentity,
    given: UserCredentials,
  ): Promise<{ logon: string; expiresAt: Date; projects: Projects }> {
    const facts = await this.data.factsFor(link, 'copy');
    return this.users.run(
      facts,
      given,
      (session) => session.writableProjects(),
      async ({ token, tokenId }, projects) => {
        const logon = newToken();
        const id = this.ids.next();
        const expiresAt = new Date(this.clock.now().getTime() + LOGON_LIFE_MS);
        await this.logons.insert(this.transactions.pool, {
          id,
          handleSha256: tokenHash(logon),
          deliveryId: link.deliveryId,
          sealed: this.keys.seal(token, sealedFor(id)),
          credentialId: tokenId,
          expiresAt,
        });
        return { logon, expiresAt, projects };
      },
    );
  }

  /** The same for programs. */
  async describe(link: LinkIdentity, given: UserCredentials) {
    const { logon, expiresAt, projects } = await this.run(link, given);
    const { timeZone } = await this.data.facts(link);
    return {
      logon,
      expiresAt: zonedIso(expiresAt, timeZone),
      projects: projects.namespaces,
      isWhole: projects.isWhole,
    };
  }

  /** Does `work` as the user. @throws CopyNotPossible the logon has ended; Unavailable; and what `work` throws */
  async with<T>(link: LinkIdentity, logon: string, work: (session: UserSession) => Promise<T>): Promise<T> {
    const { pool } = this.transactions;
    const kept = await this.logons.find(pool, tokenHash(logon), link.deliveryId, this.clock.now());
    return this.users.with(this.tokenOf(kept).token, work);
  }

  /** The token, for a copy that begins in the same transaction. @throws CopyNotPossible the logon has ended */
  async take(tx: Tx, link: LinkIdentity, logon: string): Promise<UserToken> {
    return this.tokenOf(await this.logons.take(tx, tokenHash(logon), link.deliveryId, this.clock.now()));
  }

  /** Destroys what was logged on and not used. What cannot be opened any more is forgotten, and holds nothing else up. */
  async sweep(): Promise<void> {
    const { pool } = this.transactions;
    const now = this.clock.now();
    let unopened = 0;
    for (const kept of await this.logons.over(pool, now, this.keys.ids)) {
      const token = this.opened(kept);
      if (token === undefined) unopened += 1;
      if (token === undefined || (await this.users.end(token))) await this.logons.remove(pool, kept.id);
    }
    await this.logons.removeOld(pool, new Date(now.getTime() - TOKEN_LIFE_MS));
    if (unopened > 0)
      this.logger.warn(
        { logons: unopened },
        'Tokens that were kept for copies cannot be opened any more; they end by themselves within a week.',
      );
  }

  /** @throws CopyNotPossible the logon has ended */
  private tokenOf(kept: KeptLogon | undefined): UserToken {
    const token = kept && this.opened(kept);
    if (!token) throw new CopyNotPossible('logon', sentence('copyTrouble.logonOver'));
    return token;
  }

  /** Undefined where the token cannot be opened here. */
  private opened(kept: KeptLogon): UserToken | undefined {
    try {
      return { token: this.keys.unseal(kept.sealed_credential, sealedFor(kept.id)), tokenId: kept.credential_id };
    } catch (error) {
      if (error instanceof CannotUnseal) return undefined;
      throw error;
    }
  }
}

const sealedFor = (id: string): string => `copy-logon:${id}`;
