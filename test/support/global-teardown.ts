// What a test run made goes with it: its PostgreSQL, its folders, and the clusters that root has elsewhere.

import { lstatSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export default async function teardown(): Promise<void> {
  await globalThis.stopTestPostgres?.();
  const folder = process.env['TEST_FOLDERS'];
  if (folder === undefined) return;
  for (const dataDir of [folder, ...readdirSync(folder).map((name) => join(folder, name))]) removeCluster(dataDir);
  rmSync(folder, { recursive: true, force: true });
}

/** As root, a data folder holds a link to its cluster. */
function removeCluster(dataDir: string): void {
  const link = join(dataDir, 'postgres');
  try {
    if (lstatSync(link).isSymbolicLink()) rmSync(realpathSync(link), { recursive: true, force: true });
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
