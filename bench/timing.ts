// Runs a command to its end and tells how long it took and how much of the processor it used, itself and its children.

import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Timing {
  seconds: number;
  /** User and system time of the command and all that it started and waited for. */
  cpuSeconds: number;
}

/**
 * What was written before is on the disk when it begins, so that nobody pays for another.
 *
 * @param prepare commands that run before it, not measured
 * @throws Error it ended with another code than 0
 */
export function timed(command: string, env: Record<string, string> = {}, prepare = 'true'): Promise<Timing> {
  const child = spawn('bash', ['-c', `set -e; sync; ${prepare}; TIMEFORMAT='%R %U %S'; time { ${command}; }`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env, LC_ALL: 'C' },
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told = (told + text).slice(-4_000)));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      const [seconds = 0, user = 0, system = 0] = (told.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      if (code === 0) resolve({ seconds, cpuSeconds: user + system });
      else reject(new Error(`A command that was to be measured failed: ${told}`));
    });
  });
}

/**
 * Commands that make a virtual machine own as much memory as `bytes` in files need. A machine whose free memory is
 * taken back by its host (free page reporting of Linux) pays for it again at the first use, with many times what the
 * copy itself costs; without this, whoever is measured after a pause pays for all that come soon after. The disk is
 * done with the file, and with its removal, when they end.
 *
 * @param folder on the disk that is written to when measured
 */
export function memoryFor(bytes: number, folder: string): string {
  const file = `'${join(folder, 'memory.bin')}'`;
  const block = 2 ** 21;
  return `dd if=/dev/zero of=${file} bs=${block} count=${Math.ceil((1.25 * bytes) / block)} conv=fsync status=none; rm ${file}; sync`;
}

/** Of an even number the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const inOrder = [...values].sort((left, right) => left - right);
  const at = (place: number): number => inOrder[Math.floor(place)] ?? Number.NaN;
  return (at((values.length - 1) / 2) + at(values.length / 2)) / 2;
}

export const median = (timings: readonly Timing[]): Timing => ({
  seconds: medianOf(timings.map(({ seconds }) => seconds)),
  cpuSeconds: medianOf(timings.map(({ cpuSeconds }) => cpuSeconds)),
});
