// An embedded part that is a program of its own: in a process group of its own, so that a signal to ours leaves it for
// an ordered stop, and ending by itself when we are gone, because its standard input closes then.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunningProgram {
  /** The line that it printed when it was ready. */
  readyLine: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 3_000;

/** Starts `node script args`; resolves with its first line. @throws Error what it said on standard error instead */
export async function startProgram(
  name: string,
  script: string,
  args: readonly string[],
  onUnexpectedEnd: (sentence: string) => void,
): Promise<RunningProgram> {
  const child = spawn(process.execPath, [script, ...args], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let isStopping = false;
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000);
  });
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') onUnexpectedEnd(`The ${name}'s standard input failed: ${error.message}`);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const readyLine = await firstLine(child, () => complaints.trim() || `The ${name} ended before it was ready.`);
  child.once('exit', (code, signal) => {
    if (!isStopping)
      onUnexpectedEnd(`The ${name} ended by itself (${signal ?? code ?? 'unknown'}). ${complaints.trim()}`);
  });
  return {
    readyLine,
    stop: async () => {
      isStopping = true;
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(hard);
    },
  };
}

function firstLine(child: ChildProcess, complaint: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(complaint()));
    }, READY_WITHIN_MS);
    if (!child.stdout) throw new Error('The program was started without a standard output.');
    createInterface(child.stdout).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
    // `close` comes after everything that it wrote.
    child.once('close', () => {
      clearTimeout(timer);
      reject(new Error(complaint()));
    });
  });
}
