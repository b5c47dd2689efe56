// Names: those that Mediaflux cannot hold are refused before anything moves, those that Windows cannot hold are warned
// about.

const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
const LONGEST_NAME_BYTES = 255;
const LONGEST_PATH_BYTES = 4_096;

/** Letters, figures and signs of ASCII, no longer than a name may be: most paths, and none of them is refused. */
const PLAIN = /^[ -~]{1,255}$/;

export const NOT_TEXT = 'its name is not valid Unicode; rename it';

/** Bytes that are no text are replaced when a name is read; the name that the system has is another one then. */
export const isText = (path: string): boolean => PLAIN.test(path) || !/[\ufffd\p{Surrogate}]/u.test(path);

/** Why a path cannot be uploaded, if it cannot. */
export function refusal(path: string): string | undefined {
  if (PLAIN.test(path)) return undefined;
  // eslint-disable-next-line no-control-regex -- the characters that are looked for
  if (/[\x00-\x1f\x7f-\x9f]/.test(path)) return 'its name holds a line break or another control character; rename it';
  if (!isText(path)) return NOT_TEXT;
  if (/[\ufffe\uffff]/.test(path))
    return 'its name holds U+FFFE or U+FFFF, which Mediaflux cannot be told of; rename it';
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES)
    return `its path is longer than ${LONGEST_PATH_BYTES} bytes; shorten it`;
  if (path.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME_BYTES))
    return `a name in its path is longer than ${LONGEST_NAME_BYTES} bytes; shorten it`;
  return undefined;
}

/** Why Windows could not hold the path, if it could not. */
export function windowsTrouble(path: string): string | undefined {
  for (const name of path.split('/')) {
    if (RESERVED.test(name)) return 'Windows keeps this name for a device';
    if (/[<>:"|?*\\]/.test(name)) return 'Windows cannot hold one of the characters < > : " | ? * \\ in a name';
    if (/[. ]$/.test(name)) return 'Windows cannot hold a name that ends in a dot or a space';
  }
  return undefined;
}

/** Of 259 characters that many programs there take, the folder that the data are put in takes some. In units of UTF-16. */
const LONGEST_PATH_FOR_WINDOWS = 179;

/** What an end user on Windows would have with the path, if anything. The Data Mover itself writes long paths there. */
export function windowsWarning(path: string): string | undefined {
  const trouble = windowsTrouble(path);
  if (trouble !== undefined) return `${trouble}; whoever fetches it there will have to rename it`;
  if (path.length <= LONGEST_PATH_FOR_WINDOWS) return undefined;
  return `its path is longer than ${LONGEST_PATH_FOR_WINDOWS} characters, so that many programs on Windows cannot open it; whoever unpacks it there needs a short folder, or the Data Mover`;
}

/**
 * The same for all paths that any disk could take for one: letters of either case, an accent in one piece or in two, and
 * what Unicode calls compatible.
 */
export const broadName = (path: string): string =>
  path.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD').toUpperCase();
