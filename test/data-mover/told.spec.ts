// What the Data Mover tells the server of its computer's clock, and what it tells the person of the server's answer.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { writeTree } from '../support/files.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await Stage.open();
  folder = join(stage.work, 'in');
  writeTree(folder, { 'a.txt': 'a' });
});
afterAll(() => stage.close());

const tokenIn = (settings: string): string => /<token>([^<]+)</.exec(readFileSync(settings, 'utf8'))?.[1] ?? '';

it('tells the time of its computer, so that a wrong clock is noticed', async () => {
  const finished = await stage.upload(folder).finished;
  expect(finished).toMatchObject({ code: 0 });
  const done = eventsIn(finished.stdout).find(({ event }) => event === 'done');
  const api = new Api(stage.program.endpoints.server, tokenIn(stage.settings));
  const upload = await api.expect<{ clientClockSkewSeconds: number | null }>(
    200,
    'GET',
    `/api/v1/uploads/${String(done?.['uploadId'])}`,
  );
  expect(Math.abs(upload.clientClockSkewSeconds ?? Infinity)).toBeLessThan(60);
});

it('tells in the server’s words that a shareable was revoked, and ends with 3', async () => {
  const { admin } = stage.program;
  const { items } = await admin.expect<{ items: { id: string }[] }>(
    200,
    'GET',
    `/api/v1/admin/platforms/${stage.platformId}/shareables`,
  );
  await admin.expect(200, 'POST', `/api/v1/admin/shareables/${items[0]?.id ?? ''}/revoke`, { stopRunning: true });
  const refused = await stage.upload(folder, '--again').finished;
  expect(refused).toMatchObject({ code: 3 });
  expect(`${refused.stdout}${refused.stderr}`).toMatch(/revoked[^]*desk@example\.org/);
});
