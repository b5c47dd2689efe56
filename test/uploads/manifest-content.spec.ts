// The content of the manifest asset, made of what the database holds: the same for whatever a line can say, and exactly
// as long as was told before.

import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { contentLength, contentRows, ManifestContent } from '../../src/uploads/manifests/manifest-content.js';
import { MANIFEST_COLUMNS, manifestRows, noTotals } from '../../src/uploads/manifests/manifest-lines.js';
import { copiedRows } from './copied.js';

const copied = copiedRows();

async function* inParts(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  await Promise.resolve();
}

/** Takes a manifest in; answers its content as lines, whose length is what was told. */
async function contentOf(manifest: string, partSize = 4_096): Promise<unknown[]> {
  const id = randomUUID();
  await copied.copies.load(
    'manifest_entry',
    MANIFEST_COLUMNS,
    manifestRows(id, inParts(manifest, partSize), noTotals()),
    () => Promise.resolve(),
  );
  const content = new ManifestContent();
  const parts: Buffer[] = [];
  for await (const part of copied.copies.rows(contentRows(id))) parts.push(content.lines(part));
  const whole = Buffer.concat(parts);
  const [told] = await copied.database.dataSource.query<{ bytes: string }[]>(contentLength(id));
  expect(whole.length).toBe(Number(told?.bytes));
  const lines = whole.toString('utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as unknown);
}

const file = (fields: Record<string, unknown>): Record<string, unknown> => ({
  path: 'a',
  size: 1,
  crc32: '1a2b3c4d',
  mtime: null,
  ...fields,
});

it('is what was sent, for whatever a line can say', async () => {
  const entries = [
    file({ path: 'plain/a.tif', mtime: '2026-03-01T09:00:00.001Z' }),
    file({ path: 'größe «日本» 😀' }),
    file({ path: 'quo"te\\back/ \u2028' }),
    file({ path: `${'long "name" '.repeat(20)}/${'日'.repeat(85)}` }),
    file({ path: 'none', size: 0 }),
    file({ path: 'large', size: Number.MAX_SAFE_INTEGER }),
    ...[
      '1969-12-31T23:59:59.999Z',
      '0000-01-01T00:00:00.000Z',
      '0001-02-03T04:05:06.007Z',
      '9999-12-31T23:59:59.999Z',
    ].map((mtime) => file({ path: mtime, mtime })),
    { path: 'empty "folder"/', type: 'directory' },
    { path: 'größe/', type: 'directory' },
  ];
  const manifest = entries.map((entry) => JSON.stringify(entry)).join('\n');
  expect(await contentOf(manifest)).toEqual(entries);
  expect(await contentOf(manifest, 1)).toEqual(entries);
});

it('tells a time of another year than four digits can say as ISO 8601 does', async () => {
  const times = ['0000-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00', '2026-03-01T09:00:00.1239+11:00'];
  const manifest = times.map((mtime, index) => JSON.stringify(file({ path: `${index}`, mtime }))).join('\n');
  expect(await contentOf(manifest)).toEqual(
    times.map((mtime, index) => file({ path: `${index}`, mtime: new Date(mtime).toISOString() })),
  );
});

it('is in the order in which the lines came, however many', async () => {
  const paths = Array.from({ length: 20_000 }, (_, index) => `run-${index % 7}/${(index * 7_919) % 20_000}`);
  const manifest = paths.map((path) => JSON.stringify(file({ path }))).join('\n');
  const lines = (await contentOf(manifest, 65_536)) as { path: string }[];
  expect(lines.map(({ path }) => path)).toEqual(paths);
});
