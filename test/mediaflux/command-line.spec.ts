// `npm run mediaflux`: one line of JSON whatever comes of a call. The built program as a process, against the emulator.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { CannedServer } from '../support/canned-server.js';
import { freshFolder } from '../support/folders.js';
import { runCommand } from '../support/program.js';

interface Told {
  service: string;
  result?: unknown;
  error?: { kind: string; message: string; version: string | null; causes: string[] };
}

const ACCOUNT = { MEDIAFLUX_DOMAIN: 'demo', MEDIAFLUX_USER: 'researcher', MEDIAFLUX_PASSWORD: 'researcher' };
let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
});
beforeEach(() => emulator.faults.forgetCalls());
afterAll(() => emulator.close());

/** @returns the exit code and what the one line says */
async function call(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null } & Told> {
  const { code, stdout } = await runCommand('src/mediaflux/command-line/call.js', args, {
    MEDIAFLUX_URL: emulator.url,
    ...ACCOUNT,
    ...env,
  });
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return { code, ...(JSON.parse(stdout) as Told) };
}
const services = (): (string | null)[] => emulator.faults.calls().map((made) => made.service);

it('tells a result with every value as it was received, and logs off', async () => {
  const told = await call(['asset.namespace.exists', '<namespace>/projects/proj-researcher-1128.4.20</namespace>']);
  expect(told).toEqual({
    code: 0,
    service: 'asset.namespace.exists',
    result: {
      name: 'result',
      attributes: {},
      text: null,
      children: [
        {
          name: 'exists',
          attributes: expect.anything() as unknown,
          text: 'true',
          children: [],
        },
      ],
    },
  });
  expect(services()).toEqual(['system.logon', 'asset.namespace.exists', 'system.logoff']);
});

it('keeps spaces, entities and large numbers of what it received', async () => {
  const server = new CannedServer();
  await server.start();
  server.results('<a b=" 1 &amp; 2 "> x &lt; &#34;y&#34;\n </a><n>9007199254740993</n><e/><c><![CDATA[<z/>]]></c>');
  const element = (name: string, text: string | null, attributes = {}) => ({ name, attributes, text, children: [] });
  expect(await call(['a.b'], { MEDIAFLUX_URL: server.url })).toMatchObject({
    code: 0,
    result: {
      children: [
        element('a', ' x < "y"\n ', { b: ' 1 & 2 ' }),
        element('n', '9007199254740993'),
        element('e', null),
        element('c', '<z/>'),
      ],
    },
  });
  await server.close();
});

it('tells an error of the service, logs off too, and says nothing of a logoff that fails', async () => {
  emulator.faults.set({ service: 'system.logoff', action: { error: 'It broke' }, times: 1 });
  expect(await call(['asset.namespace.describe', '<namespace>/nowhere</namespace>'])).toEqual({
    code: 1,
    service: 'asset.namespace.describe',
    error: {
      kind: 'not-found',
      message: "The namespace '/nowhere' does not exist or is not accessible",
      version: '4.16.082',
      causes: ["The namespace '/nowhere' does not exist or is not accessible"],
    },
  });
  expect(services()).toEqual(['system.logon', 'asset.namespace.describe', 'system.logoff']);
});

it('tells a wrong password, without the password', async () => {
  const told = await call(['server.ping'], { MEDIAFLUX_PASSWORD: 'correct-horse' });
  expect(told).toMatchObject({ code: 1, error: { kind: 'not-authenticated', version: '4.16.082' } });
  expect(JSON.stringify(told)).not.toContain('correct-horse');
});

it('tells a server that is not there, and settings that will not do', async () => {
  expect(await call(['server.ping'], { MEDIAFLUX_URL: 'http://127.0.0.1:9' })).toMatchObject({
    code: 1,
    service: 'server.ping',
    error: { kind: 'unreachable', version: null, causes: [] },
  });
  expect(await call(['server.ping'], { MEDIAFLUX_URL: 'mediaflux' })).toMatchObject({
    code: 1,
    error: { kind: 'settings', message: expect.stringMatching(/^MEDIAFLUX_URL is no address/) as unknown },
  });
});

it.each(['<namespace>/a', 'namespace', '<a/></args><args>', '<!DOCTYPE a>', '<a>&x;</a>'])(
  'tells arguments that are no XML before any call: %s',
  async (args) => {
    expect(await call(['asset.namespace.exists', args])).toMatchObject({
      code: 1,
      service: 'asset.namespace.exists',
      error: { kind: 'invalid-arguments', message: expect.stringMatching(/no XML elements/) as unknown, version: null },
    });
    expect(services()).toEqual([]);
  },
);

it.each([[[]], [['--help']], [['server.ping', '<a/>', '<b/>']], [['']]])('says how it is used: %j', async (args) => {
  expect(await runCommand('src/mediaflux/command-line/call.js', args)).toEqual({
    code: 2,
    stdout: '',
    stderr: "Use: npm run mediaflux -- SERVICE ['<arg>…</arg>']\n",
  });
});
