// Which processes belong to a data folder: those that name it, and those that they started. Linux only.

import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of live processes that name the folder. */
export function processesOf(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(dataDir) && Number(pid) !== process.pid ? [`${pid} ${line}`] : [];
      } catch (error) {
        if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    });
}
