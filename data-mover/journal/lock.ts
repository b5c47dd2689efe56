// Keeps a second run of the same transfer out. The system holds the lock for as long as the process lives, and lets go
// of it however that ends; nothing is judged by numbers of processes or by times, which can be another's. Decision 0011.

import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failures.js';

/** `open` on macOS (sys/fcntl.h), and on Windows by libuv (`UV_FS_O_EXLOCK`: nobody else may open it meanwhile). */
const EXCLUSIVE = process.platform === 'win32' ? 0x1000_0000 : 0x20;

/**
 * Answers what unlocks it.
 * @param file in a folder that exists; beside it a note says which process holds it, for people
 * @throws Failure a run is under way
 */
export async function lock(file: string, what: string): Promise<() => void> {
  const release = await lockOfSystem(file, 0o600);
  if (!release) throw busy(file, what);
  try {
    writeFileSync(noteOf(file), String(process.pid), { mode: 0o600 });
  } catch (error) {
    release();
    throw error;
  }
  return () => {
    rmSync(noteOf(file), { force: true });
    release();
  };
}

/**
 * The same in a folder that is not this program's own, and may be other people's too: no note is left in it. Where its file
 * system holds no locks, or lets this account have none, nobody is kept out.
 */
export async function lockShared(file: string, what: string): Promise<() => void> {
  const release = await lockOfSystem(file, 0o666).catch((error: NodeJS.ErrnoException) => {
    if (!['ENOTSUP', 'EOPNOTSUPP', 'ENOLCK', 'EACCES', 'EPERM'].includes(error.code ?? '')) throw error;
    return () => undefined;
  });
  if (!release) throw busy(file, what);
  return release;
}

/** Undefined: somebody has it. */
const lockOfSystem = async (file: string, mode: number): Promise<(() => void) | undefined> =>
  process.platform === 'linux' ? lockedName(file) : lockedFile(file, constants.O_CREAT, mode);

/** Nothing is locked then, and nothing written. @throws Failure a run is under way */
export async function mustBeFree(file: string, what: string): Promise<void> {
  const isThere = existsSync(process.platform === 'linux' ? dirname(file) : file);
  if (!isThere) return;
  const release = await (process.platform === 'linux' ? lockedName(file) : lockedFile(file, 0, 0));
  if (!release) throw busy(file, what);
  release();
}

function busy(file: string, what: string): Failure {
  const holder = holderOf(file);
  return new Failure(`${holder === undefined ? 'Another run' : `Process ${holder}`} is at ${what} already.`);
}

/** Linux: a name for sockets that exists in the kernel only ("abstract", unix(7)), once on a computer. */
function lockedName(file: string): Promise<(() => void) | undefined> {
  const place = join(realpathSync(dirname(file)), basename(file));
  const name = `\0instrument-dispatch-${createHash('sha256').update(place).digest('hex')}`;
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path: name }, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}

/** macOS and Windows: a file that is opened for this process alone. */
function lockedFile(file: string, create: number, mode: number): Promise<(() => void) | undefined> {
  const { O_RDWR, O_NONBLOCK = 0 } = constants;
  try {
    const descriptor = openSync(file, O_RDWR | create | O_NONBLOCK | EXCLUSIVE, mode);
    return Promise.resolve(() => closeSync(descriptor));
  } catch (error) {
    if (!['EAGAIN', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return Promise.resolve(undefined);
  }
}

const noteOf = (file: string): string => `${file}.process`;

/** Who noted that it holds the lock; it may not have yet. */
function holderOf(file: string): string | undefined {
  try {
    return /^\d+$/.exec(readFileSync(noteOf(file), 'utf8'))?.[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
