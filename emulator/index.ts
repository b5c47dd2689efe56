// Starts the emulator: a data folder, a port, and everything between.

import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Sessions } from './access/sessions.js';
import { fillFirstContents } from './first-contents.js';
import { createEmulatorServer } from './http/server.js';
import { Contents } from './store/contents.js';
import { lockFolder } from './store/folder-lock.js';
import { State } from './store/state.js';

export { FolderInUse } from './store/folder-lock.js';

export interface EmulatorOptions {
  /** 0 is any free port. */
  port: number;
  host?: string;
  dataDir: string;
  now?: () => number;
}

export interface RunningEmulator {
  url: string;
  /** Forgets every session, as a restart of a server would. Answers how many there were. */
  expireSessions(): number;
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
    const contents = new Contents(join(options.dataDir, 'content'));
    await contents.removeAllBut(new Set([...state.all('asset')].flatMap((asset) => asset.content?.file ?? [])));
    const sessions = new Sessions(state, now);
    const server = createEmulatorServer({ state, contents, sessions, now });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, host, resolve);
    });
    return {
      url: `http://${host}:${(server.address() as AddressInfo).port}`,
      expireSessions: () => sessions.expireAll(),
      close: async () => {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
        state.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
