// One server for one data folder. The lock names the process and when it started, so that a number that was given to
// another program since is recognised. The launcher reads the same file before it builds anything.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DataDirInUse extends Error {}

/** Takes `DATA_DIR/lock`; the answer gives it back. @throws DataDirInUse naming the process that holds it */
export function lockDataDir(dataDir: string): () => void {
  // As root, PostgreSQL runs as another user, who must be able to walk through; each secret has a file mode of its own.
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const lock = join(dataDir, 'lock');
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${processStart(process.pid) ?? ''}\n`, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        linkSync(mine, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = lockHolder(dataDir);
        if (holder !== undefined) throw new DataDirInUse(inUse(dataDir, holder));
        rmSync(lock, { force: true });
      }
    }
    throw new DataDirInUse(`The data folder ${dataDir} was taken by another process just now.`);
  } finally {
    rmSync(mine, { force: true });
  }
}

const inUse = (dataDir: string, pid: number): string =>
  `The data folder ${dataDir} is in use by process ${pid}. Stop that one first, or set DATA_DIR to another folder.`;

/** The live process that holds the folder, if any. */
export function lockHolder(dataDir: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'lock'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pidText = '', start = ''] = text.trim().split(' ');
  const pid = Number(pidText);
  return Number.isInteger(pid) && pid > 0 && isSameProcess(pid, start) ? pid : undefined;
}

/** Does the process run that started at `start`? Where start times cannot be read, the number decides. */
export function isSameProcess(pid: number, start: string): boolean {
  if (!isRunning(pid)) return false;
  const now = processStart(pid);
  return now === undefined || start === '' || now === start;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return processState(pid) !== 'Z';
}

const statOf = (pid: number): string[] | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
};

const processState = (pid: number): string | undefined => statOf(pid)?.[0];

/** Linux's start time in clock ticks since boot; undefined elsewhere. */
const processStart = (pid: number): string | undefined => statOf(pid)?.[19];
