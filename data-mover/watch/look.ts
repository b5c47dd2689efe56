// A look at a watched folder: its datasets, and a fingerprint of each that changes with anything in it.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { walk } from '../tree/walk.js';

/** Names of the folders directly in it; hidden ones are no datasets. */
export const datasetsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();

export async function lookAt(dataset: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const found of walk([dataset], { signal }))
    hash.update(
      found.kind === 'file' ? `${found.path}\0${found.size}\0${found.modifiedMs}\n` : `${found.kind} ${found.path}\n`,
    );
  return hash.digest('hex').slice(0, 32);
}

export const hasFile = (dataset: string, name: string): boolean => existsSync(join(dataset, name));
