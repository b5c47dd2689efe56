// The record of every Mediaflux credential that was asked for, written before it is made: what a crash leaves in
// Mediaflux is found here and destroyed. The secrets themselves are never stored.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import type { AccessEntry } from './shares-mediaflux.js';

export type CredentialPurpose = 'upload' | 'download' | 'zip' | 'trial';

export interface NewCredential {
  id: string;
  /** The upload, the delivery or the trial whose share it belongs to. */
  shareId: string;
  purpose: CredentialPurpose;
  /** Null for a trial. */
  uploadId: string | null;
  deliveryId: string | null;
  downloadId: string | null;
  /** Whose trial it is for; null for everything else. */
  trialShareableId: string | null;
  namespace: string;
  expiresAt: Date;
}

export interface Share {
  share_id: string;
  namespace: string;
}

export interface DoomedCredential {
  id: string;
  purpose: CredentialPurpose;
  token_id: string | null;
  /** When Mediaflux was asked for it. */
  asked_at: Date | null;
}

/** One that was recorded and for which nobody has asked by then never will be. */
const ASKED_WITHIN = `interval '10 minutes'`;
/** So old a one without a name is looked at: whoever asks for it holds the lock, so that it is told from a slow one. */
const UNNAMED_AFTER = `interval '20 seconds'`;

/** An end that failed for another reason than a Mediaflux that is away is tried again after so long. */
const TRY_AGAIN_AFTER_MINUTES = 10;

@Injectable()
export class CredentialsStore {
  async insert(tx: Tx, credential: NewCredential): Promise<void> {
    await rows(
      tx,
      `insert into mediaflux_credential
         (id, share_id, purpose, upload_id, delivery_id, download_id, trial_shareable_id, namespace, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        credential.id,
        credential.shareId,
        credential.purpose,
        credential.uploadId,
        credential.deliveryId,
        credential.downloadId,
        credential.trialShareableId,
        credential.namespace,
        credential.expiresAt,
      ],
    );
  }

  /** Notes that Mediaflux is asked for it now; false when it may not be made any more. */
  async asking(tx: Tx, id: string): Promise<boolean> {
    const found = await rows(
      tx,
      `update mediaflux_credential
          set asked_at = clock_timestamp()
        where id = $1
          and destroyed_at is null
          and destroy_requested_at is null
          and expires_at >= now()
    returning id`,
      [id],
    );
    return found.length > 0;
  }

  /** Records what Mediaflux calls it; false when the share was ended meanwhile, so that it must be destroyed again. */
  async made(tx: Tx, id: string, tokenId: string): Promise<boolean> {
    const kept = await rows<{ alive: boolean }>(
      tx,
      `update mediaflux_credential
          set token_id = $2, destroyed_at = null
        where id = $1
    returning destroy_requested_at is null as alive`,
      [id, tokenId],
    );
    return kept[0]?.alive ?? false;
  }

  async requestEnd(tx: Tx, shareId: string): Promise<void> {
    await rows(
      tx,
      `update mediaflux_credential
          set destroy_requested_at = coalesce(destroy_requested_at, now())
        where share_id = $1
          and destroyed_at is null`,
      [shareId],
    );
  }

  async requestEndOfOne(tx: Tx, id: string): Promise<void> {
    await rows(
      tx,
      `update mediaflux_credential set destroy_requested_at = now() where id = $1 and destroy_requested_at is null`,
      [id],
    );
  }

  async requestEndOfDownload(tx: Tx, downloadId: string): Promise<void> {
    await rows(
      tx,
      `update mediaflux_credential
          set destroy_requested_at = coalesce(destroy_requested_at, now())
        where download_id = $1
          and destroyed_at is null`,
      [downloadId],
    );
  }

  /**
   * Dooms credentials of the share that a process asked for, or was to ask for, and died before it was told their names.
   * While nobody asks for any. Answers how many.
   */
  async markLeftBehind(tx: Tx, shareId: string): Promise<number> {
    const left = await rows(
      tx,
      `update mediaflux_credential
          set left_behind_at = now(), destroy_requested_at = now()
        where share_id = $1
          and token_id is null
          and destroyed_at is null
          and destroy_requested_at is null
          and (asked_at is not null or created_at < now() - ${ASKED_WITHIN})
    returning id`,
      [shareId],
    );
    return left.length;
  }

  /** Credentials of the share that may still live in Mediaflux and that nobody wants any more. */
  doomedOf(tx: Tx, shareId: string): Promise<DoomedCredential[]> {
    return rows<DoomedCredential>(
      tx,
      `select id, purpose, token_id, asked_at
         from mediaflux_credential
        where share_id = $1
          and destroyed_at is null
          and (destroy_requested_at is not null or expires_at < now())
        order by id`,
      [shareId],
    );
  }

  async destroyed(tx: Tx, ids: readonly string[]): Promise<void> {
    await rows(tx, 'update mediaflux_credential set destroyed_at = now() where id = any($1::uuid[])', [ids]);
  }

  /** Is any credential of the share still wanted? */
  async isWanted(tx: Tx, shareId: string): Promise<boolean> {
    const [answer] = await rows<{ wanted: boolean }>(
      tx,
      `select exists (
         select 1
           from mediaflux_credential
          where share_id = $1
            and destroyed_at is null
            and destroy_requested_at is null
            and expires_at >= now()) as wanted`,
      [shareId],
    );
    return answer?.wanted ?? false;
  }

  /** Shares with something to destroy: ended ones, and those whose credentials ran out. */
  sharesToEnd(tx: Tx, limit: number): Promise<Share[]> {
    return rows<Share>(
      tx,
      `select share_id, min(namespace) as namespace
         from mediaflux_credential
        where destroyed_at is null
          and (destroy_requested_at is not null or expires_at < now()
               or (token_id is null and asked_at < now() - ${UNNAMED_AFTER})
               or (token_id is null and created_at < now() - ${ASKED_WITHIN}))
        group by share_id
       having coalesce(max(end_tried_at), '-infinity') < now() - make_interval(mins => ${TRY_AGAIN_AFTER_MINUTES})
        order by share_id
        limit $1::int`,
      [limit],
    );
  }

  async endTried(tx: Tx, shareId: string): Promise<void> {
    await rows(
      tx,
      'update mediaflux_credential set end_tried_at = now() where share_id = $1 and destroyed_at is null',
      [shareId],
    );
  }

  async rememberCopied(tx: Tx, namespace: string, entries: readonly AccessEntry[]): Promise<void> {
    await rows(
      tx,
      `insert into copied_access_entries (namespace, entries)
       values ($1, $2::jsonb)
           on conflict (namespace) do update set entries = excluded.entries, copied_at = now()`,
      [namespace, JSON.stringify(entries)],
    );
  }

  async copiedInto(tx: Tx, namespace: string): Promise<AccessEntry[] | undefined> {
    const [found] = await rows<{ entries: AccessEntry[] }>(
      tx,
      'select entries from copied_access_entries where namespace = $1',
      [namespace],
    );
    return found?.entries;
  }

  async forgetCopied(tx: Tx, namespace: string): Promise<void> {
    await rows(tx, 'delete from copied_access_entries where namespace = $1', [namespace]);
  }
}
