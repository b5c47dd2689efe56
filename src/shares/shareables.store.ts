// Upload shareables, their tokens' hashes and whom they notify.

import { Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../auth/index.js';
import { row, rows, type Tx } from '../database/index.js';

export interface ShareableRow {
  id: string;
  number: number;
  platform_id: string;
  platform_name: string;
  label: string;
  ask_name: boolean;
  ask_keywords: boolean;
  uses: number;
  revoked_at: Date | null;
  stop_running: boolean;
  last_used_at: Date | null;
  last_used_host: string | null;
  last_used_program: string | null;
  created_at: Date;
}

export interface TokenRow {
  last_four: string;
  valid_until: Date | null;
  created_at: Date;
}

@Injectable()
export class ShareablesStore {
  /** Who holds the token with this hash. A revoked shareable may finish what it began for 24 hours, unless stopped. */
  async identityOf(tx: Tx, tokenHash: Buffer): Promise<ShareableIdentity | undefined> {
    const found = await row<{ id: string; platform_id: string; revoked: boolean }>(
      tx,
      `select s.id, s.platform_id, s.revoked_at is not null as revoked
         from upload_shareable_token t
         join upload_shareable s on s.id = t.shareable_id
        where t.token_sha256 = $1
          and (t.valid_until is null or t.valid_until > now())
          and (s.revoked_at is null or (not s.stop_running and s.revoked_at > now() - interval '24 hours'))`,
      [tokenHash],
    );
    return (
      found && { shareableId: found.id, platformId: found.platform_id, state: found.revoked ? 'finishing' : 'active' }
    );
  }

  async insert(
    tx: Tx,
    made: { id: string; platformId: string; label: string; askName: boolean; askKeywords: boolean },
  ): Promise<void> {
    await rows(
      tx,
      `insert into upload_shareable (id, platform_id, label, ask_name, ask_keywords) values ($1, $2, $3, $4, $5)`,
      [made.id, made.platformId, made.label, made.askName, made.askKeywords],
    );
  }

  async setNotify(tx: Tx, shareableId: string, personIds: readonly string[]): Promise<void> {
    await rows(
      tx,
      `insert into upload_shareable_notify (shareable_id, person_id, position)
       select $1, person_id, position
         from unnest($2::uuid[]) with ordinality as given (person_id, position)
           on conflict do nothing`,
      [shareableId, personIds],
    );
  }

  async addToken(tx: Tx, shareableId: string, hash: Buffer, lastFour: string): Promise<void> {
    await rows(tx, `insert into upload_shareable_token (token_sha256, shareable_id, last_four) values ($1, $2, $3)`, [
      hash,
      shareableId,
      lastFour,
    ]);
  }

  /** The other tokens of the shareable end in `seconds`, unless they end sooner. */
  async retireTokens(tx: Tx, shareableId: string, exceptHash: Buffer, seconds: number): Promise<void> {
    await rows(
      tx,
      `update upload_shareable_token
          set valid_until = least(coalesce(valid_until, 'infinity'), now() + make_interval(secs => $3::double precision))
        where shareable_id = $1
          and token_sha256 <> $2`,
      [shareableId, exceptHash, seconds],
    );
  }

  find(tx: Tx, id: string, lock = false): Promise<ShareableRow | undefined> {
    return row<ShareableRow>(
      tx,
      `select s.*, p.name as platform_name
         from upload_shareable s
         join platform p on p.id = s.platform_id
        where s.id = $1${lock ? ' for update of s' : ''}`,
      [id],
    );
  }

  list(tx: Tx, platformId: string, afterNumber: number, limit: number): Promise<ShareableRow[]> {
    return rows<ShareableRow>(
      tx,
      `select s.*, p.name as platform_name
         from upload_shareable s
         join platform p on p.id = s.platform_id
        where s.platform_id = $1
          and s.number > $2::int
        order by s.number
        limit $3::int`,
      [platformId, afterNumber, limit],
    );
  }

  tokensOf(tx: Tx, shareableId: string): Promise<TokenRow[]> {
    return rows<TokenRow>(
      tx,
      `select last_four, valid_until, created_at
         from upload_shareable_token
        where shareable_id = $1
          and (valid_until is null or valid_until > now())
        order by created_at, token_sha256`,
      [shareableId],
    );
  }

  async notifyOf(tx: Tx, shareableId: string): Promise<string[]> {
    const found = await rows<{ address: string }>(
      tx,
      `select p.address
         from upload_shareable_notify n
         join person p on p.id = n.person_id
        where n.shareable_id = $1
        order by n.position, p.id`,
      [shareableId],
    );
    return found.map((person) => person.address);
  }

  async revoke(tx: Tx, id: string, stopRunning: boolean): Promise<void> {
    await rows(
      tx,
      `update upload_shareable
          set revoked_at = coalesce(revoked_at, now()), stop_running = stop_running or $2::boolean
        where id = $1`,
      [id, stopRunning],
    );
  }
}
