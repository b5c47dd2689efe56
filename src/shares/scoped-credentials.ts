// The Mediaflux credentials behind uploads and links: made when they are used, alive for hours, destroyed with their
// rights when the share ends. Ending acts here at once, and in Mediaflux as soon as it can be reached.

import { Inject, Injectable } from '@nestjs/common';
import { AdvisoryLocks, Transactions, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';
import { Clock, zonedIso } from '../time/index.js';
import { CredentialsStore } from './credentials.store.js';
import { EndingShares } from './ending-shares.js';
import { lockOf } from './namespace-lock.js';
import { ShareSettings } from './share-settings.js';
import { ShareEnded } from './shares.errors.js';
import { MediafluxAddress, type OnCopy, type ScopedToken, SharesMediaflux } from './shares-mediaflux.js';

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

/**
 * In the transaction that records a credential: may it be made, and until when at most? What it holds stays held until
 * the record stands, so that whoever ends the share finds it. What it throws refuses the credential.
 */
export type Admission = (tx: Tx) => Promise<{ notAfter: Date | null }>;

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

@Injectable()
export class ScopedCredentials {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CredentialsStore) private readonly store: CredentialsStore,
    @Inject(EndingShares) private readonly ending: EndingShares,
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
    const lifeMs = this.settings.credentialMs[purpose];
    const shareId = share.deliveryId ?? share.uploadId;
    const made = await this.make(purpose, share, this.inMs(lifeMs), admission, (credentialId, until) =>
      this.mediaflux.issueScopedToken({
        shareId,
        credentialId,
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
      await this.mediaflux.openTrialFolder(namespace);
      return this.mediaflux.issueScopedToken({
        shareId: trialId,
        credentialId,
        kind: 'upload',
        namespace,
        until,
        onCopy: this.rememberFor(namespace),
      });
    });
    return this.credentialOf(trial, made);
  }

  /** The address of a zip of the delivery's data. @throws MediafluxError, ShareEnded */
  async issueZipLink(
    share: ShareOf & { deliveryId: string },
    filename: string,
    admission?: Admission,
  ): Promise<string> {
    const made = await this.make('zip', share, this.inMs(ZIP_LINK_LIFE_MS), admission, (credentialId, until) =>
      this.mediaflux.issueZipLink({
        shareId: share.deliveryId,
        credentialId,
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

  /** Destroys what is doomed of the share. @throws MediafluxError not all could be destroyed yet */
  async finishEnding(shareId: string, namespace: string): Promise<void> {
    await this.ending.finish(shareId, namespace);
  }

  /** In the transaction that ends a download: its credentials, and no other's of the same delivery. */
  requestEndOfDownload(tx: Tx, downloadId: string): Promise<void> {
    return this.store.requestEndOfDownload(tx, downloadId);
  }

  /** Ends the share now. @throws MediafluxError it stands recorded; the sweep goes on */
  async end(shareId: string, namespace: string): Promise<void> {
    await this.store.requestEnd(this.transactions.pool, shareId);
    await this.ending.finish(shareId, namespace);
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
    ask: (credentialId: string, until: Date) => Promise<Made>,
  ): Promise<Made> {
    const { namespace } = share;
    const recorded = { id: this.ids.next(), shareId: share.deliveryId ?? share.uploadId, namespace };
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
    return this.obtain(recorded, () => ask(recorded.id, until));
  }

  /**
   * Asks and records while the lock is held that ending takes too: what is made here stands in the record before an end,
   * or is not made; and what an end finds asked for and not made, nobody is making any more.
   * @throws ShareEnded it ended meanwhile; what was made is destroyed again
   */
  private async obtain<Made extends { tokenId: string }>(recorded: Recorded, ask: () => Promise<Made>): Promise<Made> {
    const { pool } = this.transactions;
    const made = await this.locks.run(lockOf(recorded.namespace), async () => {
      if (!(await this.store.asking(pool, recorded.id))) return undefined;
      try {
        const answer = await ask();
        return (await this.store.made(pool, recorded.id, answer.tokenId)) ? answer : undefined;
      } catch (error) {
        // Whether it was made cannot be known; the sweep looks for it.
        await this.store.requestEndOfOne(pool, recorded.id);
        throw error;
      }
    });
    if (made) return made;
    await this.ending.finish(recorded.shareId, recorded.namespace);
    throw new ShareEnded();
  }
}

const wholeSeconds = (at: Date): Date => new Date(Math.floor(at.getTime() / 1_000) * 1_000);
