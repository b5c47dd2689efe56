// A disk that takes names for one as those of Windows and macOS do: under a folder that is given in FOLDING_DISK, every
// path that goes to the file system is folded before. For `node --import`.

const PRELOAD = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const root = process.env.FOLDING_DISK + '/';
const folded = (path) =>
  typeof path === 'string' && path.startsWith(root)
    ? root + path.slice(root.length).normalize('NFC').toLowerCase()
    : path;
const patch = (object, names) => {
  for (const name of names) {
    const real = object[name];
    if (typeof real !== 'function') continue;
    object[name] = (...given) => real.apply(object, given.map((one, at) => (at < 2 ? folded(one) : one)));
    Object.assign(object[name], real);
  }
};
const names = ['open', 'stat', 'lstat', 'mkdir', 'rename', 'rm', 'unlink', 'utimes', 'writeFile', 'readFile', 'readdir', 'realpath', 'access'];
patch(fs, [...names.map((name) => name + 'Sync'), 'existsSync', 'createReadStream', 'createWriteStream']);
patch(fs.promises, names);
syncBuiltinESMExports();
`;

export const foldingDisk = (folder: string): { nodeOptions: string[]; env: Record<string, string> } => ({
  nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(PRELOAD)}`],
  env: { FOLDING_DISK: folder },
});
