// The Mediaflux credentials behind uploads and links: made when they are used, alive for hours, destroyed with their
// rights when the share ends. Ending acts here at once, and in Mediaflux as soon as it can be reached.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { AdvisoryLocks, Transactions, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { Clock, zonedIso } from '../time/index.js';
import { CredentialsStore } from './credentials.store.js';
import { ShareSettings } from './share-settings.js';
import { ShareEnded } from './shares.errors.js';
import { MediafluxAddress, type OnCopy, type ScopedToken, SharesMediaflux } from './shares-mediaflux.js';

/** How long the credential of a download lives before a client asks for the next. */
const DOWNLOAD_CREDENTIAL_LIFE_MS = 12 * 3_600_000;
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

/** The share of a trial: a folder of its own, which is destroyed with it. */
export interface TrialShare {
  trialId: string;
  shareableId: string;
  namespace: string;
  until: Date;
  /** The platform's. */
  timeZone: string;
}

/** A credential that is recorded and not made yet. */
interface Recorded {
  id: string;
  shareId: string;
  namespace: string;
}
/**
 * In the transaction that records a credential: may it be made, and until when at most? What it holds stays held until
 * the record stands, so that whoever ends the share finds it. What it throws refuses the credential.
 */
export type Admission = (tx: Tx) => Promise<{ notAfter: Date | null }>;

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
    @Inject(ShareSettings) private readonly settings: ShareSettings,
  ) {}

  /**
   * A fresh token for the upload's or delivery's data namespace; `timeZone` is the platform's.
   * @throws MediafluxError, ShareEnded
   */
  async issue(
    purpose: 'upload' | 'download',
    share: ShareOf & { timeZone: string },
    admission?: Admission,
  ): Promise<ClientCredential> {
    const lifeMs = purpose === 'upload' ? this.settings.uploadCredentialMs : DOWNLOAD_CREDENTIAL_LIFE_MS;
    const shareId = share.deliveryId ?? share.uploadId;
    const made = await this.make(purpose, share, this.inMs(lifeMs), admission, (until) =>
      this.mediaflux.issueScopedToken({
        shareId,
        kind: purpose,
        namespace: share.namespace,
        until,
        onCopy: this.rememberFor(share.namespace),
      }),
    );
    return this.credentialOf(share, made);
  }

  /** In the transaction that allows a trial: what `issueTrial` then makes. A crash in between is swept like any other. */
  async recordTrial(tx: Tx, trial: TrialShare): Promise<string> {
    const id = this.ids.next();
    await this.store.insert(tx, {
      id,
      shareId: trial.trialId,
      purpose: 'trial',
      uploadId: null,
      deliveryId: null,
      downloadId: null,
      trialShareableId: trial.shareableId,
      namespace: trial.namespace,
      expiresAt: trial.until,
    });
    return id;
  }

  /** Makes the folder of a trial, if it is missing, and a fresh token for it. @throws MediafluxError, ShareEnded */
  async issueTrial(credentialId: string, trial: TrialShare): Promise<ClientCredential> {
    const { trialId, namespace, until } = trial;
    const made = await this.obtain({ id: credentialId, shareId: trialId, namespace }, async () => {
      // An end takes the same lock: what is made here is there before it, or not at all.
      if (!(await this.store.isAwaited(this.transactions.pool, credentialId))) throw new ShareEnded();
      await this.mediaflux.openTrialFolder(namespace);
      return this.mediaflux.issueScopedToken({
        shareId: trialId,
        kind: 'upload',
        namespace,
        until,
        onCopy: this.rememberFor(namespace),
      });
    });
    return this.credentialOf(trial, made);
  }

  /** The address of a zip of the delivery's data. @throws MediafluxError, ShareEnded */
  async issueZipLink(share: ShareOf & { deliveryId: string }, filename: string): Promise<string> {
    const made = await this.make('zip', share, this.inMs(ZIP_LINK_LIFE_MS), undefined, (until) =>
      this.mediaflux.issueZipLink({
        shareId: share.deliveryId,
        dataNamespace: share.namespace,
        filename,
        until,
        maxUses: ZIP_LINK_USES,
        onCopy: this.rememberFor(share.namespace),
      }),
    );
    return made.url;
  }

  /** In the transaction that ends a share; `finishEnding` then acts in Mediaflux, and a sweep does if that fails. */
  requestEnd(tx: Tx, shareId: string): Promise<void> {
    return this.store.requestEnd(tx, shareId);
  }

  /**
   * Destroys what is doomed of the share and, when nothing of it is wanted any more, its rights, and a trial's folder. What
   * is doomed stands in the record until all that is done, so that a break in the middle is found by the sweep.
   * @throws MediafluxError not all could be destroyed yet
   */
  async finishEnding(shareId: string, namespace: string): Promise<void> {
    const { pool } = this.transactions;
    const doomed = await this.store.doomedOf(pool, shareId);
    for (const { token_id: tokenId } of doomed) if (tokenId !== null) await this.mediaflux.destroyToken(tokenId);
    await this.locks.run(lockOf(namespace), async () => {
      if (!(await this.store.isWanted(pool, shareId))) {
        await this.endShare(shareId, namespace);
        if (doomed.some(({ purpose }) => purpose === 'trial')) await this.mediaflux.destroyTrialFolder(namespace);
      }
      await this.store.destroyed(
        pool,
        doomed.map(({ id }) => id),
      );
    });
  }

  /** Ends the share now. @throws MediafluxError it stands recorded; the sweep goes on */
  async end(shareId: string, namespace: string): Promise<void> {
    await this.store.requestEnd(this.transactions.pool, shareId);
    await this.finishEnding(shareId, namespace);
  }

  /** One pass over what has to end, for the sweep. What Mediaflux refuses is set aside for a while. */
  async endDoomed(signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const shares = await this.store.sharesToEnd(pool, 100);
    let ended = 0;
    for (const { share_id: shareId, namespace } of shares) {
      if (signal.aborted) break;
      try {
        await this.finishEnding(shareId, namespace);
        ended += 1;
      } catch (error) {
        if (!isMediafluxError(error) || isMediafluxError(error, ...AWAY)) throw error;
        await this.store.endTried(pool, shareId);
        this.logger.warn({ shareId, err: error }, 'A share could not be ended in Mediaflux; it is tried again.');
      }
    }
    if (ended > 0) this.logger.log(`Credentials of ${ended} shares that had ended were destroyed in Mediaflux.`);
  }

  private async endShare(shareId: string, namespace: string): Promise<void> {
    const { pool } = this.transactions;
    const copied = await this.store.copiedInto(pool, namespace);
    if (await this.mediaflux.endShare({ shareId, namespace, copied })) await this.store.forgetCopied(pool, namespace);
  }

  private credentialOf(
    { namespace, timeZone }: { namespace: string; timeZone: string },
    made: ScopedToken,
  ): ClientCredential {
    return { url: this.address.url, namespace, token: made.token, expiresAt: zonedIso(made.expiresAt, timeZone) };
  }

  private rememberFor(namespace: string): OnCopy {
    return (entries) => this.store.rememberCopied(this.transactions.pool, namespace, entries);
  }

  /** Whole seconds, as Mediaflux reads dates: nobody is told of a longer life than the token has. */
  private inMs(milliseconds: number): Date {
    return new Date(Math.ceil((this.clock.now().getTime() + milliseconds) / 1_000) * 1_000);
  }

  private async make<Made extends { tokenId: string }>(
    purpose: 'upload' | 'download' | 'zip',
    share: ShareOf,
    wishedUntil: Date,
    admission: Admission | undefined,
    ask: (until: Date) => Promise<Made>,
  ): Promise<Made> {
    const recorded = {
      id: this.ids.next(),
      shareId: share.deliveryId ?? share.uploadId,
      namespace: share.namespace,
    };
    const until = await this.transactions.run(async (tx) => {
      const notAfter = (await admission?.(tx))?.notAfter ?? null;
      const expiresAt = notAfter !== null && notAfter < wishedUntil ? wholeSeconds(notAfter) : wishedUntil;
      await this.store.insert(tx, {
        ...recorded,
        purpose,
        uploadId: share.uploadId,
        deliveryId: share.deliveryId ?? null,
        downloadId: share.downloadId ?? null,
        trialShareableId: null,
        expiresAt,
      });
      return expiresAt;
    });
    return this.obtain(recorded, () => ask(until));
  }

  /** @throws ShareEnded it ended meanwhile; what was made is destroyed again */
  private async obtain<Made extends { tokenId: string }>(recorded: Recorded, ask: () => Promise<Made>): Promise<Made> {
    const made = await this.locks.run(lockOf(recorded.namespace), ask);
    if (await this.store.made(this.transactions.pool, recorded.id, made.tokenId)) return made;
    await this.finishEnding(recorded.shareId, recorded.namespace);
    throw new ShareEnded();
  }
}

/** Nothing can be ended now, whatever it is. */
const AWAY = ['unreachable', 'busy', 'not-authenticated'] as const;
const wholeSeconds = (at: Date): Date => new Date(Math.floor(at.getTime() / 1_000) * 1_000);

/**
 * A namespace's access list is changed by one process at a time: the last share's end takes the copied entries away,
 * and a share that began in between would be left with nobody else in the list, the service account included.
 */
const lockOf = (namespace: string): string => `access list of ${namespace}`;
