// Logs on as an end user, within the limits on tries. From a password a token of theirs is made, so that the password is
// used once and kept nowhere.

import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { sentence } from '../../language/index.js';
import {
  isMediafluxError,
  type MediafluxError,
  MediafluxGateway,
  type UserSession,
  wantsSecondFactor,
} from '../../mediaflux/index.js';
import { whileAway } from '../../platforms/index.js';
import { Clock } from '../../time/index.js';
import { CopyNotPossible } from '../access.errors.js';
import type { UserCredentials } from '../access.schema.js';
import { LogonTries } from './logon-tries.js';

/** A copy of terabytes takes days; its token lives as long and is destroyed at the end. */
export const TOKEN_LIFE_MS = 7 * 86_400_000;

/** `tokenId` is empty for a token that the user gave: that stays theirs. */
export interface UserToken {
  token: string;
  tokenId: string;
}

@Injectable()
export class UserLogons {
  private readonly logger = new Logger('copies');

  constructor(
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(LogonTries) private readonly tries: LogonTries,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Logs on once, does `look` with the session, makes the token and hands it to `keep`; a token that could not be kept is
   * destroyed again.
   * @throws CopyNotPossible, TooManyTries, Unavailable, and what `look` and `keep` throw
   */
  async run<Seen, Kept>(
    facts: Pick<DeliveryFacts, 'id' | 'copyPasswords'>,
    given: UserCredentials,
    look: (session: UserSession) => Promise<Seen>,
    keep: (token: UserToken, seen: Seen) => Promise<Kept>,
  ): Promise<Kept> {
    const credentials = asTyped(given);
    const isToken = 'token' in credentials;
    if (!isToken && !facts.copyPasswords) throw new CopyNotPossible('password', sentence('copyTrouble.noPasswords'));
    const logon = {
      account: isToken ? `token:${credentials.token}` : `${credentials.domain}:${credentials.user}`,
      deliveryId: facts.id,
    };
    await this.tries.count(logon);
    let isRefused = false;
    const session = this.mediaflux.userSession(credentials);
    try {
      const self = await session.whoAmI().catch((error: unknown) => {
        if (!isMediafluxError(error, 'not-authenticated')) throw error;
        isRefused = true;
        throw refusedLogon(isToken, wantsSecondFactor(error));
      });
      const seen = await look(session);
      if (isToken) return await keep({ token: credentials.token, tokenId: '' }, seen);
      const made = await session.createOwnToken(self.name, new Date(this.clock.now().getTime() + TOKEN_LIFE_MS));
      return await keep(made, seen).catch(async (error: unknown) => {
        await this.destroy(session, made.tokenId);
        throw error;
      });
    } catch (error) {
      if (isMediafluxError(error, 'not-authenticated', 'session-expired'))
        throw new CopyNotPossible(isToken ? 'token' : 'password', sentence('copyTrouble.logonOver'));
      if (isMediafluxError(error)) throw whileAway(error);
      throw error;
    } finally {
      await (isRefused ? this.tries.refused(logon) : this.tries.giveBack(logon));
      await closed(session);
    }
  }

  /** Does `work` with a token that was kept. @throws CopyNotPossible the token has ended; Unavailable */
  async with<T>(token: string, work: (session: UserSession) => Promise<T>): Promise<T> {
    const session = this.mediaflux.userSession({ token });
    try {
      return await work(session);
    } catch (error) {
      if (isMediafluxError(error, 'not-authenticated', 'session-expired'))
        throw new CopyNotPossible('logon', sentence('copyTrouble.logonOver'));
      if (isMediafluxError(error)) throw whileAway(error);
      throw error;
    } finally {
      await closed(session);
    }
  }

  /** Destroys a token that was made here. False: Mediaflux is away, and it has to be done later. */
  async end({ token, tokenId }: UserToken): Promise<boolean> {
    if (tokenId === '') return true;
    const session = this.mediaflux.userSession({ token });
    try {
      await session.destroyOwnToken(tokenId);
    } catch (error) {
      if (!isMediafluxError(error)) throw error;
      if (error.kind === 'unreachable' || error.kind === 'busy') return false;
      // One that Mediaflux does not take any more has ended.
      if (error.kind !== 'not-authenticated' && error.kind !== 'session-expired') this.leftOver(error);
    } finally {
      await closed(session);
    }
    return true;
  }

  private async destroy(session: UserSession, tokenId: string): Promise<void> {
    await session.destroyOwnToken(tokenId).catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
      this.leftOver(error);
    });
  }

  private leftOver({ kind }: MediafluxError): void {
    this.logger.warn(
      { kind },
      'A token that was made for a copy could not be destroyed; it ends by itself within a week.',
    );
  }
}

/** Mediaflux takes a token in place of a password too, in the domain `token` (reference 2.1). */
const asTyped = (given: UserCredentials): UserCredentials =>
  'token' in given || given.domain.trim().toLowerCase() !== 'token' ? given : { token: given.password };

function refusedLogon(isToken: boolean, hasSecondFactor: boolean): CopyNotPossible {
  if (isToken) return new CopyNotPossible('token', sentence('copyTrouble.token'));
  return new CopyNotPossible(
    'password',
    hasSecondFactor ? sentence('copyTrouble.secondFactor') : sentence('copyTrouble.logon'),
  );
}

const closed = (session: UserSession): Promise<void> =>
  session.close().catch((error: unknown) => {
    if (!isMediafluxError(error)) throw error;
  });
