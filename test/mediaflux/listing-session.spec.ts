// The session of a listing: its iterator lives in that session alone, so that what becomes of the one that all other calls
// share does not end it.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { MediafluxGateway } from '../../src/mediaflux/gateway/gateway.js';
import { MediafluxEar } from '../leaks/mediaflux-ear.js';
import { Secrets } from '../leaks/secrets.js';
import { PROJECT } from '../support/api.js';
import { freshFolder } from '../support/folders.js';
import { RawClient } from '../support/raw-client.js';
import { until } from '../support/wait.js';

const ACCOUNT = { domain: 'service', user: 'dispatch', password: 'dispatch' };
const DATA = `${PROJECT}/up/data`;
let emulator: RunningEmulator;
let raw: RawClient;
beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  raw = new RawClient(emulator.url, ACCOUNT);
  await raw.logon();
  await raw.call('asset.namespace.create', `<namespace all="true">${DATA}</namespace>`);
  for (const name of ['a', 'b']) await raw.call('asset.create', `<namespace>${DATA}</namespace><name>${name}</name>`);
});
afterEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

/**
 * A listing that stands still before its first part, with the keys of all sessions so far: that of all other calls, then
 * that of the listing.
 */
async function heldListing() {
  const secrets = new Secrets();
  const ear = await MediafluxEar.before(emulator.url, secrets);
  const gateway = new MediafluxGateway({ url: ear.url, credentials: ACCOUNT });
  await gateway.summarize(DATA);
  emulator.faults.forgetCalls();
  emulator.faults.set({ service: 'asset.query.iterate', times: 1, action: { hold: true } });
  const list = async (): Promise<string[]> => {
    const paths: string[] = [];
    for await (const { path } of gateway.listFolder(DATA)) paths.push(path);
    return paths.sort();
  };
  const listed = list();
  // Told by whoever waits for it.
  listed.catch(() => undefined);
  await until('the listing', () =>
    emulator.faults.calls().some(({ service }) => service === 'asset.query.iterate') ? true : undefined,
  );
  const keys = (): string[] => secrets.of('credential').map(({ value }) => value);
  const close = async (): Promise<void> => {
    await gateway.close();
    await ear.close();
  };
  return { gateway, listed, keys, close };
}

const end = (key: string | undefined): Promise<string> =>
  raw.post(`<request><service name="system.logoff" session="${key ?? ''}"><args></args></service></request>`);

describe('a listing that stands still', () => {
  it('goes on when the session of all other calls ends, and leaves them the one they have then', async () => {
    const { gateway, listed, keys, close } = await heldListing();
    await end(keys()[0]);
    const summary = await gateway.summarize(DATA);
    expect(summary.count).toBe(2);
    emulator.faults.clear();
    expect(await listed).toEqual(['a', 'b']);
    expect(await gateway.summarize(DATA)).toEqual(summary);
    // Of all other calls, of the listing, of all other calls again.
    expect(keys()).toHaveLength(3);
    await close();
  });

  it('is lost with its own', async () => {
    const { listed, keys, close } = await heldListing();
    await end(keys()[1]);
    emulator.faults.clear();
    await expect(listed).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('lost in the middle'),
    });
    await close();
  });
});
