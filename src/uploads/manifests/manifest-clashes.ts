// Paths of a manifest that cannot stand beside each other, or that Windows and macOS take for one: found in the database
// in sets, where what was noted while the lines came leaves a doubt.

import { folded } from './manifest.rules.js';
import type { PathFolds } from './path-folds.js';
import { ManifestFaulty } from '../uploads.errors.js';

const MOST_FAULTS = 20;
/** A million numbers, or folders, are grouped in it. */
const GROUPING_MEMORY = '64MB';
/** Rows looked at for clashes: names that share a fold number, some of them by chance. */
const MOST_SUSPECTS = 5_000;
/** More than enough to name, and to tell of more. */
const MOST_FOLDER_CLASHES = 100;

/** What COPY's connection is used for here. */
interface Client {
  query<Row>(sql: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
}

/**
 * Pairs of names, to be shown, that clash where case does not count; within the transaction that has loaded the lines.
 * @throws ManifestFaulty a path stands on two lines, or is a file on one and a folder on others
 */
export async function nameClashes(client: Client, manifestId: string, folds: PathFolds): Promise<string[]> {
  if (!folds.mayBeDoubled && !folds.mayHaveFileAsFolder) return [];
  await client.query(`set local work_mem = '${GROUPING_MEMORY}'; set local jit = off`);
  const clashes = folds.mayBeDoubled ? await caseClashes(client, manifestId) : [];
  if (folds.mayHaveFileAsFolder) clashes.push(...(await folderClashes(client, manifestId)));
  return clashes;
}

async function caseClashes(client: Client, manifestId: string): Promise<string[]> {
  await client.query(SUSPECTS.replaceAll('$1', `'${manifestId}'`));
  await refuseDoubled(client);
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

/**
 * A file whose path is a folder on other lines cannot be anywhere; one that differs from a folder by case clashes where
 * case does not count (of letters beyond ASCII that is not noticed here).
 * @throws ManifestFaulty
 */
async function folderClashes(client: Client, manifestId: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string; path: string; folder: string; is_same: boolean }>(
    `with parent as (
            select distinct left(path, -strpos(reverse(path), '/')) as path
              from manifest_entry
             where manifest_id = $1
               and strpos(path, '/') > 0),
          folder as (
            select distinct array_to_string(parts[1:depth], '/') collate "C" as path
              from (select string_to_array(path, '/') as parts from parent) split
             cross join lateral generate_series(1, cardinality(parts)) as depth)
     select file.line, file.path, min(folder.path) as folder, bool_or(folder.path = file.path) as is_same
       from folder
       join manifest_entry file
         on lower(file.path) = lower(folder.path)
      where file.manifest_id = $1
        and file.type = 'file'
      group by file.line, file.path
      order by is_same desc, file.line
      limit ${MOST_FOLDER_CLASHES}`,
    [manifestId],
  );
  const same = rows.filter((file) => file.is_same).slice(0, MOST_FAULTS);
  if (same.length > 0)
    throw new ManifestFaulty(
      same.map(({ line }) => ({ path: `line ${line}`, message: 'it is a file, and other lines have it as a folder' })),
    );
  return rows.map(({ path, folder }) => `“${path}” and “${folder}/”`);
}
