// More time for an expired link: asked for with one click, told to the operator, granted or declined with one call.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Api } from '../support/api.js';
import { type Dispatched, type DispatchedUpload, dispatchTo, type Reply, send } from '../support/dispatched.js';
import { linkIn, type Mail } from '../support/mailbox.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

interface ExtensionRequest {
  id: string;
  deliveryId: string;
  state: string;
  reason: string | null;
  linkLifetime: string | null;
  recipient: string;
  requestedAt: string;
  decidedAt: string | null;
}

const REQUESTS = '/api/v1/admin/extension-requests';
let upload: DispatchedUpload;

const stage = stageOf();
beforeAll(async () => {
  upload = await dispatchTo(stage.program, [
    'ada',
    'bob',
    'cleo',
    'dan',
    'eve',
    'fay',
    'gus',
    'hal',
    'ida',
    'jan',
    'kim',
    'lea',
    'mia',
    'ned',
    'oda',
    'pia',
    'ria',
    'sam',
    'tom',
    'uma',
  ]);
});

const of = (name: string): Dispatched => {
  const delivery = upload.deliveries[name];
  if (!delivery) throw new Error(`Nothing was dispatched to ${name}.`);
  return delivery;
};
const expire = (name: string) =>
  stage.database.query(`update delivery set expires_at = now() - interval '1 second' where id = $1`, [of(name).id]);
const open = (token: string, method = 'GET'): Promise<Reply> =>
  send(stage.server, method, `/s/${token}`, { accept: 'text/html' });
const press = (token: string, headers: Record<string, string> = { accept: 'text/html' }): Promise<Reply> =>
  send(stage.server, 'POST', `/s/${token}/more-time`, headers);
const requestsOf = async (name: string): Promise<ExtensionRequest[]> =>
  (
    await stage.program.admin.expect<{ extensionRequests: ExtensionRequest[] }>(
      200,
      'GET',
      `/api/v1/admin/deliveries/${of(name).id}`,
    )
  ).extensionRequests;
/** As an end user does: the link expires, the button is pressed. */
const ask = async (name: string): Promise<ExtensionRequest> => {
  await expire(name);
  expect((await press(of(name).token, {})).status).toBe(202);
  return openRequest(name);
};
const openRequest = async (name: string): Promise<ExtensionRequest> => {
  const [request] = (await requestsOf(name)).filter(({ state }) => state === 'open');
  if (!request) throw new Error(`${name} has no open request.`);
  return request;
};
const askedMails = async (name: string): Promise<Mail[]> =>
  (await stage.program.mailbox.to('ops@example.org')).filter(({ subject }) =>
    subject.includes(`${name}@example.org asks for more time`),
  );
