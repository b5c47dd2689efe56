// What of a folder a command sends. Two commands that differ in it send other files of the same folder, so that what one
// sent cannot be compared with what the other finds.

/** Undefined, of each: as where nobody said anything. */
export interface Selection {
  /** Globs of what is not sent. */
  exclude?: readonly string[];
  /** What symbolic links lead to is sent. */
  followSymlinks?: boolean;
  /** Names at the top that are not sent, since they tell this program about the data. */
  leaveOut?: readonly string[];
}

/** The options in which they differ; none: they send the same. Neither the order of globs matters, nor how often one is given. */
export function optionsThatDiffer(one: Selection, other: Selection): string[] {
  return [
    ...(isSame(one.exclude, other.exclude) ? [] : ['--exclude']),
    ...((one.followSymlinks ?? false) === (other.followSymlinks ?? false) ? [] : ['--follow-symlinks']),
    ...(isSame(one.leaveOut, other.leaveOut) ? [] : ['--ready-file']),
  ];
}

function isSame(ones: readonly string[] = [], others: readonly string[] = []): boolean {
  const [left, right] = [new Set(ones), new Set(others)];
  return left.size === right.size && [...left].every((one) => right.has(one));
}
