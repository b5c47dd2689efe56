// The statement that verifies and the rule agree for every manifest line and whatever Mediaflux holds at its path.

import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { compare, type Expected, type Held } from '../../src/uploads/verification/comparison.rules.js';
import { type Listed, ListedRows } from '../../src/uploads/verification/listed-rows.js';
import { VerificationLost, VerificationStore } from '../../src/uploads/verification/verification.store.js';
import { insert, makePlatform, makeUpload } from '../support/make.js';
import { copiedRows } from './copied.js';

const copied = copiedRows();

const sums = ['00000000', '1a2b3c4d', null];
const sizes = [0, 12, 13, null];
const folder: Held = { type: 'directory', size: null, crc32: null };
const files = sizes.flatMap((size) => sums.map((crc32): Held => ({ type: 'file', size, crc32 })));
/** What a path may hold: nothing, one, a folder and a file of one name, or a file that was listed twice while it changed. */
const helds: Held[][] = [
  [],
  [folder],
  ...files.map((file) => [file]),
  ...files.map((file) => [folder, file]),
  ...files.flatMap((first) => files.map((second) => [first, second])),
];
const expecteds: (Expected | undefined)[] = [
  undefined,
  { type: 'directory', size: 0, crc32: null },
  { type: 'file', size: 0, crc32: '00000000' },
  { type: 'file', size: 12, crc32: '1a2b3c4d' },
];

async function* rowsOf(listing: readonly Listed[]): AsyncGenerator<Buffer> {
  const listed = new ListedRows();
  for (const one of listing) {
    listed.add(one);
    yield listed.take();
  }
  yield listed.end();
}

it('finds the same problem as the rule for whatever a line says and a path holds', async () => {
  const { dataSource } = copied.database;
  const manifestId = randomUUID();
  const uploadId = await makeUpload(dataSource, await makePlatform(dataSource));
  const pairs = expecteds
    .flatMap((expected) => helds.map((held) => ({ expected, held })))
    .map((pair, index) => ({ ...pair, path: `d'ir\\/ü ${index}\t.tif` }));
  for (const [line, { expected, path }] of pairs.entries()) {
    if (expected)
      await insert(dataSource, 'manifest_entry', {
        manifest_id: manifestId,
        line,
        path,
        type: expected.type,
        size: expected.size,
        crc32: expected.crc32,
      });
  }
  await dataSource.query(`update upload set state = 'verifying', completed_at = null, manifest_id = $2 where id = $1`, [
    uploadId,
    manifestId,
  ]);
  const store = new VerificationStore(copied.copies);
  const upload = await store.claim(dataSource.manager, uploadId);
  if (!upload) throw new Error('The upload was not taken for verification.');
  expect(upload.has_folders).toBe(true);
  const expected = pairs.flatMap(({ expected: line, held, path }) => {
    const problem = compare(line, held);
    return problem === undefined ? [] : [{ path, problem }];
  });
  const count = await store.compare(
    upload,
    rowsOf(pairs.flatMap(({ held, path }) => held.map((one) => ({ path, ...one })))),
  );
  const found = await dataSource.query<{ path: string; problem: string }[]>(
    'select path, problem from upload_mismatch where upload_id = $1',
    [uploadId],
  );
  const byPath = (left: { path: string }, right: { path: string }): number => (left.path < right.path ? -1 : 1);
  expect(found.sort(byPath)).toEqual(expected.sort(byPath));
  expect(count).toBe(expected.length);
  expect(new Set(expected.map(({ problem }) => problem))).toEqual(
    new Set(['missing', 'unexpected', 'size', 'checksum', 'unverifiable']),
  );
});

it('takes nothing from a worker whose verification another one has taken over', async () => {
  const { dataSource } = copied.database;
  const uploadId = await makeUpload(dataSource, await makePlatform(dataSource), {
    state: 'verifying',
    completed_at: null,
    manifest_id: randomUUID(),
  });
  const store = new VerificationStore(copied.copies);
  const first = await store.claim(dataSource.manager, uploadId);
  expect(await store.claim(dataSource.manager, uploadId)).toBeUndefined();
  await dataSource.query(`update upload set lease_until = now() - interval '1 second' where id = $1`, [uploadId]);
  const second = await store.claim(dataSource.manager, uploadId);
  if (!first || !second) throw new Error('The upload was not taken for verification.');
  expect(await store.renew(dataSource.manager, first)).toBe(false);
  await expect(store.compare(first, rowsOf([]))).rejects.toThrow(VerificationLost);
  await expect(store.matched(dataSource.manager, first, { count: 1, stime: 2 })).rejects.toThrow(VerificationLost);
  await store.release(dataSource.manager, first);
  expect(await store.claim(dataSource.manager, uploadId)).toBeUndefined();
  expect(await store.renew(dataSource.manager, second)).toBe(true);
  expect(await store.compare(second, rowsOf([]))).toBe(0);
  await store.matched(dataSource.manager, second, { count: 0, stime: 0 });
});
