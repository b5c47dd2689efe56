// `npm run check-site` on the emulator: every assumption is asked, one that does not hold is named with what was seen, and
// nothing is left behind.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { ASSUMPTIONS } from '../../src/mediaflux/command-line/assumptions.js';
import { PROJECT } from '../support/api.js';
import { freshFolder } from '../support/folders.js';
import { root, runCommand, settingsOf } from '../support/program.js';
import { RawClient, texts } from '../support/raw-client.js';

let emulator: RunningEmulator;
const check = (namespace: string) =>
  runCommand('src/mediaflux/command-line/check-site.js', [namespace], settingsOf(emulator.url));

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
});
afterAll(() => emulator.close());

it('finds that everything holds, and leaves nothing behind', async () => {
  const service = new RawClient(emulator.url, { domain: 'service', user: 'dispatch', password: 'dispatch' });
  await service.logon();
  const project = () => service.call('asset.namespace.list', `<namespace>${PROJECT}</namespace><assets>true</assets>`);
  const before = await project();
  const { code, stdout } = await check(PROJECT);
  expect(stdout).toContain('Every assumption that was tried holds.');
  expect([...stdout.matchAll(/^ *(\d+) {2}holds /gm)].map(([, number]) => Number(number))).toEqual(
    ASSUMPTIONS.map((assumption) => assumption.number),
  );
  expect(code).toBe(0);
  expect(stdout).not.toContain('Left behind');
  expect(await project()).toBe(before);
  expect(texts(await service.call('secure.identity.token.describe'), 'actor')).toEqual([]);
});

it('names what does not hold, with what was seen, and goes on with the rest', async () => {
  emulator.faults.set({ service: 'server.io.job.create', action: { error: 'There are no jobs here' } });
  const { code, stdout } = await check(PROJECT);
  emulator.faults.clear();
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^14 {2}DOES NOT HOLD .*\n {4}server\.io\.job\.create failed \(service-error\): There are no jobs here$/m,
  );
  expect([...stdout.matchAll(/^ *\d+ {2}holds /gm)]).toHaveLength(ASSUMPTIONS.length - 1);
});

it('goes on with the rest when a link cannot be fetched', async () => {
  emulator.faults.set({ path: '/mflux/execute.mfjp', action: { refuse: true } });
  const { code, stdout } = await check(PROJECT);
  emulator.faults.clear();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ 9 {2}DOES NOT HOLD .*\n {4}a HEAD of execute\.mfjp fails \(UND_ERR_SOCKET\)$/m);
  expect([...stdout.matchAll(/^ *\d+ {2}holds /gm)]).toHaveLength(ASSUMPTIONS.length - 1);
  expect(stdout).not.toContain('Left behind');
});

it('says what is wrong when it cannot begin', async () => {
  expect(await check('projects')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/NAMESPACE is one in which/) as unknown,
  });
  const { code, stderr } = await check('/projects/proj-researcher-1128.4.20');
  expect(code).toBe(1);
  expect(stderr).toMatch(/not exist or is not accessible/);
});

it('asks for exactly what the document lists', () => {
  const document = readFileSync(join(root, 'docs/mediaflux-assumptions.md'), 'utf8');
  const listed = [...document.matchAll(/^\| (\d+) +\| (.*?) \|/gm)].map(([, number, sentence]) => [
    Number(number),
    sentence?.trim(),
  ]);
  expect(listed).toEqual(ASSUMPTIONS.map(({ number, sentence }) => [number, sentence]));
});
