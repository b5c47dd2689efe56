// Ends shares in Mediaflux: their credentials, and with the last one their rights. A sweep ends what is doomed and what a
// crash left behind, and says how many.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { AdvisoryLocks, Transactions } from '../database/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { CredentialsStore, type DoomedCredential } from './credentials.store.js';
import { lockOf } from './namespace-lock.js';
import { SharesMediaflux } from './shares-mediaflux.js';

/** Nothing can be ended now, whatever it is. */
const AWAY = ['unreachable', 'busy', 'not-authenticated'] as const;

/** How many of what was ended had been left behind by a crash, and how many of those were there in Mediaflux. */
interface LeftBehind {
  leftBehind: number;
  found: number;
}

@Injectable()
export class EndingShares {
  private readonly logger = new Logger('shares');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CredentialsStore) private readonly store: CredentialsStore,
    @Inject(AdvisoryLocks) private readonly locks: AdvisoryLocks,
    @Inject(SharesMediaflux) private readonly mediaflux: SharesMediaflux,
  ) {}

  /**
   * Destroys what is doomed of the share and, when nothing of it is wanted any more, its rights, and a trial's folder. What
   * is doomed stands in the record until all that is done, so that a break in the middle is found by the sweep.
   * @throws MediafluxError not all could be destroyed yet
   */
  finish(shareId: string, namespace: string): Promise<LeftBehind> {
    const { pool } = this.transactions;
    return this.locks.run(lockOf(namespace), async () => {
      // Nobody is making a credential of this namespace now: what was asked for and has no name will get none.
      const leftBehind = await this.store.markLeftBehind(pool, shareId);
      const doomed = await this.store.doomedOf(pool, shareId);
      const found = await this.destroyTokens(doomed);
      if (!(await this.store.isWanted(pool, shareId))) {
        await this.endRights(shareId, namespace);
        if (doomed.some(({ purpose }) => purpose === 'trial')) await this.mediaflux.destroyTrialFolder(namespace);
      }
      await this.store.destroyed(
        pool,
        doomed.map(({ id }) => id),
      );
      return { leftBehind, found };
    });
  }

  /** One pass over what has to end, for the sweep. What Mediaflux refuses is set aside for a while. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const shares = await this.store.sharesToEnd(pool, 100);
    const sum = { shares: 0, leftBehind: 0, found: 0 };
    for (const { share_id: shareId, namespace } of shares) {
      if (signal.aborted) break;
      try {
        const { leftBehind, found } = await this.finish(shareId, namespace);
        sum.shares += 1;
        sum.leftBehind += leftBehind;
        sum.found += found;
      } catch (error) {
        if (!isMediafluxError(error) || isMediafluxError(error, ...AWAY)) throw error;
        await this.store.endTried(pool, shareId);
        this.logger.warn({ shareId, err: error }, 'A share could not be ended in Mediaflux; it is tried again.');
      }
    }
    if (sum.leftBehind > 0)
      this.logger.warn(
        sum,
        `${sum.leftBehind} credentials had been left by a crash; ${sum.found} of them were found in Mediaflux and destroyed.`,
      );
    if (sum.shares > 0)
      this.logger.log(`Credentials of ${sum.shares} shares that had ended were destroyed in Mediaflux.`);
  }

  /** Answers how many were found of those that have no name in the record. */
  private async destroyTokens(doomed: readonly DoomedCredential[]): Promise<number> {
    for (const { token_id: tokenId } of doomed) if (tokenId !== null) await this.mediaflux.destroyToken(tokenId);
    const unnamed = doomed.filter((credential) => credential.token_id === null && credential.asked_at !== null);
    return unnamed.length === 0 ? 0 : this.mediaflux.destroyTokensOf(unnamed.map(({ id }) => id));
  }

  private async endRights(shareId: string, namespace: string): Promise<void> {
    const { pool } = this.transactions;
    const copied = await this.store.copiedInto(pool, namespace);
    if (await this.mediaflux.endShare({ shareId, namespace, copied })) await this.store.forgetCopied(pool, namespace);
  }
}
