// Our CRC-32 of large parts is that of zlib, whatever their lengths and however a content comes in parts.

import * as zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from '../../src/mediaflux/protocol/index.js';
import { foldingCrc32, LEAST_FOLDED_BYTES } from '../../src/mediaflux/protocol/crc32-folding.js';
import { joinedSum } from '../../data-mover/download/fetching/joined-sums.js';
import { bytesOf } from '../support/files.js';

const { crc32: plain } = zlib as unknown as { crc32: (bytes: Uint8Array, value?: number) => number };

const folding = foldingCrc32(plain);
const CONTENT = bytesOf('crc32', 3 * 1024 * 1024);
/** One chunk, the window before it, and a turn: where the calculation changes its course. */
const EDGES = [64 * 1024, 64 * 1024 + 4_800, 2 * 64 * 1024 + 4_800, LEAST_FOLDED_BYTES];

const lengths = fc.oneof(
  fc.integer({ min: LEAST_FOLDED_BYTES, max: 400_000 }),
  fc
    .tuple(fc.constantFrom(...EDGES), fc.integer({ min: -70, max: 70 }))
    .map(([edge, more]) => Math.max(LEAST_FOLDED_BYTES, edge + more)),
);

describe('the CRC-32 of a content', () => {
  it('is folded where tests run on x64', () => {
    expect(folding !== undefined || process.arch !== 'x64').toBe(true);
  });

  it('is that of zlib for any length, place in memory and value to go on from', () => {
    fc.assert(
      fc.property(lengths, fc.nat(5_000), fc.nat(0xffffffff), (length, start, value) => {
        const part = CONTENT.subarray(start, start + length);
        expect(folding?.(part, value)).toBe(folding && plain(part, value));
        expect(crc32(part, value)).toBe(plain(part, value));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a value to go on from that is none, however long the part is', () => {
    for (const bytes of [10, 100_000])
      for (const value of [-1, 1.5, 2 ** 32, Number.NaN])
        expect(() => crc32(CONTENT.subarray(0, bytes), value)).toThrow(/out of range/);
  });

  it('is the same in one part and in many', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300_000 }), { maxLength: 12 }), (sizes) => {
        let sum = 0;
        let at = 0;
        for (const size of sizes) {
          sum = crc32(CONTENT.subarray(at, at + size), sum);
          at = Math.min(CONTENT.length, at + size);
        }
        expect(sum).toBe(plain(CONTENT.subarray(0, at)));
        expect(joinedSum(sum, crc32(CONTENT.subarray(at)), CONTENT.length - at)).toBe(plain(CONTENT));
      }),
    );
  });
});
