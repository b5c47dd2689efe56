// The empty folders that a manifest names, and where Mediaflux is asked for them.

import { rows, type Tx } from '../../database/index.js';

const LINES_AT_ONCE = 1_000;
/** A folder that comes again after so many others is asked about once more, which changes nothing. */
const REMEMBERED = 1_000;

/** The folders in which a manifest names empty ones, relative, '' for the top; some at a time, seldom one twice. */
export async function* parentsOfNamedFolders(tx: Tx, manifestId: string): AsyncGenerator<string[]> {
  const told = new Set<string>();
  for (let after: number | undefined = 0; after !== undefined;) {
    const found: { line: number; path: string }[] = await rows<{ line: number; path: string }>(
      tx,
      `select line, path
         from manifest_entry
        where manifest_id = $1
          and line > $2::bigint
          and type = 'directory'
        order by line
        limit ${LINES_AT_ONCE}`,
      [manifestId, after],
    );
    const parents = new Set(found.map(({ path }) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))));
    yield [...parents].filter((parent) => !told.has(parent));
    if (told.size > REMEMBERED) told.clear();
    for (const parent of parents) told.add(parent);
    after = found.length < LINES_AT_ONCE ? undefined : found.at(-1)?.line;
  }
}
