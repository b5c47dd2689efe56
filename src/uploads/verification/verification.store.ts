// Verification in sets: the listing streams into a table, one statement finds every difference. A worker's writes carry
// the number of its attempt, so that one that was thought dead changes nothing.

import { Inject, Injectable } from '@nestjs/common';
import { CopyStreams, row, rows, type Tx } from '../../database/index.js';
import { compareListing } from './differences.js';

export interface VerifiedUpload {
  id: string;
  data_namespace: string;
  folder_namespace: string;
  manifest_id: string;
  attempt: number;
  /** The manifest has lines for empty folders. */
  has_folders: boolean;
}

export class VerificationLost extends Error {
  constructor() {
    super('Another worker has taken this verification over, or its upload was given up.');
  }
}

const LEASE_SECONDS = 15;

@Injectable()
export class VerificationStore {
  constructor(@Inject(CopyStreams) private readonly copies: CopyStreams) {}

  /** Takes the upload for verification; undefined when another worker has it, it is not its time yet, or it is not being verified. */
  claim(tx: Tx, uploadId: string): Promise<VerifiedUpload | undefined> {
    return row<VerifiedUpload>(
      tx,
      `update upload
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
              verification_attempt = verification_attempt + 1
        where id = $1
          and state = 'verifying'
          and (lease_until is null or lease_until < now())
          and (verification_retry_at is null or verification_retry_at <= now())
    returning id, data_namespace, folder_namespace, manifest_id, verification_attempt as attempt,
              -- Where the last line has the number of files, every line is a file: no need to look at all.
              case when files = (select max(m.line) from manifest_entry m where m.manifest_id = upload.manifest_id)
                   then false
                   else exists (select 1 from manifest_entry m
                                 where m.manifest_id = upload.manifest_id and m.type = 'directory')
              end as has_folders`,
      [uploadId],
    );
  }

  /** False when it is no longer this worker's. */
  async renew(tx: Tx, upload: VerifiedUpload): Promise<boolean> {
    const kept = await rows(
      tx,
      `update upload
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = $1
          and state = 'verifying'
          and verification_attempt = $2
    returning id`,
      [upload.id, upload.attempt],
    );
    return kept.length > 0;
  }

  async release(tx: Tx, upload: VerifiedUpload): Promise<void> {
    await rows(tx, `update upload set lease_until = null where id = $1 and verification_attempt = $2`, [
      upload.id,
      upload.attempt,
    ]);
  }

  /** What was seen once the credential was destroyed. @throws VerificationLost */
  async matched(tx: Tx, upload: VerifiedUpload, seen: { count: number; stime: number }): Promise<void> {
    const noted = await rows(
      tx,
      `update upload
          set credential_destroyed_at = now(), matched_count = $3, matched_stime = $4
        where id = $1
          and state = 'verifying'
          and verification_attempt = $2
    returning id`,
      [upload.id, upload.attempt, seen.count, seen.stime],
    );
    if (noted.length === 0) throw new VerificationLost();
  }

  /** Uploads being verified by nobody whose time has come. */
  async abandonedVerifications(tx: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select id
         from upload
        where state = 'verifying'
          and (lease_until is null or lease_until < now())
          and (verification_retry_at is null or verification_retry_at <= now())
        order by id
        limit 100`,
    );
    return found.map((upload) => upload.id);
  }

  /**
   * Compares a listing with the manifest and records every difference; resolves to how many there are.
   * See `comparison.rules.ts`.
   * @param listing made with `ListedRows`
   * @param folders compares empty folders only
   * @throws VerificationLost
   */
  async compare(upload: VerifiedUpload, listing: AsyncIterable<Buffer>, folders?: 'only'): Promise<number> {
    return compareListing(this.copies, { manifestId: upload.manifest_id, folders }, listing, async (client) => {
      // Only now the upload's row is held, so that the lease can be renewed while the two are compared.
      const mine = await client.query(
        `select 1 from upload where id = $1 and state = 'verifying' and verification_attempt = $2 for update`,
        [upload.id, upload.attempt],
      );
      if (mine.rows.length === 0) throw new VerificationLost();
      await client.query('delete from upload_mismatch where upload_id = $1', [upload.id]);
      const written = await client.query(
        `insert into upload_mismatch (upload_id, position, path, problem)
         select $1, position, path, problem from difference`,
        [upload.id],
      );
      return written.rowCount ?? 0;
    });
  }
}
