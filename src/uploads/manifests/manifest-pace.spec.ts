import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { begun, pacedParts, Patience, SLOWEST_BYTES_A_SECOND } from './manifest-pace.js';
import { ManifestSlow } from '../uploads.errors.js';

describe('the patience with a sender', () => {
  it('is used up by waiting, and brought back by bytes at the slowest rate', () => {
    const patience = new Patience(120_000);
    patience.waited(60_000, 0);
    expect(patience.ms).toBe(60_000);
    patience.waited(10_000, 10 * SLOWEST_BYTES_A_SECOND);
    expect(patience.ms).toBe(60_000);
    patience.waited(0, 1_000_000_000);
    expect(patience.ms).toBe(120_000);
  });

  it('ends with a byte now and then, and never with the slowest rate', () => {
    const trickled = new Patience(120_000);
    for (let second = 0; second < 125; second += 5) trickled.waited(5_000, 1);
    expect(trickled.ms).toBeLessThanOrEqual(0);
    const slow = new Patience(120_000);
    for (let second = 0; second < 100_000; second += 60) slow.waited(60_000, 60 * SLOWEST_BYTES_A_SECOND);
    expect(slow.ms).toBe(120_000);
  });
});

const read = async (parts: AsyncIterable<Buffer>): Promise<string> => {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all).toString();
};

it('a body that brings nothing any more is given up by name', async () => {
  const body = new PassThrough();
  body.write('{"path"');
  await expect(read(pacedParts(body, new Patience(20)))).rejects.toThrow(ManifestSlow);
  body.destroy();
});

it('a body is read whole, however much of it was held at first', async () => {
  for (const text of ['', 'short', 'x'.repeat(300_000)]) {
    const body = new PassThrough();
    body.end(text);
    expect(await read(await begun(pacedParts(body)))).toBe(text);
  }
});
