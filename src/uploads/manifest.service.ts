// Takes a manifest as a stream of lines: one pass, memory that does not grow with it, all or nothing.

import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import { ClientStreams } from '../database/index.js';
import { Ids } from '../ids/index.js';
import { MANIFEST_COLUMNS, manifestRows, type ManifestTotals } from './manifest-lines.js';
import { begun, pacedParts } from './manifest-pace.js';
import { folded } from './manifest.rules.js';
import { windowsWarning } from './windows-names.rules.js';
import { ManifestCut, ManifestFaulty, UploadNotInState } from './uploads.errors.js';

/** Of one shareable: a token that many clients use, or a thief, takes a part of the connections only. */
const AT_ONCE = 2;
const MOST_FAULTS = 20;
/** A million numbers are grouped in it. */
const GROUPING_MEMORY = '64MB';
const MOST_CLASHES_NAMED = 5;
/** Rows looked at for clashes: names that share a fold number, some of them by chance. */
const MOST_SUSPECTS = 5_000;
/** Files that share a fold number with a folder: a handful by chance, or a manifest that is wrong throughout. */
const MOST_FOLDER_SUSPECTS = 100;

/** What COPY's connection is used for here. */
interface Client {
  query<Row>(sql: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
}

@Injectable()
export class ManifestService {
  private readonly turns = new Map<string, LimitFunction>();

  constructor(
    @Inject(ClientStreams) private readonly copies: ClientStreams,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  /**
   * Replaces the upload's manifest. What is wrong is told by line number, and the former manifest stands.
   * No connection to the database is taken before a part of it, or all, is here, and two at once for a shareable.
   * @throws ManifestFaulty, ManifestCut, ManifestSlow, UploadNotInState
   */
  async replace(uploadId: string, shareableId: string, body: Readable): Promise<void> {
    try {
      const parts = await begun(pacedParts(body));
      await this.inTurn(shareableId, () => this.load(uploadId, parts));
    } catch (error) {
      if (body.destroyed && !body.readableEnded) throw new ManifestCut({ cause: error });
      // What is left is read and dropped: a connection that is closed meanwhile would lose the answer.
      body.resume();
      throw error;
    }
  }

  private async inTurn(shareableId: string, work: () => Promise<void>): Promise<void> {
    const turns = this.turns.get(shareableId) ?? pLimit(AT_ONCE);
    this.turns.set(shareableId, turns);
    try {
      await turns(work);
    } finally {
      if (turns.activeCount + turns.pendingCount === 0) this.turns.delete(shareableId);
    }
  }

  private async load(uploadId: string, body: AsyncIterable<Buffer>): Promise<void> {
    const manifestId = this.ids.next();
    const totals = { files: 0, bytes: 0, folders: new Set<number>(), notForWindows: { count: 0, examples: [] } };
    await this.copies.load(
      'manifest_entry',
      MANIFEST_COLUMNS,
      manifestRows(manifestId, body, totals),
      async (client) => {
        mustHoldFiles(totals);
        await client.query(`set local work_mem = '${GROUPING_MEMORY}'; set local jit = off`);
        await client.query(SUSPECTS.replaceAll('$1', `'${manifestId}'`));
        await refuseDoubled(client);
        const ofFolders = await folderClashes(client, manifestId, totals.folders);
        const clashes = [...(await caseClashes(client)), ...ofFolders];
        const { count, examples } = totals.notForWindows;
        const warnings = [...clashWarnings(clashes), ...windowsWarning(count, examples)];
        const upload = await client.query<{ state: string; manifest_id: string | null }>(
          'select state, manifest_id from upload where id = $1 for update',
          [uploadId],
        );
        const former = upload.rows[0];
        if (former?.state !== 'open' && former?.state !== 'mismatch') {
          throw new UploadNotInState(former?.state ?? 'gone', 'its manifest can no longer be changed');
        }
        await client.query(
          `update upload
            set manifest_id = $2, files = $3, bytes = $4, manifest_warnings = $5,
                names_not_for_windows = $6, last_progress_at = now()
          where id = $1`,
          [uploadId, manifestId, totals.files, totals.bytes, warnings, count + clashes.length],
        );
        if (former.manifest_id !== null)
          await client.query('delete from manifest_entry where manifest_id = $1', [former.manifest_id]);
      },
    );
  }
}

function mustHoldFiles({ files, bytes }: ManifestTotals): void {
  if (files === 0) throw new ManifestFaulty([{ path: 'line 1', message: 'there is no file in it' }]);
  if (!Number.isSafeInteger(bytes))
    throw new ManifestFaulty([{ path: 'line 1', message: 'the sizes add up to more than 2^53 bytes' }]);
}

/** Entries whose path another one's may equal, but for case: those that share its fold number. A handful by chance. */
const SUSPECTS = `
  create temporary table suspect on commit drop as
  select m.line, m.path, m.fold
    from manifest_entry m
    join (select fold
            from manifest_entry
           where manifest_id = $1
           group by fold
          having count(*) > 1) shared
      on shared.fold = m.fold
   where m.manifest_id = $1`;

async function refuseDoubled(client: Client): Promise<void> {
  const doubled = await client.query<{ line: string }>(
    `select line
       from (select line, row_number() over (partition by path order by line) as place from suspect) placed
      where place > 1
      order by line
      limit ${MOST_FAULTS}`,
  );
  if (doubled.rows.length > 0)
    throw new ManifestFaulty(
      doubled.rows.map(({ line }) => ({ path: `line ${line}`, message: 'its path stands on an earlier line too' })),
    );
}

async function caseClashes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ path: string }>(
    `select path from suspect order by fold, line limit ${MOST_SUSPECTS}`,
  );
  const firsts = new Map<string, string>();
  const clashes: string[] = [];
  for (const { path } of rows) {
    const first = firsts.get(folded(path));
    if (first === undefined) firsts.set(folded(path), path);
    else clashes.push(`“${first}” and “${path}”`);
  }
  return clashes;
}

