// Looks at complete uploads again, an hour and a day after: what Mediaflux had admitted before the upload's credential
// ended may have come since (docs/mediaflux-assumptions.md p). Count and newest change number are asked for as at the
// end of verification; only where they differ are the files compared with the manifest. What a look found, and the mails
// about it, are one transaction: whatever is killed before is done again, and nothing twice. Decision 23.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions, type Tx } from '../../database/index.js';
import { PublicAddress } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import { enqueueMail } from '../../mail/index.js';
import { isMediafluxError, MediafluxGateway } from '../../mediaflux/index.js';
import { PersonsStore } from '../../persons/index.js';
import { underLease } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { folderRows } from '../verification/listed-rows.js';
import { parentsOfNamedFolders } from '../verification/named-folders.js';
import { whomToTell } from '../operators/whom-to-tell.js';
import {
  type Finding,
  isGivenUp,
  isNews,
  isUnchanged,
  lookAfter,
  lookAt,
  pauseSeconds,
  type Seen,
} from './later-looks.rules.js';
import { type ClaimedLook, LaterLooksStore, type MadeLook } from './later-looks.store.js';

const RENEW_EVERY_MS = 5_000;
/** A folder that changes while it is listed is listed again, so often at most. */
const LISTINGS = 3;

type Found = Pick<MadeLook, 'finding' | 'seen' | 'differences'>;
/** What happens to the deliveries of an upload whose folder is gone; in the transaction that records it. */
type OnGone = (tx: Tx, uploadId: string) => Promise<void>;

class LookLost extends Error {}

@Injectable()
export class LaterLooks {
  private readonly logger = new Logger('uploads');
  private onGone: OnGone | undefined;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(LaterLooksStore) private readonly looks: LaterLooksStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Deliveries are known to rooms above, which say what becomes of them. */
  registerGone(onGone: OnGone): void {
    this.onGone = onGone;
  }

