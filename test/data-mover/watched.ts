// A watched folder as a test sees it: what is told of its datasets.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/wait.js';
import type { Stage } from './stage.js';

export interface Status {
  dataset: string;
  state: string;
  message?: string;
  attempts?: number;
  folder?: string;
  absentSince?: string;
  changedAt?: string;
}

export interface KnownUpload {
  id: string;
  folder: string;
  state: string;
  files: number;
}

export async function statusOf(stage: Stage, folder: string, dataset: string): Promise<Status | undefined> {
  const { stdout } = await stage.mover('watch', '--status', '--json', folder).finished;
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Status).find((status) => status.dataset === dataset);
}

/** When something was noted of datasets last. */
const notesAt = ({ state }: Stage): string =>
  (existsSync(state) ? readdirSync(state, { recursive: true, encoding: 'utf8' }) : [])
    .filter((path) => path.endsWith('datasets.json'))
    .map((path) => `${path} ${statSync(join(state, path), { throwIfNoEntry: false })?.mtimeMs ?? ''}`)
    .join('\n');

/** Asks for the status each time that something was noted, and now and then: every question is a process. */
export async function toBecome(stage: Stage, folder: string, dataset: string, state: string): Promise<Status> {
  const look = { noted: '', again: 0 };
  return until(`${dataset} being ${state}`, async () => {
    if (look.noted === notesAt(stage) && performance.now() < look.again) return undefined;
    Object.assign(look, { noted: notesAt(stage), again: performance.now() + 2_000 });
    const status = await statusOf(stage, folder, dataset);
    return status?.state === state ? status : undefined;
  });
}

export async function uploadsOf(stage: Stage): Promise<KnownUpload[]> {
  const found = await stage.program.admin.expect<{ items: KnownUpload[] }>(
    200,
    'GET',
    '/api/v1/admin/uploads?limit=1000',
  );
  return found.items;
}