const auditOf = async (name: string): Promise<string[]> =>
  (
    await stage.program.admin.expect<{ items: { action: string }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit?subject=${of(name).id}`,
    )
  ).items.map(({ action }) => action);
const mailsWithLinkTo = async (name: string): Promise<Mail[]> =>
  (await stage.program.mailbox.to(`${name}@example.org`)).filter(({ subject }) => /your data/.test(subject));

describe('the page of an expired link', () => {
  it('offers to ask for more time, and nothing that opens it asks', async () => {
    await expire('ada');
    for (const method of ['GET', 'HEAD', 'GET']) expect((await open(of('ada').token, method)).status).toBe(410);
    const { body } = await open(of('ada').token);
    expect(body).toContain('desk@example.org');
    expect(body).toContain(`action="/s/${of('ada').token}/more-time"`);
    for (const method of ['GET', 'HEAD'])
      expect((await send(stage.server, method, `/s/${of('ada').token}/more-time`)).status).toBe(405);
    expect((await send(stage.server, 'PUT', `/s/${of('ada').token}/more-time`)).status).toBe(404);
    expect(await requestsOf('ada')).toEqual([]);
  });

  it('makes one request however often it is pressed, at once and later, and says so', async () => {
    await expire('gus');
    const presses = await Promise.all(Array.from({ length: 8 }, () => press(of('gus').token)));
    expect(new Set(presses.map(({ status }) => status))).toEqual(new Set([303]));
    expect(presses[0]?.headers.location).toBe(`/s/${of('gus').token}`);
    expect((await press(of('gus').token, { accept: '*/*' })).status).toBe(202);
    const page = await open(of('gus').token);
    expect(page.status).toBe(410);
    expect(page.body).toContain('More time was asked for on');
    expect(page.body).not.toContain('<form');
    expect(await requestsOf('gus')).toMatchObject([{ state: 'open', decidedAt: null }]);
    const [mail] = await until('the mail to the operator', async () => {
      const mails = await askedMails('gus');
      return mails.length > 0 ? mails : undefined;
    });
    const { id } = await openRequest('gus');
    expect(mail?.text).toContain(id);
    expect(`${mail?.subject}${mail?.text}${mail?.html}`).not.toContain(of('gus').token);
    expect(mail?.text).not.toMatch(/https?:|\/s\//);
    expect(await auditOf('gus')).toEqual(['extension.requested']);
  });

  it('is the same for any body and content type', async () => {
    await expire('bob');
    const reply = await send(
      stage.server,
      'POST',
      `/s/${of('bob').token}/more-time`,
      { 'content-type': 'text/strange' },
      '{broken',
    );
    expect(reply.status).toBe(202);
    expect(JSON.parse(reply.body)).toMatchObject({ state: 'open' });
  });
});

describe('a scanner that presses the button', () => {
  const SCANNER = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0' };
  const html = { accept: 'text/html' };
  const eventsOf = async (name: string) =>
    (
      await stage.program.admin.expect<{ events: { phase: string; counts: boolean; scanner?: boolean }[] }>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${of(name).id}`,
      )
    ).events.filter(({ phase }) => phase === 'more-time');

  it('makes no request and no mail, is told so, and is kept; a person asks all the same', async () => {
    await send(stage.server, 'GET', `/s/${of('oda').token}/not-for-people`, SCANNER);
    await expire('oda');
    const shown = await press(of('oda').token, { ...SCANNER, ...html });
    expect(shown.status).toBe(200);
    expect(shown.body).toContain('nobody was asked');
    expect(shown.headers['content-security-policy']).toContain("default-src 'none'");
    const told = await press(of('oda').token, SCANNER);
    expect({ status: told.status, body: JSON.parse(told.body) as unknown }).toEqual({
      status: 202,
      body: { state: 'not-taken', requestedAt: null },
    });
    expect(await requestsOf('oda')).toEqual([]);
    expect(await auditOf('oda')).toEqual([]);
    expect(await eventsOf('oda')).toEqual([
      expect.objectContaining({ scanner: true, counts: false }),
      expect.objectContaining({ scanner: true, counts: false }),
    ]);
    expect((await press(of('oda').token, html)).status).toBe(303);
    const { id } = await openRequest('oda');
    const mails = await until('the mail to the operator', async () => {
      const found = await askedMails('oda');
      return found.length > 0 ? found : undefined;
    });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain(id);
    expect(await eventsOf('oda')).toHaveLength(3);
  });

  it('of another delivery is no proof against who asks', async () => {
    await send(stage.server, 'GET', `/s/${of('cleo').token}/not-for-people`, SCANNER);
    await expire('pia');
    expect((await press(of('pia').token, SCANNER)).status).toBe(202);
    expect(await requestsOf('pia')).toMatchObject([{ state: 'open' }]);
  });
});

