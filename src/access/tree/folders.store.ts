// The folders of a manifest, so that a million files can be looked at folder by folder: what is below each, and on which
// lines its own files stand. Made once, after its upload was dispatched or when somebody looks first; a manifest whose
// upload is complete never changes.

import { Injectable } from '@nestjs/common';
import { prepared, preparedRows, row, rows, type Tx } from '../../database/index.js';

export interface Folder {
  number: number;
  /** Empty for the top. */
  path: string;
  /** Files below it at any depth, and their bytes. */
  files: number;
  bytes: number;
}

export interface OwnFile {
  line: number;
  path: string;
  size: number;
}

@Injectable()
export class FoldersStore {
  find(tx: Tx, manifestId: string, path: string): Promise<Folder | undefined> {
    return row<Folder>(
      tx,
      `select number, path, files, bytes
         from manifest_folder
        where manifest_id = $1
          and md5(path) = md5($2)
          and path = $2`,
      [manifestId, path],
    );
  }

  /** A folder with the first `limit` of its folders. */
  async findWithFolders(
    tx: Tx,
    manifestId: string,
    path: string,
    limit: number,
  ): Promise<{ folder: Folder; folders: Folder[] } | undefined> {
    const found = await preparedRows<Folder>(tx, WITH_FOLDERS, [manifestId, path, limit]);
    // Parts of a union come in no order that PostgreSQL promises; a folder has a lower number than what is in it.
    const [folder, ...folders] = found.sort((left, right) => left.number - right.number);
    return folder && { folder, folders };
  }

  /** Folders directly in `parent`, by the bytes of their names. @param after the number of the last one seen */
  foldersIn(tx: Tx, manifestId: string, parent: Folder, after: number, limit: number): Promise<Folder[]> {
    return rows<Folder>(
      tx,
      `select number, path, files, bytes
         from manifest_folder
        where manifest_id = $1
          and parent = $2
          and number > $3
        order by number
        limit $4::int`,
      [manifestId, parent.number, after, limit],
    );
  }

  /** Files directly in `folder`, as the manifest has them. Reads no lines of other folders. @param after the line of the last one seen */
  filesIn(tx: Tx, manifestId: string, folder: Folder, after: number, limit: number): Promise<OwnFile[]> {
    return preparedRows<OwnFile>(tx, FILES_IN, [manifestId, folder.number, after, limit]);
  }

  /** One pass over the manifest, once: whoever comes at the same time waits and finds it done. */
  async make(tx: Tx, manifestId: string): Promise<void> {
    await rows(tx, `select pg_advisory_xact_lock(hashtextextended('manifest-folders:' || $1, 0))`, [manifestId]);
    if (await this.find(tx, manifestId, '')) return;
    await rows(tx, `set local work_mem = '64MB'`);
    await rows(tx, `set local jit = off`);
    await rows(tx, MAKE, [manifestId]);
  }
}

const WITH_FOLDERS = prepared(
  `with folder as materialized (
         select number, path, files, bytes
           from manifest_folder
          where manifest_id = $1
            and md5(path) = md5($2)
            and path = $2)
   select number, path, files, bytes
     from folder
    union all
  (select number, path, files, bytes
     from manifest_folder
    where manifest_id = $1
      and parent = (select number from folder)
    order by number
    limit $3::int)`,
);

/** Rows of `OwnFile`. All arguments are SQL. */
const ownFiles = (manifestId: string, folder: string, after: string, limit: string): string => `
   select own.line, own.path, own.size
     from (select first_line, last_line
             from manifest_run
            where manifest_id = ${manifestId}
              and folder = ${folder}
              and last_line > ${after}
            order by first_line) run
    cross join lateral (
          select line, path, size
            from manifest_entry
           where manifest_id = ${manifestId}
             and line between greatest(run.first_line, ${after} + 1) and run.last_line
             and type = 'file'
           order by line
           limit ${limit}) own
    order by run.first_line, own.line
    limit ${limit}`;

const FILES_IN = prepared(ownFiles('$1', '$2', '$3::bigint', '$4::int'));

const FOLDER_AS_JSON = `json_build_object('number', number, 'path', path, 'files', files, 'bytes', bytes)`;

/** The top of a tree with what stands directly in it, no more of either than was asked for. */
export interface TopOfTree {
  folder: Folder;
  folders: Folder[];
  files: OwnFile[];
}

/** The top comes before all other folders. */
const TOP = 1;

/**
 * SQL of one `TopOfTree` as JSON, to be joined laterally; no row while the folders are not made.
 *
 * @param manifestId SQL
 */
export const topOfTree = (manifestId: string, limit: number): string => `
  select json_build_object(
           'folder', ${FOLDER_AS_JSON},
           'folders', array(
             select ${FOLDER_AS_JSON}
               from manifest_folder
              where manifest_id = ${manifestId}
                and parent = ${TOP}
              order by number
              limit ${limit}),
           'files', array(
             select json_build_object('line', line, 'path', path, 'size', size)
               from (${ownFiles(manifestId, String(TOP), '0', String(limit))}) files)) as tree
    from manifest_folder
   where manifest_id = ${manifestId}
     and number = ${TOP}`;

/** What stands before the last slash, or nothing. */
const FOLDER_OF = `case strpos(path, '/') when 0 then '' else left(path, -strpos(reverse(path), '/')) end`;

const MAKE = `
  with file as (
         select line, size, ${FOLDER_OF} as folder
           from manifest_entry
          where manifest_id = $1::uuid
            and type = 'file'),
       placed as (
         select line, size, folder, folder is distinct from lag(folder) over (order by line) as begins
           from file),
       numbered as (
         select line, size, folder, count(*) filter (where begins) over (order by line) as run
           from placed),
       run as materialized (
         select folder, min(line) as first_line, max(line) as last_line, count(*) as files, sum(size) as bytes
           from numbered
          group by run, folder),
       own as (
         select folder, sum(files) as files, sum(bytes) as bytes from run group by folder
          union all
         select path, 0, 0 from manifest_entry where manifest_id = $1::uuid and type = 'directory'),
       below as (
         select array_to_string(parts[1:depth], '/') collate "C" as path, sum(files) as files, sum(bytes) as bytes
           from (select string_to_array(folder, '/') as parts, files, bytes from own) split
          cross join lateral generate_series(0, cardinality(parts)) as depth
          group by 1),
       folder as materialized (
         select row_number() over (order by path)::int as number, path, files, bytes, ${FOLDER_OF} as above
           from below),
       made as (
         insert into manifest_folder (manifest_id, number, parent, path, files, bytes)
         select $1::uuid, f.number, p.number, f.path, f.files, f.bytes
           from folder f
           left join folder p on p.path = f.above and f.path <> '')
  insert into manifest_run (manifest_id, folder, first_line, last_line)
  select $1::uuid, f.number, r.first_line, r.last_line
    from run r
    join folder f on f.path = r.folder`;
