// The pages of the copy method: where a form is shown again it has the status that programs get, and says why.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CopyStage, OWN_PROJECT, RESEARCHER } from '../support/copies.js';
import type { Dispatched } from '../support/dispatched.js';

let stage: CopyStage;
let serial = 0;
const freshPlace = (): string => `${OWN_PROJECT}/pages-${serial++}`;

beforeAll(async () => {
  stage = await CopyStage.open();
});
afterEach(async () => {
  stage.letGo();
  await stage.forgiveLogons();
});
afterAll(() => stage.close());

const AWAY = { error: 'The server is in maintenance mode' };

async function post(delivery: Dispatched, rest: string, fields: Record<string, string>, cookie = '') {
  const reply = await fetch(`${stage.program.endpoints.server}/s/${delivery.token}/copy${rest}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', cookie },
    body: new URLSearchParams(fields),
  });
  const [kept = ''] = (reply.headers.get('set-cookie') ?? '').split(';');
  const seconds = reply.headers.get('retry-after');
  return { status: reply.status, page: await reply.text(), retryAfter: seconds && Number(seconds), cookie: kept };
}

describe('the form for the logon', () => {
  it('answers 422 to a wrong password, with what was typed', async () => {
    const { status, page, retryAfter } = await post(await stage.dispatch(), '', {
      ...RESEARCHER,
      password: 'not-theirs',
    });
    expect({ status, retryAfter }).toEqual({ status: 422, retryAfter: null });
    expect(page).toContain('value="researcher"');
    expect(page).not.toContain('not-theirs');
  });

  it.each(['', OWN_PROJECT])(
    'answers 503 while Mediaflux is away, and when to try again (destination %j)',
    async (at) => {
      const to = await stage.dispatch();
      stage.emulator.faults.set({ service: 'system.logon', action: AWAY });
      const destination = at === '' ? '' : freshPlace();
      const { status, page, retryAfter } = await post(to, '', { ...RESEARCHER, destination });
      expect(status).toBe(503);
      expect(retryAfter).toBeGreaterThan(0);
      expect(page).toContain('value="researcher"');
      expect(page).toMatch(/role="alert"/);
    },
  );

  it('answers 429 when too much was refused, and when to try again', async () => {
    const to = await stage.dispatch();
    const wrong = { ...RESEARCHER, password: 'wrong' };
    for (let round = 0; round < 3; round += 1) expect((await post(to, '', wrong)).status).toBe(422);
    const { status, page, retryAfter } = await post(to, '', RESEARCHER);
    expect(status).toBe(429);
    expect(retryAfter).toBeGreaterThan(60);
    expect(page).toMatch(/role="alert"/);
    expect(page).toContain('value="researcher"');
  });
});

describe('the form for the destination', () => {
  it.each([['/destination'], ['/start']])(
    'answers 503 at %s while Mediaflux is away, with what was typed',
    async (at) => {
      const to = await stage.dispatch();
      const loggedOn = await post(to, '', RESEARCHER);
      expect(loggedOn.status).toBe(303);
      const destination = freshPlace();
      expect((await post(to, '/destination', { destination }, loggedOn.cookie)).status).toBe(200);
      stage.emulator.faults.set({ service: 'asset.namespace.describe', action: AWAY });
      const { status, page, retryAfter } = await post(to, at, { destination }, loggedOn.cookie);
      expect(status).toBe(503);
      expect(retryAfter).toBeGreaterThan(0);
      expect(page).toMatch(/role="alert"/);
      expect(page).toContain(`value="${destination}"`);
      stage.letGo();
      expect((await post(to, '/start', { destination }, loggedOn.cookie)).status).toBe(303);
    },
  );

  it('answers 422 to a place where the user may not write', async () => {
    const to = await stage.dispatch();
    const { cookie } = await post(to, '', RESEARCHER);
    const { status, page } = await post(to, '/destination', { destination: `${OWN_PROJECT}/a/b/c` }, cookie);
    expect(status).toBe(422);
    expect(page).toContain(`value="${OWN_PROJECT}/a/b/c"`);
  });
});

describe('the form of a copy that failed', () => {
  it('answers 503 while Mediaflux is away, and 409 when the copy is done meanwhile', async () => {
    const to = await stage.dispatch();
    const id = await stage.begin(to, freshPlace());
    expect((await stage.ended(to, id)).state).toBe('completed');
    const done = await post(to, `/${id}/logon`, RESEARCHER);
    expect(done.status).toBe(409);
    await stage.database.query(`update content_copy set state = 'failed', reason_sentence = null where id = $1`, [id]);
    stage.emulator.faults.set({ service: 'system.logon', action: AWAY });
    const away = await post(to, `/${id}/logon`, RESEARCHER);
    expect(away.status).toBe(503);
    expect(away.retryAfter).toBeGreaterThan(0);
    expect(away.page).toMatch(/role="alert"/);
  });
});
