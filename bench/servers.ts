// The servers that measurements speak to, each a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Transport } from '../src/mediaflux/protocol/index.js';

export interface RunningServer {
  url: string;
  /** Most resident memory so far, in bytes; NaN where the system does not tell. */
  peakMemory(): number;
  stop(): void;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

export async function bareServer(folder: string): Promise<RunningServer> {
  mkdirSync(folder, { recursive: true });
  const child = start('bench/bare-server.js', [folder]);
  return server(child, `http://127.0.0.1:${await firstLine(child)}`);
}

export async function emulator(dataDir: string, port = '0'): Promise<RunningServer> {
  const child = start('emulator/main.js', ['--port', port, '--data', dataDir]);
  return server(child, (await firstLine(child)).replace(/^.* /, ''));
}

const start = (program: string, args: string[]): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, '..', program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const server = (child: ChildProcess, url: string): RunningServer => ({
  url,
  stop: () => void child.kill(),
  ended: new Promise((resolve) => child.once('exit', () => resolve())),
  peakMemory() {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
    } catch {
      // Told on Linux only, and of a process that lives.
      return Number.NaN;
    }
  },
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('A server that was to be measured ended.')));
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });
}

/** Posts a request as it is; answers the reply. */
export async function post(url: string, document: string): Promise<string> {
  const transport = new Transport(url);
  try {
    const reply = await transport.post(document, { 'content-type': 'text/xml' });
    const parts: Buffer[] = [];
    for await (const part of reply.body) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  } finally {
    await transport.close();
  }
}

/** The key of an open session, for curl. */
export const sessionKey = (url: string, domain = 'demo', user = 'researcher'): Promise<string> =>
  openSession(url, `<domain>${domain}</domain><user>${user}</user><password>${user}</password>`);

/** The same, with a token in place of a person's name and password. */
export const tokenSessionKey = (url: string, token: string): Promise<string> =>
  openSession(url, `<token>${token}</token>`);

async function openSession(url: string, credentials: string): Promise<string> {
  const reply = await post(
    url,
    `<request><service name="system.logon"><args>${credentials}</args></service></request>`,
  );
  const key = /<session[^>]*>([^<]+)</.exec(reply)?.[1];
  if (key === undefined) throw new Error('The emulator gave no session.');
  return key;
}

/** Of all assets in a namespace. */
export async function assetIds(url: string, session: string, namespace: string): Promise<string[]> {
  const listed = await post(
    url,
    `<request><service name="asset.query" session="${session}"><args><namespace>${namespace}</namespace><size>infinity</size></args></service></request>`,
  );
  return [...listed.matchAll(/<id version="1">(\d+)<\/id>/g)].map(([, id = '']) => id);
}

export const contentAddress = (url: string, session: string, id: string): string =>
  `${url}/mflux/content.mfjp?_skey=${session}&id=${id}`;

export async function destroyNamespace(url: string, session: string, namespace: string): Promise<void> {
  await post(
    url,
    `<request><service name="asset.namespace.destroy" session="${session}"><args><namespace>${namespace}</namespace></args></service></request>`,
  );
}