function clashWarnings(clashes: readonly string[]): string[] {
  if (clashes.length === 0) return [];
  const named = clashes.slice(0, MOST_CLASHES_NAMED);
  const more = clashes.length - named.length;
  return [
    `Windows and macOS take these names for one and the same, so that only one of them can be fetched there: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  ];
}

/**
 * A file whose path is a folder on other lines cannot be anywhere; one that differs from a folder by case clashes where
 * case does not count (of letters beyond ASCII that is not noticed here).
 * @throws ManifestFaulty
 */
async function folderClashes(client: Client, manifestId: string, folders: ReadonlySet<number>): Promise<string[]> {
  if (folders.size === 0) return [];
  const { rows } = await client.query<{ line: string; path: string; is_same: boolean; folder: string | null }>(
    `with file as (
       select line, path
         from manifest_entry
        where manifest_id = $1
          and type = 'file'
          and fold = any($2::int[])
        order by line
        limit ${MOST_FOLDER_SUSPECTS})
     select line, path, is_same,
            case when not is_same then (
              select substring(m.path for length(file.path))
                from manifest_entry m
               where m.manifest_id = $1
                 and starts_with(lower(m.path), lower(file.path) || '/')
               limit 1) end as folder
       from file
      cross join lateral (
            select exists (
                     select 1
                       from manifest_entry m
                      where m.manifest_id = $1
                        and starts_with(m.path, file.path || '/')) as is_same) found
      order by line`,
    [manifestId, [...folders]],
  );
  const same = rows.filter((file) => file.is_same).slice(0, MOST_FAULTS);
  if (same.length > 0)
    throw new ManifestFaulty(
      same.map(({ line }) => ({ path: `line ${line}`, message: 'it is a file, and other lines have it as a folder' })),
    );
  return rows.flatMap(({ path, folder }) => (folder === null ? [] : [`“${path}” and “${folder}/”`]));
}
