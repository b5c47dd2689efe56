// Ports of embedded parts. One that is taken is an error that says who may hold it and which setting changes it.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export class PortTaken extends Error {}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** How long parts of a killed run may still hold their ports. */
const GRACE_MS = 3_000;

/** @throws PortTaken it still is after a moment of patience */
export async function mustBeFree(port: number, setting: string): Promise<void> {
  const until = performance.now() + GRACE_MS;
  while (await isListening(port)) {
    if (performance.now() > until) throw portTaken(port, setting);
    await delay(100);
  }
}

export function portTaken(port: number, setting: string): PortTaken {
  const holder = holderOf(port);
  const who = holder === undefined ? 'another program' : `process ${holder.pid} (${holder.name})`;
  return new PortTaken(
    `Port ${port} is taken by ${who}. Stop that, or set ${setting} to another port (0 is any free one).`,
  );
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** On Linux, the process that listens on the port, if it may be seen. */
function holderOf(port: number): { pid: number; name: string } | undefined {
  const inode = listeningInode(port);
  if (inode === undefined) return undefined;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const holds = readdirSync(`/proc/${pid}/fd`).some(
        (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
      );
      if (holds) return { pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() };
    } catch (error) {
      // Processes end while one looks, and those of others may not be looked at.
      if (!['ENOENT', 'EACCES', 'EPERM', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return undefined;
}

function listeningInode(port: number): string | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = readFileSync(table, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[3] === '0A' && columns[1]?.endsWith(wanted)) return columns[9];
    }
  }
  return undefined;
}
