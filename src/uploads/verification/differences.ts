// A listing of Mediaflux against the lines of a manifest, as one statement. See `comparison.rules.ts`.

import type pg from 'pg';
import type { CopyStreams } from '../../database/index.js';
import { PROBLEMS } from './comparison.rules.js';

/** A hash table may take twice as much: a million short paths fit, of more or longer ones a part lies in files. */
const JOIN_MEMORY = '48MB';

export interface Compared {
  manifestId: string;
  /** Compares empty folders only. */
  folders?: 'only' | undefined;
}

/**
 * Loads the listing and runs `finish` in the same transaction, where the table `difference` has a row for each path
 * that differs: `position` in their order from 1, `path`, `problem`, and `size` and `crc32` of what Mediaflux holds
 * there, null where it holds nothing.
 * @param listing made with `ListedRows`
 */
export function compareListing<T>(
  copies: CopyStreams,
  compared: Compared,
  listing: AsyncIterable<Buffer>,
  finish: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  return copies.load(
    'listing',
    ['path', 'type', 'size', 'crc32'],
    listing,
    async (client) => {
      // Without numbers of its own the listing would be taken for small, and both sides be sorted.
      await client.query(`set local work_mem = '${JOIN_MEMORY}'; set local jit = off; analyze listing (path)`);
      await client.query(`create temporary table difference on commit drop as ${differences(compared)}`);
      return finish(client);
    },
    'create temporary table listing (path text collate "C", type text, size bigint, crc32 text) on commit drop',
  );
}

const ORDER = `array['${PROBLEMS.join(`', '`)}']`;

/** Ids are put in as text: a table cannot be made with parameters. */
const differences = ({ manifestId, folders }: Compared): string => `
  with compared as (
    select coalesce(m.path, l.path) as path, l.size, l.crc32,
           case
             when l.path is null then 'missing'
             when m.path is null then case when l.type = 'file' then 'unexpected' end
             when m.type = 'directory' then null
             when m.size = 0 and l.size is null then null
             when l.size is null then 'unverifiable'
             when l.size <> m.size then 'size'
             when l.crc32 is null then case when m.size = 0 then null else 'unverifiable' end
             when l.crc32 <> m.crc32 then 'checksum'
           end as problem
      from (select path, type, size, crc32
              from manifest_entry
             where manifest_id = '${checkedId(manifestId)}'${folders ? ` and type = 'directory'` : ''}) m
      full join listing l
        on l.path = m.path
       and l.type = m.type
  )
  select row_number() over (order by path) as position, path,
         (${ORDER})[min(array_position(${ORDER}, problem))] as problem, max(size) as size, max(crc32) as crc32
    from compared
   where problem is not null
   group by path`;

function checkedId(id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('An id is none.');
  return id;
}
