import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from '../../../src/mediaflux/protocol/index.js';
import { joinedSum } from './joined-sums.js';

const bytes = fc.uint8Array({ maxLength: 3_000 });

it('is the sum of both contents as one', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      expect(joinedSum(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])));
    }),
  );
});

it('holds for lengths that no 32 bits hold', () => {
  const MORE = 2 ** 33 + 5;
  // Of zeros, by doubling: two halves that are the same.
  const zeros = (length: number): number => {
    if (length < 1_000) return crc32(Buffer.alloc(length));
    const half = zeros(Math.floor(length / 2));
    const even = joinedSum(half, half, Math.floor(length / 2));
    return length % 2 === 0 ? even : crc32(Buffer.alloc(1), even);
  };
  expect(joinedSum(crc32(Buffer.from('a')), zeros(MORE), MORE)).toBe(
    joinedSum(joinedSum(crc32(Buffer.from('a')), zeros(2 ** 33), 2 ** 33), zeros(5), 5),
  );
});
