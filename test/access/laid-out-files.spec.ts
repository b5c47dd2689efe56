// The folders of a dispatched upload's files are there before anybody opens the page.

import { expect, it } from '@jest/globals';
import { dispatchTo } from '../support/dispatched.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf();

it('stand when the upload was dispatched, without a look', async () => {
  const { uploadId } = await dispatchTo(stage.program, ['ada']);
  const top = await until('the folders of the upload', async () => {
    const found = await stage.database.query<{ path: string; files: number }>(
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
