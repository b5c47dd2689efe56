// Tokens where a careless server would let somebody through: those that die of a call, that other tokens make, that come
// with a session.

import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { EMPTY_SUCCESS, type RawClient, textIn } from '../support/raw-client.js';
import { contentsOfZip } from '../support/zip.js';
import { make, message } from './granted.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a token', () => {
  it('that dies of a call makes that call, with what it held', async () => {
    const id = await make(lab.ada, `<namespace>${LAB}</namespace><name>dies</name>`);
    const token = textIn(
      await lab.ada.call(
        'secure.identity.token.create',
        '<role type="user">demo:researcher</role><destroy-on-service-call>asset.get</destroy-on-service-call>',
      ),
      'token',
    );
    const holder = await lab.withToken(token);
    expect(await holder.call('asset.exists', `<id>${id}</id>`)).toContain('>true</exists>');
    expect(await holder.call('asset.get', `<id>${id}</id>`)).toContain(`<asset id="${id}"`);
    expect(message(await holder.call('asset.get', `<id>${id}</id>`))).toBe('session is not valid');
  });

  it('that dies of its zip gives the whole zip', async () => {
    await lab.ada.upload(
      lab.ada.request('asset.create', `<namespace create="true">${LAB}/zipped</namespace><name>a.txt</name>`),
      'all of it',
    );
    const token = textIn(
      await lab.ada.call(
        'secure.identity.token.create',
        `<role type="user">demo:researcher</role><destroy-on-service-call>asset.archive.create</destroy-on-service-call><service name="asset.archive.create"><where>namespace='${LAB}/zipped'</where><for>user</for><format>zip</format><remove-path-prefix>${LAB}/zipped</remove-path-prefix></service>`,
      ),
      'token',
    );
    const zip = await lab.ada.get(`/mflux/execute.mfjp?token=${token}`);
    expect(contentsOfZip(Buffer.from(await zip.arrayBuffer()))['a.txt']).toBe(sha256('all of it'));
    expect((await lab.ada.get(`/mflux/execute.mfjp?token=${token}`)).status).toBe(401);
  });

  it('that a token makes lives no longer than that one', async () => {
    const create = (who: RawClient, to: string) =>
      who.call(
        'secure.identity.token.create',
        `<role type="user">demo:researcher</role><role type="role">user</role>${to}`,
      );
    const holder = await lab.withToken(textIn(await create(lab.ada, '<to>now+2hour</to>'), 'token'));
    await create(holder, '<to>now+1000day</to>');
    await create(holder, '');
    const ends = [
      ...(await lab.ada.call('secure.identity.token.describe', '')).matchAll(/<to [^>]*millisec="(\d+)"/g),
    ].map(([, time]) => Number(time));
    expect(ends).toHaveLength(3);
    expect(new Set(ends).size).toBe(1);
  });

  it('given with a session leaves the session its iterators and itself its uses', async () => {
    const made = await lab.ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><use-count>1</use-count>',
    );
    const token = textIn(made, 'token');
    const holder = await lab.withToken(token);
    const both = (name: string, args: string) =>
      holder.post(
        `<request><service name="${name}" token="${token}" session="${holder.session}"><args>${args}</args></service></request>`,
      );
    expect(await both('asset.query', `<namespace>${LAB}</namespace><as>iterator</as>`)).toContain(
      '<iterator>1</iterator>',
    );
    expect(await both('asset.query.iterate', '<id>1</id>')).toContain('<iterated complete="true">');
    expect(
      await holder.post(
        `<request><service name="server.ping" token="" session="${holder.session}"></service></request>`,
      ),
    ).toBe(EMPTY_SUCCESS);
  });

  it('inside service.execute is enough, and makes iterators of the session that it came in', async () => {
    const token = textIn(
      await lab.ada.call('secure.identity.token.create', '<role type="user">demo:researcher</role>'),
      'token',
    );
    const query = `<token>${token}</token><service name="asset.query"><namespace>${LAB}</namespace><as>iterator</as></service>`;
    const reply = await lab.operator.call('service.execute', query);
    const iterator = textIn(reply, 'iterator');
    expect(
      await lab.operator.call(
        'service.execute',
        `<token>${token}</token><service name="asset.query.iterate"><id>${iterator}</id></service>`,
      ),
    ).toContain('<iterated complete="true">');
    expect(
      await lab.operator.post(`<request><service name="service.execute"><args>${query}</args></service></request>`),
    ).toContain('<iterator>1</iterator>');
  });
});
