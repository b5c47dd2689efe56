// How a running server tells of its Mediaflux: readiness, figures, and a session that is ended when it stops.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { createToken } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { freshFolder } from '../support/folders.js';
import { Program } from '../support/program.js';
import { until } from '../support/wait.js';

interface Ready {
  parts: { mediaflux: { ready: boolean; breaker: string; tokenDaysLeft?: number; detail?: string } };
}

let emulator: RunningEmulator;
let program: Program;
beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  const transport = new Transport(emulator.url);
  const credentials = { domain: 'service', user: 'dispatch', password: 'dispatch' };
  const { token } = await createToken(new MediafluxSession({ transport, credentials }), {
    roles: [{ type: 'user', name: 'service:dispatch' }],
    to: 'now+9day',
  });
  await transport.close();
  program = await Program.start({ env: { MEDIAFLUX_URL: emulator.url, MEDIAFLUX_TOKEN: token } });
});
afterAll(() => emulator.close());

const mediaflux = async () => {
  const reply = await fetch(`${program.endpoints.server}/health/ready`);
  return ((await reply.json()) as Ready).parts.mediaflux;
};
const figure = async (state: string) => {
  const text = await (await fetch(`${program.endpoints.server}/metrics`)).text();
  return new RegExp(`^dispatch_mediaflux\\{state="${state}"\\} (\\d)$`, 'm').exec(text)?.[1];
};

it('tells the days left of the service’s token, and that its breaker is closed', async () => {
  expect(await mediaflux()).toEqual({ ready: true, breaker: 'closed', tokenDaysLeft: 8 });
  expect([await figure('reachable'), await figure('breaker_open'), await figure('refused')]).toEqual(['1', '0', '0']);
});

it('tells an open breaker while Mediaflux is away, and closes it by itself', async () => {
  emulator.faults.set({ path: '/__mflux_svc__', action: { refuse: true } });
  await until('the breaker open', async () => ((await mediaflux()).breaker === 'open' ? true : undefined));
  expect([await figure('reachable'), await figure('breaker_open')]).toEqual(['0', '1']);
  emulator.faults.clear();
  const after = await until('Mediaflux back', async () => {
    const part = await mediaflux();
    return part.ready ? part : undefined;
  });
  expect(after).toMatchObject({ breaker: 'closed', tokenDaysLeft: 8 });
});

it('ends its session when it stops', async () => {
  emulator.faults.forgetCalls();
  expect(await program.stop()).toBe(0);
  expect(emulator.faults.calls().filter((call) => call.service === 'system.logoff')).toHaveLength(1);
});
