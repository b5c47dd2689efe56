// The control port's faults: what tests of programs ask the emulator for.

import { describe, expect, it } from '@jest/globals';
import { EMPTY_SUCCESS, RawClient, textIn } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { LAB, labOf } from './lab.js';

const lab = labOf({ controlPort: 0 });

describe('the control port', () => {
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${lab.emulator.controlUrl ?? ''}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('answers errors and statuses, refuses, and cuts, as often as it was told', async () => {
    await control('POST', '/faults', { service: 'asset.exists', times: 1, action: { error: 'maintenance mode' } });
    expect(textIn(await lab.ada.call('asset.exists', '<id>1</id>'), 'message')).toContain('maintenance mode');
    expect(await lab.ada.call('asset.exists', '<id>1</id>')).toContain('<exists id="1">');
    await control('POST', '/faults', { path: '/__mflux_svc__', after: 1, times: 1, action: { status: 503 } });
    expect(await lab.ada.call('server.ping')).toBe(EMPTY_SUCCESS);
    await expect(lab.ada.call('server.ping')).rejects.toThrow('503');
    await control('POST', '/faults', { service: 'server.ping', times: 1, action: { refuse: true } });
    await expect(lab.ada.call('server.ping')).rejects.toThrow();
    await control('POST', '/faults', { service: 'server.ping', times: 1, action: { cutAfterBytes: 20 } });
    await expect(lab.ada.call('server.ping')).rejects.toThrow();
    expect(await lab.ada.call('server.ping')).toBe(EMPTY_SUCCESS);
  });

  it('holds a call until the faults are cleared, and no other', async () => {
    await control('POST', '/faults', { service: 'server.ping', times: 1, action: { hold: true } });
    const answered: string[] = [];
    lab.emulator.faults.forgetCalls();
    const held = lab.ada.call('server.ping').then((reply) => {
      answered.push('held');
      return reply;
    });
    await until('the call having come', () => lab.emulator.faults.calls().find((one) => one.service === 'server.ping'));
    expect(await lab.ada.call('server.ping')).toBe(EMPTY_SUCCESS);
    answered.push('other');
    await control('DELETE', '/faults');
    expect(await held).toBe(EMPTY_SUCCESS);
    expect(answered).toEqual(['other', 'held']);
  });

  it('flips a byte, fills the store, expires sessions, makes users', async () => {
    const id = await lab.put('ctl/x.bin', 'abcdef');
    await control('POST', '/flip-byte', { asset: id, offset: 2 });
    const content = await lab.ada.get(`/mflux/content.mfjp?_skey=${lab.ada.session}&id=${id}`);
    expect(Buffer.from(await content.arrayBuffer()).equals(Buffer.from('ab\x9cdef', 'latin1'))).toBe(true);
    await control('POST', '/store', { full: true });
    const refused = await lab.ada.upload(
      lab.ada.request('asset.create', `<namespace>${LAB}</namespace><name>full</name>`),
      'x',
    );
    expect(textIn(refused, 'message')).toContain('not enough space');
    await control('POST', '/store', { full: false });
    await control('POST', '/users', { domain: 'demo', user: 'new', password: 'pw' });
    expect(await new RawClient(lab.emulator.url, { domain: 'demo', user: 'new', password: 'pw' }).logon()).not.toBe('');
    expect((await control('POST', '/expire-sessions')).body['expired']).toBeGreaterThan(1);
    expect(textIn(await lab.ada.call('server.ping'), 'message')).toBe('session is not valid');
    await lab.ada.logon();
  });

  it('shows the calls by name, and says what is wrong with what it is told', async () => {
    await control('DELETE', '/calls');
    await lab.ada.execute('asset.exists', '<id>1</id>');
    expect((await control('GET', '/calls')).body['calls']).toMatchObject([
      { method: 'POST', path: '/__mflux_svc__', service: 'service.execute', inner: ['asset.exists'] },
    ]);
    expect(await control('POST', '/faults', { action: { explode: true } })).toMatchObject({ status: 400 });
    expect(await control('GET', '/nothing')).toMatchObject({ status: 404 });
  });
});
