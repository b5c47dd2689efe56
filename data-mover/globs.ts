// What globs on the command line mean, of paths relative to the top of the data. As with git and rsync, the name of a folder
// means everything under it, with a `/` behind it or without.

import picomatch from 'picomatch';

/**
 * Does any of the globs mean the path? `!glob` means all that `glob` does not.
 * @param globs as in `raw`, `raw/`, `*.tif`, `raw/**`
 */
export function meantBy(globs: readonly string[]): (path: string) => boolean {
  const meanings = globs.map(meaningOf);
  return (path) => {
    // An empty folder may end in its slash.
    const name = path.replace(/\/$/, '');
    return meanings.some((means) => means(name));
  };
}

function meaningOf(glob: string): (path: string) => boolean {
  // `!(…)` is a pattern of its own.
  if (/^!(?!\()/.test(glob)) {
    const means = meaningOf(glob.slice(1));
    return (path) => !means(path);
  }
  const name = glob.replace(/^(?:\.?\/)+/, '').replace(/(?<!^)[/\\]+$/, '');
  return picomatch([name, `${name}/**`], { dot: true });
}
