// The Mediaflux credentials behind uploads and links: made when they are used, alive for hours, destroyed with their
// rights when the share ends. Ending acts here at once, and in Mediaflux as soon as it can be reached.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { AdvisoryLocks, Transactions, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';
import { Clock, zonedIso } from '../time/index.js';
import { CredentialsStore } from './credentials.store.js';
import { ShareEnded } from './shares.errors.js';
import { MediafluxAddress, type OnCopy, SharesMediaflux } from './shares-mediaflux.js';

/** How long one credential lives before a client asks for the next. */
const CREDENTIAL_LIFE_MS = 12 * 3_600_000;
const ZIP_LINK_LIFE_MS = 15 * 60_000;
const ZIP_LINK_USES = 5;

/** What a client gets to speak with Mediaflux itself. */
export interface ClientCredential {
  url: string;
  namespace: string;
  token: string;
  /** In the platform's zone. */
  expiresAt: string;
}

export interface ShareOf {
  uploadId: string;
  deliveryId?: string;
  downloadId?: string;
  namespace: string;
}

@Injectable()
export class ScopedCredentials {
  private readonly logger = new Logger('shares');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CredentialsStore) private readonly store: CredentialsStore,
    @Inject(AdvisoryLocks) private readonly locks: AdvisoryLocks,
    @Inject(SharesMediaflux) private readonly mediaflux: SharesMediaflux,
    @Inject(MediafluxAddress) private readonly address: MediafluxAddress,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * A fresh token for the upload's or delivery's data namespace; `timeZone` is the platform's.
   * @throws MediafluxError, ShareEnded
   */
  async issue(purpose: 'upload' | 'download', share: ShareOf & { timeZone: string }): Promise<ClientCredential> {
    const until = new Date(this.clock.now().getTime() + CREDENTIAL_LIFE_MS);
    const shareId = share.deliveryId ?? share.uploadId;
    const made = await this.make(purpose, share, until, () =>
      this.mediaflux.issueScopedToken({
        shareId,
        kind: purpose,
        namespace: share.namespace,
        until,
        onCopy: this.rememberFor(share),
      }),
    );
    return {
      url: this.address.url,
      namespace: share.namespace,
      token: made.token,
      expiresAt: zonedIso(made.expiresAt, share.timeZone),
    };
  }

  /** The address of a zip of the delivery's data. @throws MediafluxError, ShareEnded */
  async issueZipLink(share: ShareOf & { deliveryId: string }, filename: string): Promise<string> {
    const until = new Date(this.clock.now().getTime() + ZIP_LINK_LIFE_MS);
    const made = await this.make('zip', share, until, () =>
      this.mediaflux.issueZipLink({
        shareId: share.deliveryId,
        dataNamespace: share.namespace,
        filename,
        until,
        maxUses: ZIP_LINK_USES,
        onCopy: this.rememberFor(share),
      }),
    );
    return made.url;
  }

  /** In the transaction that ends a share; `finishEnding` then acts in Mediaflux, and a sweep does if that fails. */
  requestEnd(tx: Tx, shareId: string): Promise<void> {
    return this.store.requestEnd(tx, shareId);
  }

  /**
   * Destroys what is doomed of the share and, when nothing of it is wanted any more, its rights.
   * @throws MediafluxError not all could be destroyed yet
   */
  async finishEnding(shareId: string, namespace: string): Promise<void> {
    const { pool } = this.transactions;
    for (const doomed of await this.store.doomedOf(pool, shareId)) {
      if (doomed.token_id !== null) await this.mediaflux.destroyToken(doomed.token_id);
      await this.store.destroyed(pool, doomed.id);
    }
    await this.locks.run(lockOf(namespace), async () => {
      if (await this.store.isAlive(pool, shareId)) return;
      const copied = await this.store.copiedInto(pool, namespace);
      if (await this.mediaflux.endShare({ shareId, namespace, copied })) await this.store.forgetCopied(pool, namespace);
    });
  }

  /** Ends the share now. @throws MediafluxError it stands recorded; the sweep goes on */
  async end(shareId: string, namespace: string): Promise<void> {
    await this.store.requestEnd(this.transactions.pool, shareId);
    await this.finishEnding(shareId, namespace);
  }

  /** One pass over what has to end, for the sweep. */
  async endDoomed(signal: AbortSignal): Promise<void> {
    const shares = await this.store.sharesToEnd(this.transactions.pool, 100);
    let ended = 0;
    for (const share of shares) {
      if (signal.aborted) break;
      await this.finishEnding(share.share_id, share.namespace);
      ended += 1;
    }
    if (ended > 0) this.logger.log(`Credentials of ${ended} shares that had ended were destroyed in Mediaflux.`);
  }

  private rememberFor(share: ShareOf): OnCopy {
    return (entries) => this.store.rememberCopied(this.transactions.pool, share.namespace, entries);
  }

  private async make<Made extends { tokenId: string }>(
    purpose: 'upload' | 'download' | 'zip',
    share: ShareOf,
    expiresAt: Date,
    ask: () => Promise<Made>,
  ): Promise<Made> {
    const id = this.ids.next();
    const { pool } = this.transactions;
    await this.store.insert(pool, {
      id,
      shareId: share.deliveryId ?? share.uploadId,
      purpose,
      uploadId: share.uploadId,
      deliveryId: share.deliveryId ?? null,
      downloadId: share.downloadId ?? null,
      namespace: share.namespace,
      expiresAt,
    });
    const made = await this.locks.run(lockOf(share.namespace), ask);
    if (await this.store.made(pool, id, made.tokenId)) return made;
    await this.finishEnding(share.deliveryId ?? share.uploadId, share.namespace);
    throw new ShareEnded();
  }
}

/**
 * A namespace's access list is changed by one process at a time: the last share's end takes the copied entries away,
 * and a share that began in between would be left with nobody else in the list, the service account included.
 */
const lockOf = (namespace: string): string => `access list of ${namespace}`;
