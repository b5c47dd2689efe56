// Names that Windows cannot hold: whoever fetches such a file there, by zip or otherwise, has to know before.
// See https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file.

/** A character that no name there has; a dot or a space at the end of a name. */
const CHARACTER = /[<>:"|?*\\]|[. ](?:\/|$)/;
/** A name that stands for a device, with any ending. Apart from the other: together they take half as long again. */
const DEVICE = /(?:^|\/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.[^/]*)?(?:\/|$)/i;

/** Could Windows hold a file of this path, relative and with `/`? Control characters are refused elsewhere. */
export const isForWindows = (path: string): boolean => !CHARACTER.test(path) && !DEVICE.test(path);

/**
 * Explorer and many programs there take no path of 260 characters or more, and of these the folder in which the data are
 * unpacked takes some: `C:\Users\…\Downloads\` and the name of the zip. Counted as Windows counts, in units of UTF-16.
 * https://learn.microsoft.com/en-us/windows/win32/fileio/maximum-file-path-limitation
 */
const LONGEST_PATH_UNITS = 259;
const FOLDER_ABOVE_UNITS = 80;

/** Is a path, relative as above, too long for many programs there, wherever it is put? */
export const isTooLongForWindows = (path: string): boolean => path.length > LONGEST_PATH_UNITS - FOLDER_ABOVE_UNITS;

const SLASH = 0x2f;
const DOT = 0x2e;
const SPACE = 0x20;
/** 1 for each byte that no name there has. */
const NEVER = Uint8Array.from({ length: 256 }, (_, byte) => ('<>:"|?*\\'.includes(String.fromCharCode(byte)) ? 1 : 0));
/** Names of devices are three or four characters long. */
const isAsLongAsDevice = (length: number): boolean => length === 3 || length === 4;

/** Of a path of ASCII, without making a text of it; false is a doubt, of which the two others know more. */
export function isSurelyForWindows(bytes: Uint8Array, begin: number, end: number): boolean {
  if (end - begin > LONGEST_PATH_UNITS - FOLDER_ABOVE_UNITS) return false;
  let [before, length, isEnding] = [SLASH, 0, false];
  for (let at = begin; at <= end; at += 1) {
    const byte = at === end ? SLASH : (bytes[at] ?? SLASH);
    if (byte === SLASH) {
      if (before === DOT || before === SPACE || isAsLongAsDevice(length)) return false;
      [length, isEnding] = [0, false];
    } else {
      if (NEVER[byte] === 1) return false;
      isEnding ||= byte === DOT;
      if (!isEnding) length += 1;
    }
    before = byte;
  }
  return true;
}

/** What an upload's warnings say of such names. */
export function windowsWarning(count: number, examples: readonly string[]): string[] {
  if (count === 0) return [];
  const [name, it] = count === 1 ? ['this name', 'it'] : ['these names', 'them'];
  return [
    `Windows cannot hold ${name}, so that whoever fetches the data there has to leave ${it} out: ${someOf(count, examples)}.`,
  ];
}

/** What they say of paths that are too long there. */
export function longPathsWarning(count: number, examples: readonly string[]): string[] {
  if (count === 0) return [];
  const path = count === 1 ? 'this path, which is' : 'these paths, which are';
  return [
    `Many programs on Windows, Explorer's unpacking of zips among them, cannot open ${path} longer than ${LONGEST_PATH_UNITS - FOLDER_ABOVE_UNITS} characters and can pass 259 with the folder that the data are put in: ${someOf(count, examples)}.`,
  ];
}

function someOf(count: number, examples: readonly string[]): string {
  const more = count - examples.length;
  return `${examples.map((path) => `“${path}”`).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
