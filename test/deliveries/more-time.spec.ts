// More time for an expired link: asked for with one click, and told to the operator.

import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Api } from '../support/api.js';
import { send } from '../support/dispatched.js';
import { linkIn } from '../support/mailbox.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { askedBehindLinks, REQUESTS } from './asked-for-more-time.js';

const stage = stageOf();
const { of, expire, open, press, requestsOf, ask, openRequest, askedMails, auditOf, mailsWithLinkTo } =
  askedBehindLinks(stage, [
    'ada',
    'bob',
    'cleo',
    'dan',
    'gus',
    'hal',
    'mia',
    'ned',
    'oda',
    'pia',
    'ria',
    'sam',
    'tom',
    'uma',
  ]);

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
