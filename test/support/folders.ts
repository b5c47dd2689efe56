// Folders of tests and measurements. They lie where user `postgres` can walk to, so that a cluster lies in them.

import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the folders of one worker's test file are; what its earlier files left there is removed first. */
let ofThisFile: string | undefined;

export function freshFolder(): string {
  const ofTheRun = process.env['TEST_FOLDERS'];
  if (ofTheRun !== undefined && ofThisFile === undefined) {
    const mine = join(ofTheRun, `worker-${process.env['JEST_WORKER_ID'] ?? 'alone'}`);
    removeFolders(mine);
    mkdirSync(mine, { mode: 0o711 });
    ofThisFile = mine;
  }
  const folder = mkdtempSync(join(ofThisFile ?? tmpdir(), 'dispatch-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Also clusters that root has elsewhere: of the folder, and of the folders in it. */
export function removeFolders(folder: string): void {
  removeClusters(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** As root, a data folder that user `postgres` cannot reach holds a link to its cluster. */
function removeClusters(folder: string): void {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return;
  const link = join(folder, 'postgres');
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) rmSync(realpathSync(link), { recursive: true, force: true });
  if (found === undefined) for (const name of readdirSync(folder)) removeClusters(join(folder, name));
}