describe('the page of a link that has ended', () => {
  it('says that the data are not deleted only where it has expired', async () => {
    const page = async (name: string) => (await open(of(name).token)).body;
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${of('ria').id}/revoke`);
    await stage.database.query('update delivery set gone_at = now() where id = $1', [of('sam').id]);
    await expire('tom');
    expect(await page('tom')).toContain('not deleted');
    for (const name of ['ria', 'sam']) {
      expect(await page(name)).not.toContain('not deleted');
      expect(await page(name)).toContain('If you need the data');
    }
  });

  it('says that a newer link was mailed where one was, to programs too', async () => {
    await expire('uma');
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${of('uma').id}/extend`, {
      linkLifetime: 'P7D',
    });
    const { status, body } = await open(of('uma').token);
    expect(status).toBe(410);
    expect(body).toContain('A newer link to these data was sent by mail');
    expect(body).toContain('desk@example.org');
    const told = await new Api(stage.server).call<{ detail: string }>('GET', `/api/v1/shares/${of('uma').token}`);
    expect(told.body.detail).toMatch(/A newer one was sent by mail to the same address.*desk@example\.org/);
    const stop = await fetch(`${stage.server}/u/${of('uma').unsubscribe}`, { headers: { accept: 'text/html' } });
    expect(await stop.text()).not.toContain('A newer link');
  });
});

