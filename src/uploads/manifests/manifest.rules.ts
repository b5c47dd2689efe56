// What a line of a manifest may be. Paths are relative to the data namespace, with `/`. Written out by hand rather than
// as a schema: it runs a million times for one manifest.

export type ManifestEntry =
  | {
      path: string;
      type: 'file';
      size: number;
      crc32: string;
      /** Milliseconds since 1970. */
      modifiedMs: number | null;
    }
  | { path: string; type: 'directory' };

export const LONGEST_PATH_BYTES = 4_096;
export const LONGEST_NAME_BYTES = 255;
/** A text of so many UTF-16 units may be too long in bytes only if it is not ASCII. */
const LONGEST_SURE_PATH = LONGEST_PATH_BYTES / 3;
const LONGEST_SURE_NAME = LONGEST_NAME_BYTES / 3;

const FILE_FIELDS = new Set(['path', 'type', 'size', 'crc32', 'mtime']);
const DIRECTORY_FIELDS = new Set(['path', 'type']);

export type ParsedLine = { entry: ManifestEntry } | { problem: string };

/** One line, or what is wrong with it in words that name no value. The usual one is read a shorter way: `usual-line.ts`. */
export function parseManifestLine(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'it is not JSON' };
    throw error;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'it is not an object with "path", "size" and "crc32"' };
  const fields = value as Record<string, unknown>;
  return fields['type'] === 'directory' ? parseDirectory(fields) : parseFile(fields);
}

function parseDirectory(fields: Record<string, unknown>): ParsedLine {
  const { path } = fields;
  if (typeof path !== 'string' || !hasOnly(fields, DIRECTORY_FIELDS))
    return { problem: 'an empty folder has "path" and "type" and nothing else' };
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  const problem = pathProblem(bare);
  return problem === undefined ? { entry: { path: bare, type: 'directory' } } : { problem };
}

function parseFile(fields: Record<string, unknown>): ParsedLine {
  if (!hasOnly(fields, FILE_FIELDS)) return { problem: 'it has a field that is not known here' };
  const { path, type, size, crc32: sum, mtime } = fields;
  if (typeof path !== 'string') return { problem: '"path" must be a text' };
  if (type !== undefined && type !== 'file') return { problem: '"type" must be "file" or "directory"' };
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    return { problem: '"size" must be a whole number of bytes' };
  if (typeof sum !== 'string' || !/^[0-9a-f]{8}$/.test(sum))
    return { problem: '"crc32" must be eight lower-case hexadecimal digits' };
  return checkedFile(path, size, sum, mtime);
}

function checkedFile(path: string, size: number, sum: string, mtime: unknown): ParsedLine {
  const modifiedMs = mtime === undefined || mtime === null ? null : instantOf(mtime);
  if (modifiedMs === undefined) return { problem: '"mtime" must be a time as in 2026-03-01T09:00:00Z' };
  const problem = pathProblem(path);
  return problem === undefined ? { entry: { path, type: 'file', size, crc32: sum, modifiedMs } } : { problem };
}

function hasOnly(fields: Record<string, unknown>, known: ReadonlySet<string>): boolean {
  for (const name in fields) if (!known.has(name)) return false;
  return true;
}

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since 1970; undefined when it is no time. */
function instantOf(text: unknown): number | undefined {
  const [, year, month, day] = (typeof text === 'string' && INSTANT.exec(text)) || [];
  if (typeof text !== 'string' || Number(day) < 1 || !(Number(day) <= daysIn(Number(year), Number(month))))
    return undefined;
  return Date.parse(text);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** NaN for a month that is none. `Date` takes the 31st of February for the 3rd of March. */
export const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (DAYS[month - 1] ?? Number.NaN);

/** Why a path cannot be, if it cannot. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'the path is empty';
  if (path.startsWith('/')) return 'the path must be relative';
  // eslint-disable-next-line no-control-regex -- these cannot stand in a name in Mediaflux
  if (/[\x00-\x1f\x7f-\x9f]/.test(path)) return 'the path holds a control character';
  if (!isWellFormed(path)) return 'the path is not valid Unicode';
  if (/[\ufffe\uffff]/.test(path)) return 'the path holds U+FFFE or U+FFFF, which Mediaflux cannot be told of';
  if (path.length > LONGEST_SURE_PATH && Buffer.byteLength(path) > LONGEST_PATH_BYTES)
    return `the path is longer than ${LONGEST_PATH_BYTES} bytes`;
  for (let begin = 0; begin <= path.length;) {
    const slash = path.indexOf('/', begin);
    const end = slash < 0 ? path.length : slash;
    if (end === begin) return 'the path has an empty part';
    if (end - begin <= 2 && /^\.\.?$/.test(path.slice(begin, end))) return 'the path has "." or ".." as a part';
    if (end - begin > LONGEST_SURE_NAME && Buffer.byteLength(path.slice(begin, end)) > LONGEST_NAME_BYTES)
      return `a name in the path is longer than ${LONGEST_NAME_BYTES} bytes`;
    begin = end + 1;
  }
  return undefined;
}

const isWellFormed = (text: string): boolean =>
  !/[\ud800-\udfff]/.test(text) || !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

/** Equal for names that Windows or macOS take for one and the same. */
export const folded = (path: string): string =>
  // eslint-disable-next-line no-control-regex -- most paths are ASCII, and need no table
  (/^[\x00-\x7f]*$/.test(path) ? path : path.normalize('NFC')).toLowerCase();
