// Whether what Mediaflux holds is what the manifest says, for one path. The statement in `verification.store.ts` asks
// the same of all at once; a test holds the two together.

/** What can be wrong with a path; of several the first is told. */
export const PROBLEMS = ['missing', 'unexpected', 'size', 'checksum', 'unverifiable'] as const;
export type MismatchProblem = (typeof PROBLEMS)[number];

export interface Expected {
  type: 'file' | 'directory';
  size: number;
  crc32: string | null;
}

export interface Held {
  type: 'file' | 'directory';
  size: number | null;
  crc32: string | null;
}

/**
 * The first problem of a path; undefined when all is well.
 * @param held everything of that path: Mediaflux can hold a file and a folder of one name
 */
export function compare(expected: Expected | undefined, held: readonly Held[]): MismatchProblem | undefined {
  const found = new Set(held.map((one) => problemOf(expected, one)));
  if (expected && !held.some(({ type }) => type === expected.type)) found.add('missing');
  return PROBLEMS.find((problem) => found.has(problem));
}

function problemOf(expected: Expected | undefined, held: Held): MismatchProblem | undefined {
  // A namespace that no line names holds files that others name, or nothing.
  if (held.type === 'directory') return undefined;
  if (expected?.type !== 'file') return 'unexpected';
  // An empty file may have no content in Mediaflux.
  if (expected.size === 0 && held.size === null) return undefined;
  if (held.size === null) return 'unverifiable';
  if (held.size !== expected.size) return 'size';
  if (held.crc32 === null) return expected.size === 0 ? undefined : 'unverifiable';
  return held.crc32 === expected.crc32 ? undefined : 'checksum';
}
