// The folders below a namespace, of trees of any shape.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { MediafluxGateway } from '../../src/mediaflux/gateway/gateway.js';
import { PROJECT } from '../support/api.js';
import { freshFolder } from '../support/folders.js';
import { RawClient } from '../support/raw-client.js';
import { until } from '../support/wait.js';

const ACCOUNT = { domain: 'service', user: 'dispatch', password: 'dispatch' };
let emulator: RunningEmulator;
let raw: RawClient;
let gateway: MediafluxGateway;
beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  raw = new RawClient(emulator.url, ACCOUNT);
  gateway = new MediafluxGateway({ url: emulator.url, credentials: ACCOUNT });
  await raw.logon();
});
afterAll(async () => {
  await gateway.close();
  await emulator.close();
});

const listed = async (namespace: string): Promise<string[]> => {
  const paths: string[] = [];
  for await (const path of gateway.listSubfolders(namespace)) paths.push(path);
  return paths;
};

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

it('are each told once, after those that they lie in, however deep and wide the tree is', async () => {
  let trees = 0;
  const folder = fc.array(fc.constantFrom('a', 'b', 'c', 'ä ö', 'e'), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(folder, { maxLength: 12 }), async (folders) => {
      const namespace = `${PROJECT}/tree-${(trees += 1)}`;
      await raw.call('asset.namespace.create', `<namespace all="true">${namespace}</namespace>`);
      for (const names of folders)
        await raw.call('asset.namespace.create', `<namespace all="true">${namespace}/${names.join('/')}</namespace>`);
      const expected = new Set(
        folders.flatMap((names) => names.map((_, depth) => names.slice(0, depth + 1).join('/'))),
      );
      const found = await listed(namespace);
      expect([...found].sort()).toEqual([...expected].sort());
      const places = new Map(found.map((path, place) => [path, place]));
      for (const [path, place] of places) expect(places.get(parentOf(path)) ?? -1).toBeLessThan(place);
    }),
    { numRuns: 30 },
  );
});

it('are asked for four at a time', async () => {
  const namespace = `${PROJECT}/wide`;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names)
    await raw.call('asset.namespace.create', `<namespace all="true">${namespace}/${name}</namespace>`);
  const asked = () => emulator.faults.calls().filter(({ service }) => service === 'asset.namespace.list').length;
  emulator.faults.forgetCalls();
  emulator.faults.set({ service: 'asset.namespace.list', after: 1, action: { hold: true } });
  const found = listed(namespace);
  await until('four more calls', () => (asked() === 1 + 4 ? true : undefined));
  emulator.faults.clear();
  expect((await found).sort()).toEqual(names);
  expect(asked()).toBe(1 + names.length);
});
