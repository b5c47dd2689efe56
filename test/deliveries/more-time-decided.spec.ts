// More time for an expired link: what was asked for is granted or declined with one call.

import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { send } from '../support/dispatched.js';
import { linkIn } from '../support/mailbox.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { askedBehindLinks, type ExtensionRequest, REQUESTS } from './asked-for-more-time.js';

const stage = stageOf();
const { of, open, press, requestsOf, ask, askedMails, auditOf, mailsWithLinkTo } = askedBehindLinks(stage, [
  'eve',
  'fay',
  'ida',
  'jan',
  'kim',
  'lea',
]);

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
