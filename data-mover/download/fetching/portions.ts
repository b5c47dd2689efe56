// What is asked for at a time: many small files together, for whom the way there and back takes longest, others alone.

import { SMALL_BYTES } from '../../disk/small-files.js';
import type { ManifestLine } from '../manifest.js';

/** Fewer come sooner alone, several at a time. */
const LEAST_TOGETHER = 32;
const MOST_TOGETHER = 256;
const MOST_BYTES_TOGETHER = 2 * 1024 * 1024;

/**
 * The lines in portions of one or of many, small ones somewhat later than they would come alone.
 * @param mayComeTogether asked before each portion
 */
export function* portions(
  lines: Iterable<ManifestLine>,
  mayComeTogether: () => boolean,
): Generator<readonly ManifestLine[]> {
  let small: ManifestLine[] = [];
  let bytes = 0;
  const gathered = function* (): Generator<readonly ManifestLine[]> {
    if (small.length >= LEAST_TOGETHER && mayComeTogether()) yield small;
    else for (const line of small) yield [line];
    small = [];
    bytes = 0;
  };
  for (const line of lines) {
    if (line.size > SMALL_BYTES || !mayComeTogether()) {
      yield [line];
      continue;
    }
    if (small.length === MOST_TOGETHER || bytes + line.size > MOST_BYTES_TOGETHER) yield* gathered();
    small.push(line);
    bytes += line.size;
  }
  yield* gathered();
}
