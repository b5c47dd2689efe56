// The CRC-32 of two contents one after the other, from the CRC-32 of each: so that the beginning of a file, which an
// earlier run left, can be read while the rest of it arrives.

/** Of CRC-32, bits turned round. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
const TO_THE_EIGHTH = 0x00800000;

/** Of polynomials over two elements, modulo CRC-32's. */
function product(one: number, other: number): number {
  let sum = 0;
  let shifted = other;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) sum ^= shifted;
    shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return sum >>> 0;
}

/** @param bytes length of the second content */
export function joinedSum(first: number, second: number, bytes: number): number {
  let shift = ONE;
  let power = TO_THE_EIGHTH;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = product(shift, power);
    power = product(power, power);
  }
  return (product(shift, first) ^ second) >>> 0;
}
