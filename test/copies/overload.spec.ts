// Logons for copies while something gives way: the database is overloaded, or Mediaflux breaks off at any step. What the
// service cannot do now it says with 503 and when to try again, never with 500.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { CopyStage, RESEARCHER } from '../support/copies.js';
import { HeldRows } from '../support/held-rows.js';

let stage: CopyStage;
beforeAll(async () => {
  stage = await CopyStage.open();
});
afterEach(async () => {
  stage.letGo();
  await stage.forgiveLogons();
});
afterAll(() => stage.close());

async function logOn(path: string) {
  const reply = await fetch(`${stage.program.endpoints.server}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(RESEARCHER),
  });
  await reply.text();
  return { status: reply.status, retryAfter: Number(reply.headers.get('retry-after') ?? 0) };
}

/** The services asked in each of several logons: the service's own questions (a health check) happen to fall into one only. */
async function stepsOfALogon(path: string): Promise<string[]> {
  const seen: Set<string>[] = [];
  for (let nth = 0; nth < 4; nth++) {
    stage.emulator.faults.forgetCalls();
    expect((await logOn(path)).status).toBe(201);
    const names = stage.emulator.faults.calls().flatMap(({ service, inner }) => [service, ...inner]);
    seen.push(new Set(names.filter((name): name is string => typeof name === 'string' && name !== '')));
  }
  return [...seen[0]!].filter((name) => seen.every((names) => names.has(name)));
}

it('says 503 when no connection to the database comes free', async () => {
  const path = stage.path(await stage.dispatch(), '/logons');
  expect((await logOn(path)).status).toBe(201);
  const held = await HeldRows.holdTable(stage.program.endpoints.database, 'rate_limit', 'access exclusive');
  const asking = Array.from({ length: 14 }, () => logOn(path));
  const first = await Promise.race(asking);
  await held.release();
  const answers = await Promise.all(asking);
  expect(first.status).toBe(503);
  for (const { status, retryAfter } of answers) {
    expect([201, 429, 503]).toContain(status);
    if (status !== 201) expect(retryAfter).toBeGreaterThan(0);
  }
  await stage.forgiveLogons();
  expect((await logOn(path)).status).toBe(201);
});

it('says 503 at whatever step Mediaflux breaks off, and the next logon succeeds', async () => {
  const path = stage.path(await stage.dispatch(), '/logons');
  const steps = await stepsOfALogon(path);
  expect(steps).toEqual(expect.arrayContaining(['system.logon', 'secure.identity.token.create']));
  const met: string[] = [];
  for (const service of steps) {
    for (const action of [{ refuse: true as const }, { cutAfterBytes: 10 }, { status: 502 }]) {
      stage.emulator.faults.set({ service, action });
      const { status, retryAfter } = await logOn(path);
      stage.letGo();
      met.push(`${service} ${JSON.stringify(action)}: ${status}`);
      // Once the logon is kept, its session's end matters to nobody.
      if (service === 'system.logoff') expect(status).toBe(201);
      else
        expect({ service, action, status, waits: retryAfter > 0 }).toEqual({
          service,
          action,
          status: 503,
          waits: true,
        });
    }
  }
  expect(met.length).toBeGreaterThan(9);
  expect((await logOn(path)).status).toBe(201);
  expect(stage.program.output).not.toContain('for a reason that is not foreseen');
});
