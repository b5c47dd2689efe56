// A mail that reminds of several deliveries, as it leaves the program; and the one click that stops all of them.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { makePlatform, makeShareable, Instrument } from '../support/instrument.js';
import { until } from '../support/wait.js';
import { type DeliveryView, mailedProgram, parse } from './mailed-program.js';
import { dispatch } from './stage.js';

const mailed = mailedProgram();

describe('the one click in a mail that names several', () => {
  const ids: string[] = [];
  let other = '';
  let token = '';
  let headers = '';
  let text = '';

  const call = (method: string, path = '', body?: string) =>
    fetch(`${mailed.program.endpoints.server}/u/${token}${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    });
  const optedOut = () =>
    Promise.all(
      [...ids, other].map(async (id) => {
        const found = await mailed.program.admin.expect<DeliveryView & { optedOutAt: string | null }>(
          200,
          'GET',
          `/api/v1/admin/deliveries/${id}`,
        );
        return found.optedOutAt !== null;
      }),
    );

  beforeAll(async () => {
    const { program, stage } = mailed;
    const platformId = await makePlatform(program, {
      reminders: { enabled: true, schedule: '0 0 1 1 *', minimumAge: 'PT1S', minimumSpacing: 'PT1S', digest: true },
    });
    const { token: shareable } = await makeShareable(program, platformId, { notify: ['ops@example.org'] });
    const ours = { ...stage, platformId, instrument: new Instrument(program.endpoints.server, shareable) };
    const [recipient, alone] = [mailed.somebody(), mailed.somebody()];
    for (const to of [recipient, recipient, alone]) {
      const { uploadId } = await dispatch(ours, { recipients: [to] });
      await until('the hand-over being recorded', async () => {
        const found = await mailed.deliveryOf(uploadId, to);
        if (found.expiresAt === null) return undefined;
        if (to === recipient) ids.push(found.id);
        else other = found.id;
        return true;
      });
    }
    await until('all being old enough', async () => {
      const { due } = await program.admin.expect<{ due: { items: unknown[] } }>(
        200,
        'GET',
        `/api/v1/admin/platforms/${platformId}/reminders/preview`,
      );
      return due.items.length === 3 || undefined;
    });
    await program.admin.expect(201, 'POST', `/api/v1/admin/platforms/${platformId}/reminder-runs`);
    const raw = await mailed.mailTo(recipient, /^<reminder-digest-/);
    text = (await parse(raw)).text ?? '';
    headers = (raw.raw.split('\r\n\r\n')[0] ?? '').replace(/\r\n\s+/g, ' ');
    token = /^List-Unsubscribe: <https:\/\/dispatch\.example\/u\/([\w-]+)>\r?$/m.exec(headers)?.[1] ?? '';
  });

  it('stands in the header and at the end of the mail, and opens nothing else', async () => {
    expect(token).not.toBe('');
    expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    expect(text.trim().endsWith(`/u/${token}`)).toBe(true);
    const { status } = await fetch(`${mailed.program.endpoints.server}/s/${token}`);
    expect(status).toBe(404);
  });

  it('changes nothing when it is only opened, and shows what it is about', async () => {
    const answer = await call('GET');
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain('Reminders about 2 folders of data');
    expect(page.match(/<li>2020-08-18_/g)).toHaveLength(2);
    expect(page).toContain('No more reminders');
    await call('HEAD');
    expect(await optedOut()).toEqual([false, false, false]);
  });

  it.each([
    ['without a body', undefined],
    ['with the body of a mail program', 'List-Unsubscribe=One-Click'],
  ])('stops those that the mail named, and no others, %s; and is undone', async (_, body) => {
    const stopped = await call('POST', '', body);
    expect(stopped.status).toBe(200);
    expect(await stopped.text()).toContain('No more reminders will be sent about these data.');
    expect(await optedOut()).toEqual([true, true, false]);
    expect((await call('POST', '/undo', body)).status).toBe(200);
    expect(await optedOut()).toEqual([false, false, false]);
  });

  it('goes on while one of its deliveries is live, and ends with the last', async () => {
    const revoke = (id: string) => mailed.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/revoke`);
    await revoke(ids[0] ?? '');
    expect((await call('POST')).status).toBe(200);
    expect((await optedOut())[1]).toBe(true);
    await revoke(ids[1] ?? '');
    expect((await call('POST')).status).toBe(410);
  });
});
