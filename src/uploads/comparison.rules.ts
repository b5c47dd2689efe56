// Whether what Mediaflux holds is what the manifest says, for one path. The statement in `verification.store.ts` asks
// the same of all at once; a test holds the two together.

export type MismatchProblem = 'missing' | 'unexpected' | 'size' | 'checksum' | 'unverifiable';

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

/** The first problem of a path; undefined when all is well. An empty file may have no content in Mediaflux. */
export function compare(expected: Expected | undefined, held: Held | undefined): MismatchProblem | undefined {
  // A namespace that no line names holds files that others name, or nothing.
  if (!expected) return held?.type === 'file' ? 'unexpected' : undefined;
  if (!held || held.type !== expected.type) return 'missing';
  if (expected.type === 'directory') return undefined;
  const isEmptyWithoutContent = expected.size === 0 && held.size === null;
  if (isEmptyWithoutContent) return undefined;
  if (held.size === null) return 'unverifiable';
  if (held.size !== expected.size) return 'size';
  if (held.crc32 === null) return expected.size === 0 ? undefined : 'unverifiable';
  return held.crc32 === expected.crc32 ? undefined : 'checksum';
}
