// The folders of a dispatched upload's files are there before anybody opens the page.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';
import { until } from '../support/wait.js';

let program: Program;
let database: pg.Client;
beforeAll(async () => {
  program = await Program.start();
  database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await program.stop();
});

it('stand when the upload was dispatched, without a look', async () => {
  const { uploadId } = await dispatchTo(program, ['ada']);
  const top = await until('the folders of the upload', async () => {
    const found = await database.query<{ path: string; files: number }>(
      `select f.path, f.files
         from manifest_folder f
         join upload u on u.manifest_id = f.manifest_id
        where u.id = $1`,
      [uploadId],
    );
    return found.rows.length > 0 ? found.rows : undefined;
  });
  expect(top).toEqual([{ path: '', files: '2' }]);
});
