// Names that Windows cannot hold: whoever fetches such a file there, by zip or otherwise, has to know before.
// See https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file.

/** A character that no name there has; a dot or a space at the end of a name. */
const CHARACTER = /[<>:"|?*\\]|[. ](?:\/|$)/;
/** A name that stands for a device, with any ending. Apart from the other: together they take half as long again. */
const DEVICE = /(?:^|\/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.[^/]*)?(?:\/|$)/i;

/** Could Windows hold a file of this path, relative and with `/`? Control characters are refused elsewhere. */
export const isForWindows = (path: string): boolean => !CHARACTER.test(path) && !DEVICE.test(path);

/** What an upload's warnings say of such names. */
export function windowsWarning(count: number, examples: readonly string[]): string[] {
  if (count === 0) return [];
  const named = examples.map((path) => `“${path}”`).join(', ');
  const more = count - examples.length;
  return [
    `Windows cannot hold ${count === 1 ? 'this name' : 'these names'}, so that whoever fetches the data there has to leave ${count === 1 ? 'it' : 'them'} out: ${named}${more > 0 ? `, and ${more} more` : ''}.`,
  ];
}
