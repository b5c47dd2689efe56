// The Data Mover's connection to a Mediaflux emulator that has no dispatch server before it.

import { join } from 'node:path';
import { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { createNamespace, createToken } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';

export interface OwnLink {
  emulator: RunningEmulator;
  link: MediafluxLink;
  close(): Promise<void>;
}

/** @param work folder for the emulator @param namespace made anew, and what the credential is for */
export async function openOwnLink(work: string, namespace: string): Promise<OwnLink> {
  const emulator = await startEmulator({ port: 0, dataDir: join(work, 'emulator') });
  const transport = new Transport(emulator.url);
  const owner = new MediafluxSession({
    transport,
    credentials: { domain: 'demo', user: 'researcher', password: 'researcher' },
  });
  await createNamespace(owner, namespace);
  const made = await createToken(owner, { roles: [{ type: 'user', name: 'demo:researcher' }], to: 'now+1day' });
  await transport.close();
  const credential = {
    url: emulator.url,
    namespace,
    token: made.token,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const link = new MediafluxLink(credential, {
    connections: 2,
    giveUpAfterMs: 10_000,
    note: () => undefined,
    signal: new AbortController().signal,
    renew: () => Promise.resolve(credential),
    millisecondsUntil: () => 86_400_000,
  });
  return {
    emulator,
    link,
    async close() {
      await link.close();
      await emulator.close();
    },
  };
}
