// A logon before the destination is chosen. What stays of it is a token of the user's, sealed for this link, and opened
// by a handle that only the browser or program has that logged on: a link alone, which may have been passed on, opens
// nobody's project. Unused it is destroyed after a quarter of an hour.

import { Inject, Injectable } from '@nestjs/common';
import { type LinkIdentity, newToken, SecretKeys, tokenHash } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { Ids } from '../../ids/index.js';
import { sentence } from '../../language/index.js';
import type { UserSession } from '../../mediaflux/index.js';
import { Clock, zonedIso } from '../../time/index.js';
import { CopyNotPossible } from '../access.errors.js';
import type { UserCredentials } from '../access.schema.js';
import { SharedDataService } from '../shared-data.service.js';
import { CopyLogonsStore, type KeptLogon } from './copy-logons.store.js';
import { UserLogons, type UserToken } from './user-logons.js';

export const LOGON_LIFE_MS = 15 * 60_000;

export interface Projects {
  namespaces: string[];
  isWhole: boolean;
}

@Injectable()
export class CopyLogonsService {
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

  /** Destroys what was logged on and not used. */
  async sweep(): Promise<void> {
    const { pool } = this.transactions;
    for (const kept of await this.logons.over(pool, this.clock.now()))
      if (await this.users.end(this.tokenOf(kept))) await this.logons.remove(pool, kept.id);
  }

  private tokenOf(kept: KeptLogon | undefined): UserToken {
    if (!kept) throw new CopyNotPossible('logon', sentence('copyTrouble.logonOver'));
    return { token: this.keys.unseal(kept.sealed_credential, sealedFor(kept.id)), tokenId: kept.credential_id };
  }
}

const sealedFor = (id: string): string => `copy-logon:${id}`;
