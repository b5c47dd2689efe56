// Paths of a manifest that cannot stand beside each other, or that Windows and macOS take for one: found in the database
// in sets, where what was noted while the lines came leaves a doubt.

import { folded } from './manifest.rules.js';
import { foldNumber, type PathFolds } from './path-folds.js';
import { ManifestFaulty } from '../uploads.errors.js';

const MOST_FAULTS = 20;
/** A million numbers, or folders, are grouped in it. */
const GROUPING_MEMORY = '64MB';
/**
 * Rows looked at for clashes: names that share a fold number, some of them by chance (of a million files and as many
 * folders some 230).
 */
const MOST_SUSPECTS = 5_000;
/** More than enough to name, and to tell of more. */
const MOST_FOLDER_CLASHES = 100;
const FOLDERS_AT_ONCE = 10_000;

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
 * A file whose path is a folder on other lines cannot be anywhere; one that folds like a folder clashes where case does
 * not count. Found by their fold numbers: only the program folds names as Windows and macOS do.
 * @throws ManifestFaulty
 */
async function folderClashes(client: Client, manifestId: string): Promise<string[]> {
  await client.query(FOLDERS.replaceAll('$1', `'${manifestId}'`));
  await numberFolders(client);
  const { rows } = await client.query<{ line: string; path: string; folder: string }>(
    `select file.line, file.path, folder.path as folder
       from folder_number folder
       join manifest_entry file
         on file.fold = folder.fold
      where file.manifest_id = $1
        and file.type = 'file'
      order by (file.path = folder.path) desc, file.line, folder.number
      limit ${MOST_SUSPECTS}`,
    [manifestId],
  );
  const same = rows.filter(({ path, folder }) => path === folder).slice(0, MOST_FAULTS);
  if (same.length > 0)
    throw new ManifestFaulty(
      same.map(({ line }) => ({ path: `line ${line}`, message: 'it is a file, and other lines have it as a folder' })),
    );
  // Of several folders that one file clashes with, the first is told.
  const clashes = new Map<string, string>();
  for (const { path, folder } of rows)
    if (folded(path) === folded(folder) && !clashes.has(path)) clashes.set(path, `“${path}” and “${folder}/”`);
  return [...clashes.values()].slice(0, MOST_FOLDER_CLASHES);
}

/** Every folder that a line lies in, once. */
const FOLDERS = `
  create temporary table folder_above on commit drop as
    with parent as (
           select distinct left(path, -strpos(reverse(path), '/')) as path
             from manifest_entry
            where manifest_id = $1
              and strpos(path, '/') > 0)
  select row_number() over (order by path collate "C") as number, path
    from (select distinct array_to_string(parts[1:depth], '/') as path
            from (select string_to_array(path, '/') as parts from parent) split
           cross join lateral generate_series(1, cardinality(parts)) as depth) folder`;

/** A part of them at a time: a million paths are no matter of memory then. */
async function numberFolders(client: Client): Promise<void> {
  await client.query('create temporary table folder_number (number bigint, path text, fold integer) on commit drop');
  await client.query('create index on folder_above (number)');
  for (let first = 1; ; first += FOLDERS_AT_ONCE) {
    const { rows } = await client.query<{ number: string; path: string }>(
      'select number, path from folder_above where number >= $1 and number < $2',
      [first, first + FOLDERS_AT_ONCE],
    );
    if (rows.length === 0) return;
    await client.query('insert into folder_number select * from unnest($1::bigint[], $2::text[], $3::integer[])', [
      rows.map(({ number }) => number),
      rows.map(({ path }) => path),
      rows.map(({ path }) => foldNumber(path)),
    ]);
  }
}
