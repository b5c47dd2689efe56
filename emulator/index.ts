// Starts the emulator: a data folder, a port, and everything between.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Sessions } from './access/sessions.js';
import { Faults } from './control/faults.js';
import { createControlServer } from './control/server.js';
import { fillFirstContents } from './first-contents.js';
import { createEmulatorServer, type TlsFiles } from './http/server.js';
import { failInterruptedTasks } from './services/background-services.js';
import { forgetIoJobs } from './services/io-services.js';
import type { World } from './services/service.js';
import { Contents } from './store/contents.js';
import { lockFolder } from './store/folder-lock.js';
import { State } from './store/state.js';

export type { Fault } from './control/faults.js';
export { FolderInUse } from './store/folder-lock.js';

export interface EmulatorOptions {
  /** 0 is any free port. */
  port: number;
  host?: string;
  dataDir: string;
  now?: () => number;
  /** Port for faults and the log of calls, on loopback; 0 is any free one; undefined: none. */
  controlPort?: number;
  tls?: TlsFiles;
}

export interface RunningEmulator {
  url: string;
  /** Address of the control port, if there is one. */
  controlUrl: string | null;
  faults: Faults;
  /** Forgets every session, as a restart of a server would. Answers how many there were. */
  expireSessions(): number;
  /** Forgets every IO job with what was written to it, as a restart of a server may. Answers how many there were. */
  forgetIoJobs(): number;
  /** Whether it tells the checksums of contents. */
  tellChecksums(tells: boolean): void;
  close(): Promise<void>;
}

/** @throws FolderInUse another emulator uses the folder; and what `listen` throws of a port that is taken */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const now = options.now ?? Date.now;
  const host = options.host ?? '127.0.0.1';
  const unlock = lockFolder(options.dataDir);
  try {
    const state = new State();
    state.open(options.dataDir);
    fillFirstContents(state, now());
    failInterruptedTasks(state, now());
    const contents = new Contents(join(options.dataDir, 'content'));
    await contents.removeAllBut(new Set(state.files()));
    const sessions = new Sessions(state, now, (output) => {
      if (output.temporaryFile !== undefined) void contents.remove(output.temporaryFile);
    });
    const faults = new Faults(now);
    const world: World = {
      state,
      contents,
      sessions,
      takenFiles: new Set(),
      now,
      port: () => portOf(server),
      isSecure: options.tls !== undefined,
    };
    const server = createEmulatorServer(world, faults, options.tls);
    const control = options.controlPort === undefined ? undefined : createControlServer(world, faults);
    await listen(server, options.port, host);
    if (control) await listen(control, options.controlPort ?? 0, '127.0.0.1');
    return {
      url: `${options.tls ? 'https' : 'http'}://${host}:${portOf(server)}`,
      controlUrl: control ? `http://127.0.0.1:${portOf(control)}` : null,
      faults,
      expireSessions: () => sessions.expireAll(),
      forgetIoJobs: () => forgetIoJobs(world),
      tellChecksums: (tells) => {
        state.tellsChecksums = tells;
      },
      close: async () => {
        await Promise.all([server, ...(control ? [control] : [])].map(shut));
        state.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

const shut = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