  /** All that is due; while Mediaflux is away one try, and the rest waits. */
  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const claimed = await this.looks.claim(this.transactions.pool);
      if (!claimed || !(await this.look(claimed, stopping))) return;
    }
  }

  /** False when Mediaflux is away. */
  private async look(claimed: ClaimedLook, stopping: AbortSignal): Promise<boolean> {
    const { pool } = this.transactions;
    const lease = {
      renewEveryMs: RENEW_EVERY_MS,
      renew: () => this.renew(claimed),
      release: () => Promise.resolve(),
    };
    try {
      await this.record(claimed, await underLease(lease, stopping, (signal) => this.find(claimed, signal)));
      return true;
    } catch (error) {
      if (error instanceof LookLost) return true;
      if (!stopping.aborted) return this.failed(claimed, error);
      await this.looks.postpone(pool, claimed, 0);
      return false;
    }
  }

  private async renew(claimed: ClaimedLook): Promise<Error | undefined> {
    try {
      return (await this.looks.renew(this.transactions.pool, claimed)) ? undefined : new LookLost();
    } catch (error) {
      this.logger.warn({ uploadId: claimed.upload_id, err: error }, 'The lease on a later look was not renewed.');
      return undefined;
    }
  }

  private async find(claimed: ClaimedLook, signal: AbortSignal): Promise<Found> {
    const verified = { count: claimed.verified_count, stime: claimed.verified_stime };
    const seen = await this.summary(claimed);
    if (seen && isUnchanged(verified, seen)) return { finding: 'unchanged', seen, differences: undefined };
    if (!seen || !(await this.mediaflux.folderExists(claimed.data_namespace))) return this.gone(claimed);
    const compared = await this.compare(claimed, seen, signal);
    return { ...compared, finding: compared.differences.count > 0 ? 'changed' : 'as-verified' };
  }

  /** As at the end of verification; undefined where there is nothing to ask about. @throws MediafluxError */
  private async summary({ data_namespace }: ClaimedLook): Promise<Seen | undefined> {
    try {
      const { count, newestStime } = await this.mediaflux.summarize(data_namespace);
      return { count, stime: newestStime };
    } catch (error) {
      if (isMediafluxError(error, 'not-found') && !(await this.mediaflux.folderExists(data_namespace)))
        return undefined;
      throw error;
    }
  }

  /** Where the platform's namespace is not seen either, the account may have lost its rights: nothing is known then. */
  private async gone({ folder_namespace }: ClaimedLook): Promise<Found> {
    const platform = folder_namespace.slice(0, folder_namespace.lastIndexOf('/'));
    if (!(await this.mediaflux.folderExists(platform)))
      throw new Error("Mediaflux shows neither an upload's folder nor the platform's namespace above it.");
    return { finding: 'gone', seen: undefined, differences: undefined };
  }

  private async compare(claimed: ClaimedLook, before: Seen, signal: AbortSignal) {
    const { pool } = this.transactions;
    const hasFolders = await this.looks.hasFolders(pool, claimed.manifest_id);
    for (let seen = before, listings = 1; ; listings += 1) {
      const counted = { files: 0 };
      const parents = hasFolders ? parentsOfNamedFolders(pool, claimed.manifest_id) : undefined;
      const listing = folderRows(this.mediaflux, claimed.data_namespace, { parents, counted }, signal);
      const differences = await this.looks.compare(claimed.manifest_id, listing);
      const { count, newestStime } = await this.mediaflux.summarize(claimed.data_namespace);
      const isStill = counted.files === count && seen.count === count && seen.stime === newestStime;
      seen = { count, stime: newestStime };
      if (isStill || listings === LISTINGS) return { seen, differences };
    }
  }

  private async record(claimed: ClaimedLook, found: Found): Promise<void> {
    const at = this.clock.now();
    const former =
      claimed.former_finding === null ? undefined : { finding: claimed.former_finding, hash: claimed.former_hash };
    const isTold = isNews(former, found.finding, { hash: found.differences?.hash ?? null });
    const look = lookAt(claimed.completed_at, claimed.look, at);
    const made = { ...found, id: this.ids.next(), look, isTold, at };
    await this.transactions.run(async (tx) => {
      if (!(await this.looks.hold(tx, claimed))) return;
      await this.looks.made(tx, claimed, made, lookAfter(claimed.completed_at, look, found.finding));
      if (isTold) await this.tell(tx, claimed, made.id);
      if (found.finding === 'gone') await this.onGone?.(tx, claimed.upload_id);
    });
    this.log(claimed, made);
  }

  private async tell(tx: Tx, { upload_id, contact_email }: ClaimedLook, lookId: string): Promise<void> {
    const upload = { uploadId: upload_id, contactEmail: contact_email };
    for (const personId of await whomToTell(tx, this.persons, upload)) {
      await enqueueMail(tx, {
        id: this.ids.next(),
        kind: 'upload-changed',
        subjectId: lookId,
        personId,
        messageId: `<upload-changed-${lookId}-${personId}@${this.address.host}>`,
        dedupeKey: `upload-changed:${lookId}:${personId}`,
        atMostOnce: false,
        dueAt: this.clock.now(),
      });
    }
  }

  private log({ upload_id }: ClaimedLook, { look, finding, differences }: MadeLook): void {
    const words = LOGGED[finding];
    if (words !== undefined) this.logger.warn({ uploadId: upload_id, look, differences: differences?.count }, words);
  }

  private async failed(claimed: ClaimedLook, error: unknown): Promise<boolean> {
    const isAway = isMediafluxError(error, 'unreachable', 'busy', 'not-authenticated', 'session-expired');
    if (isGivenUp(isAway, claimed.failures)) {
      this.logger.error({ uploadId: claimed.upload_id, err: error }, 'A later look at an upload was given up.');
      await this.record(claimed, { finding: 'not-seen', seen: undefined, differences: undefined });
      return true;
    }
    const seconds = pauseSeconds(isAway, claimed.failures);
    const failures = claimed.failures + (isAway ? 0 : 1);
    await this.looks.postpone(this.transactions.pool, claimed, seconds, failures);
    const facts = { uploadId: claimed.upload_id, failures, err: error };
    if (!isAway) this.logger.warn(facts, `A later look at an upload failed; it is tried again in ${seconds} s.`);
    return !isAway;
  }
}

const LOGGED: Partial<Record<Finding, string>> = {
  changed: 'A complete upload no longer holds what was verified.',
  'as-verified': 'The folder of a complete upload was touched; its files are as they were verified.',
  gone: 'The folder of a complete upload is no longer in Mediaflux.',
};
