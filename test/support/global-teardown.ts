// What a test run made goes with it: its PostgreSQL, its folders, and the clusters that root has elsewhere.

import { removeFolders } from './folders.js';

export default async function teardown(): Promise<void> {
  await globalThis.stopTestPostgres?.();
  const folder = process.env['TEST_FOLDERS'];
  if (folder !== undefined) removeFolders(folder);
}