describe('where there is nothing to ask', () => {
  it('a live link leads back to its page, and tells a program that it lives', async () => {
    expect((await press(of('cleo').token)).headers.location).toBe(`/s/${of('cleo').token}`);
    expect((await press(of('cleo').token, {})).status).toBe(409);
    expect(await requestsOf('cleo')).toEqual([]);
  });

  it('a revoked link and one whose data are gone offer no button and take no request', async () => {
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${of('dan').id}/revoke`);
    await stage.database.query('update delivery set gone_at = now() where id = $1', [of('mia').id]);
    await expire('dan');
    await expire('mia');
    for (const name of ['dan', 'mia']) {
      const page = await open(of(name).token);
      expect(page.status).toBe(410);
      expect(page.body).toContain('desk@example.org');
      expect(page.body).not.toContain('more-time');
      expect((await press(of(name).token)).status).toBe(410);
      expect(await requestsOf(name)).toEqual([]);
    }
  });

  it('the token that stops reminders and an unknown one are unknown', async () => {
    await expire('hal');
    expect((await press(of('hal').unsubscribe)).status).toBe(404);
    expect((await press(randomUUID())).status).toBe(404);
  });
});

it('is asked for by a former link too, once the newer one has expired, and it is the same request', async () => {
  const oldToken = of('ned').token;
  const first = await ask('ned');
  await stage.program.admin.expect(200, 'POST', `${REQUESTS}/${first.id}/grant`, {});
  const mail = await until('the mail with the new link', async () =>
    (await mailsWithLinkTo('ned')).find((found) => !linkIn(found).endsWith(oldToken)),
  );
  await until('its hand-over', async () => {
    const { rows } = await stage.database.query('select 1 from delivery where id = $1 and expires_at is not null', [
      of('ned').id,
    ]);
    return rows.length > 0 || undefined;
  });
  await expire('ned');
  expect((await open(oldToken)).body).toContain(`/s/${oldToken}/more-time`);
  expect((await press(oldToken, {})).status).toBe(202);
  expect((await press(linkIn(mail).split('/').at(-1) ?? '', {})).status).toBe(202);
  expect((await requestsOf('ned')).map(({ state }) => state)).toEqual(['granted', 'open']);
});

it('is in the API document with the calls that decide it', async () => {
  const document = (await (await fetch(`${stage.server}/api/openapi.json`)).json()) as { paths: object };
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/s/{token}/more-time', REQUESTS, `${REQUESTS}/{id}/grant`, `${REQUESTS}/{id}/decline`]),
  );
});

describe('an administrator', () => {
  it('sees the open requests, page by page, oldest first', async () => {
    const asked = [await ask('ida'), await ask('jan')];
    const seen: ExtensionRequest[] = [];
    let cursor = '';
    do {
      const page = await stage.program.admin.expect<{ items: ExtensionRequest[]; nextCursor: string | null }>(
        200,
        'GET',
        `${REQUESTS}?state=open&limit=1${cursor}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(1);
      seen.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
    } while (cursor !== '');
    expect(seen.every(({ state }) => state === 'open')).toBe(true);
    const own = seen.filter(({ id }) => asked.some((request) => request.id === id));
    expect(own).toMatchObject([
      { id: asked[0]?.id, deliveryId: of('ida').id, recipient: 'ida@example.org' },
      { id: asked[1]?.id, deliveryId: of('jan').id, recipient: 'jan@example.org' },
    ]);
    expect((await stage.program.admin.call('GET', `${REQUESTS}?state=other`)).status).toBe(422);
  });

  it('grants one with one call: a new link, a new mail, the old link stays ended; saying it again changes nothing', async () => {
    const { id } = await ask('kim');
    const oldToken = of('kim').token;
    const granted = await stage.program.admin.expect<ExtensionRequest>(200, 'POST', `${REQUESTS}/${id}/grant`, {
      linkLifetime: 'P3D',
    });
    expect(granted).toMatchObject({ id, state: 'granted', linkLifetime: 'P3D' });
    const mail = await until('the mail with the new link', async () =>
      (await mailsWithLinkTo('kim')).find((found) => !linkIn(found).endsWith(oldToken)),
    );
    const again = await stage.program.admin.expect<ExtensionRequest>(200, 'POST', `${REQUESTS}/${id}/grant`, {});
    expect(again).toEqual(granted);
    const newToken = linkIn(mail).split('/').at(-1) ?? '';
    expect((await open(newToken)).status).toBe(200);
    expect((await open(oldToken)).status).toBe(410);
    expect((await open(oldToken)).body).not.toContain('more-time');
    expect((await press(oldToken, {})).status).toBe(409);
    expect(await mailsWithLinkTo('kim')).toHaveLength(2);
    expect(await askedMails('kim')).toHaveLength(1);
    expect(await auditOf('kim')).toEqual(['delivery.extended', 'extension.requested']);
    const expiresAt = (
      await stage.program.admin.expect<{ expiresAt: string }>(200, 'GET', `/api/v1/admin/deliveries/${of('kim').id}`)
    ).expiresAt;
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3 * 86_400_000);
    expect((await stage.program.admin.call('POST', `${REQUESTS}/${id}/decline`, {})).status).toBe(409);
  });

  it('declines one with a reason; the next can be asked for a day later, and Retry-After says when', async () => {
    const { id } = await ask('lea');
    const declined = await stage.program.admin.expect<ExtensionRequest>(200, 'POST', `${REQUESTS}/${id}/decline`, {
      reason: 'Ask your group.',
    });
    expect(declined).toMatchObject({ state: 'declined', reason: 'Ask your group.' });
    expect(await stage.program.admin.expect(200, 'POST', `${REQUESTS}/${id}/decline`, {})).toEqual(declined);
    expect((await stage.program.admin.call('POST', `${REQUESTS}/${id}/grant`, {})).status).toBe(409);
    const soon = await press(of('lea').token, {});
    expect(soon.status).toBe(429);
    expect(Number(soon.headers['retry-after'])).toBeGreaterThan(86_000);
    await stage.database.query(
      `update extension_request set decided_at = decided_at - interval '1 day' where id = $1`,
      [id],
    );
    expect((await press(of('lea').token, {})).status).toBe(202);
    expect((await requestsOf('lea')).map(({ state }) => state)).toEqual(['declined', 'open']);
  });

  it('grants the open request by extending the delivery, and declines it by revoking', async () => {
    await ask('eve');
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${of('eve').id}/extend`, {
      linkLifetime: 'P2D',
    });
    expect((await requestsOf('eve')).map(({ state }) => state)).toEqual(['granted']);
    await ask('fay');
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${of('fay').id}/revoke`);
    const [request] = await requestsOf('fay');
    expect(request).toMatchObject({ state: 'declined', reason: 'revoked' });
    expect((await stage.program.admin.call('POST', `${REQUESTS}/${request?.id ?? ''}/grant`, {})).status).toBe(409);
  });

  it('is the only one to decide', async () => {
    for (const path of ['', `/${randomUUID()}/grant`, `/${randomUUID()}/decline`]) {
      const method = path === '' ? 'GET' : 'POST';
      expect((await send(stage.server, method, `${REQUESTS}${path}`)).status).toBe(401);
      if (path !== '') expect((await stage.program.admin.call(method, `${REQUESTS}${path}`, {})).status).toBe(404);
    }
  });
});
