import { describe, expect, it } from '@jest/globals';
import { manifestRows, noTotals } from './manifest-lines.js';
import { ManifestFaulty } from '../uploads.errors.js';

const ID = '0190a5b0-0000-7000-8000-000000000001';
const line = (path: string, size = 1): string => JSON.stringify({ path, size, crc32: '1a2b3c4d' });

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  await Promise.resolve();
}

/** What a manifest that comes in parts of `size` bytes adds up to, and the rows that are made of it. */
async function taken(text: string | Buffer, size: number) {
  const totals = noTotals();
  const rows: Buffer[] = [];
  // A copy: what is given away must not change while more is read.
  for await (const part of manifestRows(ID, inParts(Buffer.from(text), size), totals)) rows.push(part);
  return { files: totals.files, bytes: totals.bytes, rows: Buffer.concat(rows).toString('latin1') };
}

async function faultsOf(text: string | Buffer, size: number): Promise<unknown> {
  try {
    await taken(text, size);
  } catch (error) {
    if (error instanceof ManifestFaulty) return error.errors;
    throw error;
  }
  return [];
}

const SIZES = [1, 7, 1_000, 65_536];

describe('the lines of a manifest', () => {
  it.each(SIZES)('are read the same in parts of %d bytes', async (size) => {
    const text = [
      line('a', 10),
      '',
      line('größe/日本 😀', 200),
      `${line('with/carriage-return', 3_000)}\r`,
      '{"path":"folder/","type":"directory"}',
      ` ${line('b', 40_000)}`,
      line('c'.repeat(200), 500_000),
    ].join('\n');
    const whole = await taken(text, Buffer.byteLength(text));
    expect(whole).toMatchObject({ files: 5, bytes: 543_210 });
    expect(await taken(text, size)).toEqual(whole);
    expect((await taken(`${text}\n`, size)).rows).toBe(whole.rows);
  });

  it.each(SIZES)('may begin with a mark of UTF-8, the first one, in parts of %d bytes', async (size) => {
    expect(await taken(`\ufeff${line('a')}\n${line('b')}`, size)).toMatchObject({ files: 2 });
    expect(await faultsOf(`${line('a')}\n\ufeff${line('b')}`, size)).toEqual([
      { path: 'line 2', message: 'it is not JSON' },
    ]);
  });

  it.each(SIZES)('are named one by one where they are not UTF-8, in parts of %d bytes', async (size) => {
    const broken = Buffer.concat([Buffer.from('{"path":"a'), Buffer.from([0xc3]), Buffer.from('","size":1}\n')]);
    const text = Buffer.concat([Buffer.from(`${line('a')}\n`), broken, Buffer.from(`${line('b')}\n{\n`), broken]);
    expect(await faultsOf(text, size)).toEqual([
      { path: 'line 2', message: 'it is not UTF-8' },
      { path: 'line 4', message: 'it is not JSON' },
      { path: 'line 5', message: 'it is not UTF-8' },
    ]);
  });

  it.each(SIZES)(
    'are named where they are too long, and those behind them read, in parts of %d bytes',
    async (size) => {
      const text = [line('a'), line('x'.repeat(40_000)), line('y'.repeat(200_000)), line('b'), '{'].join('\n');
      expect(await faultsOf(text, size)).toEqual([
        { path: 'line 2', message: 'it is too long' },
        { path: 'line 3', message: 'it is too long' },
        { path: 'line 5', message: 'it is not JSON' },
      ]);
    },
  );
});
