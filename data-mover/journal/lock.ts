// Keeps a second run of the same transfer out. A lock whose process is gone, also after the computer was started anew
// and the number belongs to another program, counts as none.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from '../failures.js';

/** Answers what unlocks it. @throws Failure a run is under way */
export function lock(file: string, what: string): () => void {
  for (;;) {
    try {
      writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder !== undefined) throw new Failure(`Process ${holder} is at ${what} already.`);
    rmSync(file, { force: true });
  }
}

/** The live process that holds the lock, if any. */
export function holderOf(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid = '', start = ''] = text.split(' ');
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 0 || number === process.pid || !isRunning(number)) return undefined;
  return start === '' || startOf(number) === start ? number : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in the system's own terms; empty where the system does not tell (all but Linux). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
