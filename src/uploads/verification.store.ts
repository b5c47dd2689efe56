// Verification in sets: the listing streams into a table, one statement finds every difference.

import { Inject, Injectable } from '@nestjs/common';
import { CopyStreams, type CopyValue, row, rows, type Tx } from '../database/index.js';

export interface VerifiedUpload {
  id: string;
  data_namespace: string;
  folder_namespace: string;
  manifest_id: string;
}

const LEASE_SECONDS = 15;

@Injectable()
export class VerificationStore {
  constructor(@Inject(CopyStreams) private readonly copies: CopyStreams) {}

  /** Takes the upload for verification; undefined when another worker has it or it is not being verified. */
  claim(tx: Tx, uploadId: string): Promise<VerifiedUpload | undefined> {
    return row<VerifiedUpload>(
      tx,
      `update upload
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = $1
          and state = 'verifying'
          and (lease_until is null or lease_until < now())
    returning id, data_namespace, folder_namespace, manifest_id`,
      [uploadId],
    );
  }

  async renew(tx: Tx, uploadId: string): Promise<void> {
    await rows(
      tx,
      `update upload set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) where id = $1 and state = 'verifying'`,
      [uploadId],
    );
  }

  async release(tx: Tx, uploadId: string): Promise<void> {
    await rows(tx, `update upload set lease_until = null where id = $1`, [uploadId]);
  }

  /** Uploads being verified by nobody. */
  async abandonedVerifications(tx: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select id
         from upload
        where state = 'verifying'
          and (lease_until is null or lease_until < now())
        order by id
        limit 100`,
    );
    return found.map((upload) => upload.id);
  }

  /** Replaces the listing of the upload; resolves to the number of files in it. */
  async load(uploadId: string, listing: AsyncIterable<readonly CopyValue[]>): Promise<number> {
    return this.copies.load(
      'listing_incoming',
      ['path', 'type', 'size', 'crc32'],
      listing,
      async (client) => {
        await client.query('delete from listing_entry where upload_id = $1', [uploadId]);
        await client.query(
          `insert into listing_entry (upload_id, path, type, size, crc32) select $1, path, type, size, crc32 from listing_incoming`,
          [uploadId],
        );
        const counted = await client.query<{ files: string }>(
          `select count(*) as files from listing_incoming where type = 'file'`,
        );
        return Number(counted.rows[0]?.files ?? 0);
      },
      'create temporary table listing_incoming (path text collate "C", type text, size bigint, crc32 text) on commit drop',
    );
  }

  async forget(tx: Tx, uploadId: string): Promise<void> {
    await rows(tx, 'delete from listing_entry where upload_id = $1', [uploadId]);
  }

  /** Writes every difference; resolves to how many there are. See `comparison.rules.ts`. */
  async findMismatches(tx: Tx, uploadId: string, manifestId: string): Promise<number> {
    await rows(tx, 'delete from upload_mismatch where upload_id = $1', [uploadId]);
    const found = await row<{ count: number }>(
      tx,
      `with compared as (
         select coalesce(m.path, l.path) as path,
                case
                  when m.path is null then case when l.type = 'file' then 'unexpected' end
                  when l.path is null or l.type <> m.type then 'missing'
                  when m.type = 'directory' then null
                  when m.size = 0 and l.size is null then null
                  when l.size is null then 'unverifiable'
                  when l.size <> m.size then 'size'
                  when l.crc32 is null then case when m.size = 0 then null else 'unverifiable' end
                  when l.crc32 <> m.crc32 then 'checksum'
                end as problem
           from (select * from manifest_entry where manifest_id = $2) m
           full join (select * from listing_entry where upload_id = $1) l
             on l.path = m.path
       ),
       written as (
         insert into upload_mismatch (upload_id, position, path, problem)
         select $1, row_number() over (order by path, problem), path, problem
           from (select path, min(problem) as problem from compared where problem is not null group by path) different
         returning 1
       )
       select count(*) as count from written`,
      [uploadId, manifestId],
    );
    return found?.count ?? 0;
  }
}
