// Rows that are written in COPY's binary form come out of PostgreSQL as they went in.

import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { CopiedRows, CopyRows, uuidBytes } from '../../src/database/index.js';
import { copiedRows } from './copied.js';

const copied = copiedRows();

const INTEGERS = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
const BIGINTS = [...INTEGERS, 2 ** 32, -(2 ** 32), 2 ** 40 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
const TEXTS = ['', 'a', '\\N\t\n"\\', 'größe «日本» 😀', 'x'.repeat(300_000)];
const TIMES = [
  '2026-03-01T09:00:00.001Z',
  '1970-01-01T00:00:00.000Z',
  '1999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00.000Z',
];

it('keeps whole numbers, texts, instants, ids and nulls', async () => {
  const { dataSource } = copied.database;
  await dataSource.query(
    'create table written (position integer, i integer, b bigint, t text, at timestamptz, id uuid)',
  );
  const id = randomUUID();
  const rows = new CopyRows();
  const count = 12;
  async function* source(): AsyncGenerator<Buffer> {
    for (let position = 0; position < count; position += 1) {
      rows.row(6);
      rows.integer(position);
      rows.integer(INTEGERS[position % INTEGERS.length] ?? 0);
      rows.bigint(BIGINTS[position % BIGINTS.length] ?? 0);
      rows.text(TEXTS[position % TEXTS.length] ?? '');
      rows.timestamptz(Date.parse(TIMES[position % TIMES.length] ?? ''));
      if (position % 2 === 0) rows.bytes(uuidBytes(id));
      else rows.null();
      if (position % 3 === 0) yield rows.take();
    }
    yield rows.end();
  }
  await copied.copies.load('written', ['position', 'i', 'b', 't', 'at', 'id'], source(), () => Promise.resolve());
  const found = await dataSource.query<{ i: number; b: number; t: string; at: string; id: string | null }[]>(
    `select i, b, t, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, id from written order by position`,
  );
  expect(found).toEqual(
    Array.from({ length: count }, (_, position) => ({
      i: INTEGERS[position % INTEGERS.length],
      b: BIGINTS[position % BIGINTS.length],
      t: TEXTS[position % TEXTS.length],
      at: TIMES[position % TIMES.length],
      id: position % 2 === 0 ? id : null,
    })),
  );
});

it('reads rows out as they are, wherever the stream is cut', async () => {
  const { dataSource } = copied.database;
  await dataSource.query('create table sent (position integer, b bigint, t text, at timestamptz)');
  for (const [position, text] of TEXTS.entries())
    await dataSource.query('insert into sent values ($1, $2, $3, $4)', [
      position,
      BIGINTS[position + 5],
      text,
      TIMES[position],
    ]);
  await dataSource.query('insert into sent values ($1, null, null, null)', [TEXTS.length]);
  const whole = await dataOf(copied.copies.rows('select b, t, at from sent order by position'));
  for (const size of [1, 2, 3, 7, 1_000, whole.length]) {
    const rows = new CopiedRows(3);
    const found: unknown[] = [];
    let at = 0;
    while (at < whole.length) {
      // In the middle of the long text a byte at a time would take long and show nothing.
      const length = at > 500 && at < 300_000 ? Math.max(size, 1_000) : size;
      rows.add(whole.subarray(at, at + length));
      at += length;
      while (rows.next())
        found.push(
          rows.isNull(0)
            ? [rows.isNull(1), rows.isNull(2)]
            : [
                rows.bigint(0),
                rows.bytes.toString('utf8', rows.begin(1), rows.end(1)),
                new Date(rows.milliseconds(2)).toISOString(),
              ],
        );
    }
    expect(found).toEqual([
      ...TEXTS.map((text, position) => [BIGINTS[position + 5], text, TIMES[position]]),
      [true, true],
    ]);
  }
});

it('gives the connection back when the reader stops early', async () => {
  for (let round = 0; round < 5; round += 1)
    for await (const _ of copied.copies.rows('select n from generate_series(1, 200000) n')) break;
  expect(await dataOf(copied.copies.rows('select 1'))).toContain(1);
});

async function dataOf(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
