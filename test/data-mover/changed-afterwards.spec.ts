// An upload that was complete, and whose folder somebody has changed in Mediaflux since: whoever gives the same command again
// is told what the server has seen of that, and not only that all is as it was sent.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { writeTree } from '../support/files.js';
import { PROMPT } from '../support/stage.js';
import { look } from '../uploads/looked.js';
import { AnotherHand } from './another-hand.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
let anotherHand: AnotherHand;
let database: pg.Client;
beforeAll(async () => {
  stage = await Stage.open(PROMPT);
  anotherHand = new AnotherHand(stage);
  database = new pg.Client({ connectionString: stage.program.endpoints.database });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await anotherHand.close();
  await stage.close();
});

const CHANGED = /The folder in Mediaflux has changed since it was verified: .* different from the manifest 1\./g;

it.each([
  ['a command', []],
  ['a command that says little', ['--quiet']],
  ['a command that would only look', ['--dry-run']],
  ['a command that would only look, and says little', ['--dry-run', '--quiet']],
])('is told once by the same command again: %s', async (_, options) => {
  const folder = join(stage.work, `changed${options.join('')}`);
  writeTree(folder, { 'a.txt': 'verified', 'b.txt': 'untouched' });
  const run = (...more: string[]) =>
    stage.mover('upload', '--settings', stage.settings, '--to', 'aft@example.org', ...more, folder).finished;
  const first = await stage.mover('upload', '--settings', stage.settings, '--to', 'aft@example.org', '--json', folder)
    .finished;
  expect(first).toMatchObject({ code: 0 });
  const uploadId = String(eventsIn(first.stdout).find(({ event }) => event === 'done')?.['uploadId']);
  expect((await run(...options)).stderr).not.toContain('has changed since it was verified');
  await anotherHand.put(`${await anotherHand.newest()}/a.txt`, 'altered');
  expect(await look({ database }, uploadId)).toMatchObject({ finding: 'changed', differences: 1 });
  const again = await run(...options);
  expect(again.code).toBe(0);
  expect(again.stdout + again.stderr).toContain('This folder was uploaded before and has not changed since');
  expect(again.stderr.match(CHANGED)).toHaveLength(1);
});

it('is told also to whoever names somebody new, before that is refused', async () => {
  const folder = join(stage.work, 'changed-for-another');
  writeTree(folder, { 'a.txt': 'verified' });
  const first = await stage.upload(folder).finished;
  expect(first).toMatchObject({ code: 0 });
  const uploadId = String(eventsIn(first.stdout).find(({ event }) => event === 'done')?.['uploadId']);
  await anotherHand.destroy(`${await anotherHand.newest()}/a.txt`);
  expect(await look({ database }, uploadId)).toMatchObject({ finding: 'changed' });
  for (const more of [[], ['--dry-run']]) {
    const again = await stage.upload(folder, '--to', 'new@example.org', ...more).finished;
    expect(again.code).toBe(2);
    expect(again.stderr.match(CHANGED)).toHaveLength(1);
  }
});
