// What a line of a manifest may be. Paths are relative to the data namespace, with `/`.

import { z } from 'zod';

export type ManifestEntry =
  | { path: string; type: 'file'; size: number; crc32: string; modifiedAt: string | null }
  | { path: string; type: 'directory' };

const LONGEST_PATH_BYTES = 4_096;
const LONGEST_NAME_BYTES = 255;

const fileLine = z.strictObject({
  path: z.string(),
  type: z.literal('file').optional(),
  size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  crc32: z.string().regex(/^[0-9a-f]{8}$/),
  mtime: z.iso.datetime({ offset: true }).nullish(),
});
const directoryLine = z.strictObject({ path: z.string(), type: z.literal('directory') });

export type ParsedLine = { entry: ManifestEntry } | { problem: string };

/** One line, or what is wrong with it in words that name no value. */
export function parseManifestLine(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'it is not JSON' };
    throw error;
  }
  const isDirectory = (value as { type?: unknown } | null)?.type === 'directory';
  if (isDirectory) {
    const parsed = directoryLine.safeParse(value);
    if (!parsed.success) return { problem: 'an empty folder has "path" and "type" and nothing else' };
    const path = parsed.data.path.replace(/\/$/, '');
    const problem = pathProblem(path);
    return problem === undefined ? { entry: { path, type: 'directory' } } : { problem };
  }
  const parsed = fileLine.safeParse(value);
  if (!parsed.success) return { problem: fieldProblem(parsed.error) };
  const { path, size, crc32, mtime } = parsed.data;
  const problem = pathProblem(path);
  return problem === undefined
    ? { entry: { path, type: 'file', size, crc32, modifiedAt: mtime ?? null } }
    : { problem };
}

const EXPECTED: Record<string, string> = {
  path: '"path" must be a text',
  size: '"size" must be a whole number of bytes',
  crc32: '"crc32" must be eight lower-case hexadecimal digits',
  mtime: '"mtime" must be a time as in 2026-03-01T09:00:00Z',
};

function fieldProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') return 'it has a field that is not known here';
  return EXPECTED[String(issue?.path[0])] ?? 'it is not an object with "path", "size" and "crc32"';
}

/** Why a path cannot be, if it cannot. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'the path is empty';
  if (path.startsWith('/')) return 'the path must be relative';
  // eslint-disable-next-line no-control-regex -- these cannot stand in a name in Mediaflux
  if (/[\x00-\x1f\x7f]/.test(path)) return 'the path holds a control character';
  if (!isWellFormed(path)) return 'the path is not valid Unicode';
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return `the path is longer than ${LONGEST_PATH_BYTES} bytes`;
  for (const part of path.split('/')) {
    if (part === '') return 'the path has an empty part';
    if (part === '.' || part === '..') return 'the path has "." or ".." as a part';
    if (Buffer.byteLength(part) > LONGEST_NAME_BYTES)
      return `a name in the path is longer than ${LONGEST_NAME_BYTES} bytes`;
  }
  return undefined;
}

const isWellFormed = (text: string): boolean =>
  !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
