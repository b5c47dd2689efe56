// Names that Windows cannot hold: whoever fetches such a file there, by zip or otherwise, has to know before.
// See https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file.

/** A character that no name there has; a dot or a space at the end of a name. */
const CHARACTER = /[<>:"|?*\\]|[. ](?:\/|$)/;
/** A name that stands for a device, with any ending. Apart from the other: together they take half as long again. */
const DEVICE = /(?:^|\/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.[^/]*)?(?:\/|$)/i;

/** Could Windows hold a file of this path, relative and with `/`? Control characters are refused elsewhere. */
export const isForWindows = (path: string): boolean => !CHARACTER.test(path) && !DEVICE.test(path);

const SLASH = 0x2f;
const DOT = 0x2e;
const SPACE = 0x20;
const NEVER = new Set(Buffer.from('<>:"|?*\\'));
/** Names of devices are three or four characters long. */
const isAsLongAsDevice = (length: number): boolean => length === 3 || length === 4;

/** Of a path of ASCII, without making a text of it; false is a doubt, of which `isForWindows` knows more. */
export function isSurelyForWindows(bytes: Uint8Array, begin: number, end: number): boolean {
  let [before, length, isEnding] = [SLASH, 0, false];
  for (let at = begin; at <= end; at += 1) {
    const byte = at === end ? SLASH : (bytes[at] ?? SLASH);
    if (byte === SLASH) {
      if (before === DOT || before === SPACE || isAsLongAsDevice(length)) return false;
      [length, isEnding] = [0, false];
    } else {
      if (NEVER.has(byte)) return false;
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
  const named = examples.map((path) => `“${path}”`).join(', ');
  const more = count - examples.length;
  return [
    `Windows cannot hold ${count === 1 ? 'this name' : 'these names'}, so that whoever fetches the data there has to leave ${count === 1 ? 'it' : 'them'} out: ${named}${more > 0 ? `, and ${more} more` : ''}.`,
  ];
}
