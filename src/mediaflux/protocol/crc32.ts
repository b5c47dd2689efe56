// CRC-32 of contents, in the form in which everything of ours writes it.

import * as zlib from 'node:zlib';
import { type Crc32, foldingCrc32, LEAST_FOLDED_BYTES } from './crc32-folding.js';

/** `zlib.crc32` came with Node 20.15; the type package for Node 20 does not name it. */
const zlibCrc32 = (zlib as unknown as { crc32: Crc32 }).crc32;

/** Elsewhere, as on ARM, Node may use the processor's instructions for it, and nothing is faster. */
let large: Crc32 | undefined = process.arch === 'x64' ? undefined : zlibCrc32;

/** Goes on from `value`, 0 at first. */
export function crc32(bytes: Uint8Array, value = 0): number {
  // A value that is none is told by zlib.
  if (bytes.length < LEAST_FOLDED_BYTES || value !== value >>> 0) return zlibCrc32(bytes, value);
  large ??= foldingCrc32(zlibCrc32) ?? zlibCrc32;
  return large(bytes, value);
}

/** Eight lower-case hexadecimal digits. */
export const crc32Text = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** From what Mediaflux tells: hexadecimal in capitals, leading zeros left out (reference 7). Undefined: none of that. */
export function crc32FromMediaflux(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  return /^[0-9a-f]{1,8}$/i.test(trimmed) ? trimmed.toLowerCase().padStart(8, '0') : undefined;
}
