// Tokens of upload shareables: who holds one, and from which computers each was used.
//
// A token is looked up by its SHA-256 in an index. How long that takes tells a guesser at most how much of the hash of
// their own guess stands in the index; a guess whose hash begins as wanted cannot be made without trying all 2^256
// tokens, so that no comparison in constant time is needed beside it.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';

export interface TokenHolder {
  shareableId: string;
  platformId: string;
  /** When the token was to end, if it has ended. */
  endedAt: Date | null;
  revokedAt: Date | null;
  /** What it began may still finish. */
  mayFinish: boolean;
  contactName: string;
  contactEmail: string;
}

export interface TokenRow {
  shareable_id: string;
  last_four: string;
  valid_until: Date | null;
  last_used_at: Date | null;
  last_refused_at: Date | null;
  created_at: Date;
  used_from: { host: string | null; program: string | null; uses: number; firstUsedAt: string; lastUsedAt: string }[];
}

/** What a revoked shareable began may finish for so long, unless it is stopped. Contract "Administrator". */
export const FINISHES_WITHIN = `interval '24 hours'`;
/** Ended tokens are shown for so long, so that a computer that still has one is noticed. */
const SHOWN_FOR_DAYS = 90;
/** A stolen token may name any number of computers; the last ones are kept. */
const MOST_USES_KEPT = 100;

@Injectable()
export class ShareableTokensStore {
  /** Who holds the token with this hash. A revoked shareable may finish what it began for 24 hours, unless stopped. */
  holder(tx: Tx, tokenSha256: Buffer): Promise<TokenHolder | undefined> {
    return row<TokenHolder>(
      tx,
      `select s.id as "shareableId", s.platform_id as "platformId", s.revoked_at as "revokedAt",
              case when t.valid_until <= clock_timestamp() then t.valid_until end as "endedAt",
              s.stopped_at is null and s.revoked_at + ${FINISHES_WITHIN} > clock_timestamp() as "mayFinish",
              p.contact_name as "contactName", p.contact_email as "contactEmail"
         from upload_shareable_token t
         join upload_shareable s on s.id = t.shareable_id
         join platform p on p.id = s.platform_id
        where t.token_sha256 = $1`,
      [tokenSha256],
    );
  }

  /** When what a revoked shareable began must be over; `until` is null for one that is not revoked. */
  finish(
    tx: Tx,
    shareableId: string,
  ): Promise<{ until: Date | null; mayGoOn: boolean; contactName: string; contactEmail: string } | undefined> {
    return row(
      tx,
      `select s.revoked_at + ${FINISHES_WITHIN} as until,
              s.stopped_at is null and s.revoked_at + ${FINISHES_WITHIN} > clock_timestamp() as "mayGoOn",
              p.contact_name as "contactName", p.contact_email as "contactEmail"
         from upload_shareable s
         join platform p on p.id = s.platform_id
        where s.id = $1`,
      [shareableId],
    );
  }

  async holdShareable(tx: Tx, shareableId: string): Promise<void> {
    await rows(tx, 'select 1 from upload_shareable where id = $1 for update', [shareableId]);
  }

  /** That somebody came with a token that has ended; once a minute is enough. */
  async refused(tx: Tx, tokenSha256: Buffer): Promise<void> {
    await rows(
      tx,
      `update upload_shareable_token
          set last_refused_at = now()
        where token_sha256 = $1
          and (last_refused_at is null or last_refused_at < now() - make_interval(mins => 1))`,
      [tokenSha256],
    );
  }

  async used(tx: Tx, tokenSha256: Buffer, host: string | null, program: string | null): Promise<void> {
    await this.seen(tx, tokenSha256);
    const [use] = await rows<{ uses: number }>(
      tx,
      `insert into upload_shareable_token_use as u (token_sha256, host, program) values ($1, $2, $3)
           on conflict (token_sha256, host, program) do update set uses = u.uses + 1, last_used_at = now()
    returning uses`,
      [tokenSha256, host ?? '', program ?? ''],
    );
    if (use?.uses === 1)
      await rows(
        tx,
        `delete from upload_shareable_token_use
          where token_sha256 = $1
            and (host, program) in (
                select host, program
                  from upload_shareable_token_use
                 where token_sha256 = $1
                 order by last_used_at desc, host, program
                offset ${MOST_USES_KEPT})`,
        [tokenSha256],
      );
  }

  /** That somebody asked with it. */
  async seen(tx: Tx, tokenSha256: Buffer): Promise<void> {
    await rows(tx, 'update upload_shareable_token set last_used_at = now() where token_sha256 = $1', [tokenSha256]);
  }

  /** Tokens of the shareable that nobody ever came with end now. */
  async endUnused(tx: Tx, shareableId: string): Promise<void> {
    await rows(
      tx,
      `update upload_shareable_token
          set valid_until = now()
        where shareable_id = $1
          and last_used_at is null
          and valid_until is null`,
      [shareableId],
    );
  }

  async add(tx: Tx, shareableId: string, tokenSha256: Buffer, lastFour: string): Promise<void> {
    await rows(tx, `insert into upload_shareable_token (token_sha256, shareable_id, last_four) values ($1, $2, $3)`, [
      tokenSha256,
      shareableId,
      lastFour,
    ]);
  }

  /** The other tokens of the shareable end in `seconds`, unless they end sooner. */
  async retireOthers(tx: Tx, shareableId: string, tokenSha256: Buffer, seconds: number): Promise<void> {
    await rows(
      tx,
      `update upload_shareable_token
          set valid_until = least(coalesce(valid_until, 'infinity'), now() + make_interval(secs => $3::double precision))
        where shareable_id = $1
          and token_sha256 <> $2`,
      [shareableId, tokenSha256, seconds],
    );
  }

  ofShareables(tx: Tx, shareableIds: readonly string[]): Promise<TokenRow[]> {
    return rows<TokenRow>(
      tx,
      `select t.shareable_id, t.last_four, t.valid_until, t.last_used_at, t.last_refused_at, t.created_at,
              coalesce((
                select json_agg(json_build_object(
                         'host', nullif(u.host, ''), 'program', nullif(u.program, ''), 'uses', u.uses,
                         'firstUsedAt', u.first_used_at, 'lastUsedAt', u.last_used_at)
                       order by u.last_used_at desc, u.host, u.program)
                  from upload_shareable_token_use u
                 where u.token_sha256 = t.token_sha256), '[]') as used_from
         from upload_shareable_token t
        where t.shareable_id = any($1::uuid[])
          and (t.valid_until is null or t.valid_until > now() - make_interval(days => ${SHOWN_FOR_DAYS}))
        order by t.created_at, t.token_sha256`,
      [shareableIds],
    );
  }
}
