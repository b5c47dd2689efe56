// Looks that are to be made, and what those that were made found. A row of `later_look` is held by whoever has set its
// `not_before`; what is written afterwards carries the number of the attempt, so that one that was thought dead changes
// nothing.

import { Inject, Injectable } from '@nestjs/common';
import { CopyStreams, row, rows, type Tx } from '../../database/index.js';
import { compareListing } from '../verification/differences.js';
import { type Differences, FIRST_LOOK, type Finding, type Seen } from './later-looks.rules.js';

export interface ClaimedLook {
  upload_id: string;
  platform_id: string;
  data_namespace: string;
  folder_namespace: string;
  manifest_id: string;
  contact_email: string;
  /** As planned. */
  look: number;
  completed_at: Date;
  attempt: number;
  failures: number;
  verified_count: number;
  verified_stime: number;
  /** What the look before found; null where this is the first. */
  former_finding: Finding | null;
  former_hash: string | null;
}

export interface DifferingPath {
  path: string;
  problem: string;
}

export interface MadeLook {
  id: string;
  look: number;
  finding: Finding;
  seen: Seen | undefined;
  /** Undefined where nothing was compared. */
  differences: (Differences & { paths: readonly DifferingPath[] }) | undefined;
  isTold: boolean;
  at: Date;
}

const LEASE_SECONDS = 15;
/** Of each look so many paths are kept; their number is exact. */
const KEPT_PATHS = 1_000;

@Injectable()
export class LaterLooksStore {
  constructor(@Inject(CopyStreams) private readonly copies: CopyStreams) {}

  /** In the transaction that makes an upload complete. */
  async plan(tx: Tx, uploadId: string): Promise<void> {
    await rows(
      tx,
      `insert into later_look (upload_id, look, due_at, not_before)
       select id, $2, completed_at + make_interval(secs => $3), completed_at + make_interval(secs => $3)
         from upload
        where id = $1
          and completed_at is not null
          and matched_stime is not null
           on conflict (upload_id) do nothing`,
      [uploadId, FIRST_LOOK.look, FIRST_LOOK.afterSeconds],
    );
  }

  /** Takes one look that is due; any number of servers may ask at once. */
  claim(tx: Tx): Promise<ClaimedLook | undefined> {
    return row<ClaimedLook>(
      tx,
      `with claimed as (
         update later_look
            set not_before = now() + make_interval(secs => ${LEASE_SECONDS}), attempt = attempt + 1
          where upload_id = (
                select upload_id
                  from later_look
                 where not_before <= now()
                 order by not_before, upload_id
                 limit 1
                   for update skip locked)
      returning upload_id, look, attempt, failures)
       select c.*, u.platform_id, u.data_namespace, u.folder_namespace, u.manifest_id, u.completed_at,
              u.matched_count as verified_count, u.matched_stime as verified_stime, p.contact_email,
              f.finding as former_finding, f.differences_hash as former_hash
         from claimed c
         join upload u on u.id = c.upload_id
         join platform p on p.id = u.platform_id
         left join lateral (
              select finding, differences_hash from upload_look where upload_id = u.id order by look desc limit 1) f on true`,
    );
  }

  /** False when it is no longer this worker's. */
  async renew(tx: Tx, claimed: ClaimedLook): Promise<boolean> {
    return this.postpone(tx, claimed, LEASE_SECONDS);
  }

  /** Another try comes after so long. @param failures as they are from now on */
  async postpone(tx: Tx, claimed: ClaimedLook, seconds: number, failures = claimed.failures): Promise<boolean> {
    const kept = await rows(
      tx,
      `update later_look
          set not_before = now() + make_interval(secs => $3), failures = $4
        where upload_id = $1
          and attempt = $2
    returning upload_id`,
      [claimed.upload_id, claimed.attempt, seconds, failures],
    );
    return kept.length > 0;
  }

  /** Holds the look until the transaction ends; false when it is no longer this worker's. */
  async hold(tx: Tx, { upload_id, attempt }: ClaimedLook): Promise<boolean> {
    const held = await rows(tx, `select 1 from later_look where upload_id = $1 and attempt = $2 for update`, [
      upload_id,
      attempt,
    ]);
    return held.length > 0;
  }

  /** Records what was found and plans the next look; in the transaction that holds it. */
  async made(tx: Tx, claimed: ClaimedLook, made: MadeLook, next: { look: number; dueAt: Date } | undefined) {
    const { id, differences } = made;
    await rows(
      tx,
      `insert into upload_look (id, upload_id, platform_id, look, finding, verified_files, verified_stime, files, stime,
                                differences, differences_hash, is_told, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        id,
        claimed.upload_id,
        claimed.platform_id,
        made.look,
        made.finding,
        claimed.verified_count,
        claimed.verified_stime,
        made.seen?.count ?? null,
        made.seen?.stime ?? null,
        differences?.count ?? null,
        differences?.hash ?? null,
        made.isTold,
        made.at,
      ],
    );
    await rows(
      tx,
      `insert into upload_look_path (look_id, position, path, problem)
       select $1, position, path, problem
         from unnest($2::text[], $3::text[]) with ordinality as differing (path, problem, position)`,
      [id, differences?.paths.map(({ path }) => path) ?? [], differences?.paths.map(({ problem }) => problem) ?? []],
    );
    if (next)
      await rows(
        tx,
        `update later_look set look = $2, due_at = $3, not_before = $3, failures = 0 where upload_id = $1`,
        [claimed.upload_id, next.look, next.dueAt],
      );
    else await rows(tx, 'delete from later_look where upload_id = $1', [claimed.upload_id]);
  }

  async hasFolders(tx: Tx, manifestId: string): Promise<boolean> {
    const found = await rows(tx, `select 1 from manifest_entry where manifest_id = $1 and type = 'directory' limit 1`, [
      manifestId,
    ]);
    return found.length > 0;
  }

  /** @param listing made with `ListedRows` */
  compare(manifestId: string, listing: AsyncIterable<Buffer>): Promise<Differences & { paths: DifferingPath[] }> {
    return compareListing(this.copies, { manifestId }, listing, async (client) => {
      // A sum does not ask for an order, and needs no room however many there are.
      const all = await client.query<{ count: number; hash: string | null }>(
        `select count(*)::int as count,
                sum(hashtextextended(jsonb_build_array(path, problem, size, crc32)::text, 0))::text as hash
           from difference`,
      );
      const paths = await client.query<DifferingPath>(
        'select path, problem from difference order by position limit $1',
        [KEPT_PATHS],
      );
      return { count: all.rows[0]?.count ?? 0, hash: all.rows[0]?.hash ?? null, paths: paths.rows };
    });
  }
}
