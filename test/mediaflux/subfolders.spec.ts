// The folders in folders of a namespace, of trees of any shape.

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

const listed = async (namespace: string, ...parts: string[][]): Promise<string[]> => {
  const parents = async function* () {
    for (const part of parts) yield await Promise.resolve(part);
  };
  const paths: string[] = [];
  for await (const path of gateway.listFoldersIn(namespace, parents())) paths.push(path);
  return paths;
};

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

it('are those directly in the folders that are asked about, and none where there is no such folder', async () => {
  let trees = 0;
  const name = fc.constantFrom('a', 'b', 'c', 'ä ö', 'e');
  const folder = fc.array(name, { minLength: 1, maxLength: 6 });
  const asked = fc.array(fc.array(name, { maxLength: 5 }), { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(fc.array(folder, { maxLength: 12 }), asked, async (folders, parents) => {
      const namespace = `${PROJECT}/tree-${(trees += 1)}`;
      await raw.call('asset.namespace.create', `<namespace all="true">${namespace}</namespace>`);
      for (const names of folders)
        await raw.call('asset.namespace.create', `<namespace all="true">${namespace}/${names.join('/')}</namespace>`);
      const there = new Set(folders.flatMap((names) => names.map((_, depth) => names.slice(0, depth + 1).join('/'))));
      const of = new Set(['', ...parents.map((names) => names.join('/'))]);
      const expected = [...there].filter((path) => of.has(parentOf(path)));
      expect((await listed(namespace, [...of].slice(0, 5), [...of].slice(5))).sort()).toEqual(expected.sort());
    }),
    { numRuns: 30 },
  );
});

it('are asked for four at a time', async () => {
  const namespace = `${PROJECT}/wide`;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names)
    await raw.call('asset.namespace.create', `<namespace all="true">${namespace}/${name}/in</namespace>`);
  const asked = () => emulator.faults.calls().filter(({ service }) => service === 'asset.namespace.list').length;
  emulator.faults.forgetCalls();
  emulator.faults.set({ service: 'asset.namespace.list', action: { hold: true } });
  const found = listed(namespace, names);
  await until('four calls', () => (asked() === 4 ? true : undefined));
  emulator.faults.clear();
  expect((await found).sort()).toEqual(names.map((name) => `${name}/in`));
  expect(asked()).toBe(names.length);
});

it('are not taken for none where Mediaflux refuses to tell those of a folder that is there', async () => {
  const namespace = `${PROJECT}/refused`;
  await raw.call('asset.namespace.create', `<namespace all="true">${namespace}/a</namespace>`);
  emulator.faults.set({ service: 'asset.namespace.list', action: { error: 'not today' } });
  await expect(listed(namespace, [''])).rejects.toMatchObject({ service: 'asset.namespace.list' });
  emulator.faults.clear();
});
