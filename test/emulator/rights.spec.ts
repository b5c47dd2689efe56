// Rights where a careless server would let somebody through: grants, roles that end, tasks, earlier versions, outputs that
// are fetched later.

import { describe, expect, it } from '@jest/globals';
import { EMPTY_SUCCESS, textIn, texts } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { grant, make, message, READING, SHUT, shutNamespaceIn } from './granted.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();
shutNamespaceIn(lab);

describe('a grant', () => {
  it('gives nothing that its maker does not hold', async () => {
    await lab.service.call(
      'authorization.role.namespace.create',
      '<namespace>mine</namespace><ifexists>ignore</ifexists>',
    );
    await lab.service.call('authorization.role.create', '<role>mine:all</role>');
    expect(
      message(
        await lab.service.call(
          'actor.grant',
          '<type>role</type><name>mine:all</name><role type="role">system-administrator</role>',
        ),
      ),
    ).toContain('does not hold');
    await lab.service.call('authorization.role.create', '<role>mine:some</role>');
    expect(
      await lab.service.call('actor.grant', '<type>role</type><name>mine:all</name><role type="role">mine:some</role>'),
    ).toBe(EMPTY_SUCCESS);
  });

  it('takes services by pattern, in either case', async () => {
    await lab.service.call('authorization.role.create', '<role>mine:reader</role>');
    await lab.service.call(
      'actor.grant',
      '<type>role</type><name>mine:reader</name><perm><access>access</access><resource type="service">asset.*</resource></perm>',
    );
    const token = textIn(
      await lab.service.call('secure.identity.token.create', '<role type="role">mine:reader</role>'),
      'token',
    );
    const holder = await lab.withToken(token);
    expect(await holder.call('asset.query', "<where>name='x'</where><action>count</action>")).toContain(
      '<value>0</value>',
    );
    expect(message(await holder.call('asset.destroy', '<id>1</id>'))).toContain('not granted MODIFY');
    expect(message(await holder.call('server.log', ''))).toContain('not granted MODIFY to service');
  });
});

describe('a role that is destroyed', () => {
  it('opens nothing, also when another is made under its name', async () => {
    const folder = `${SHUT}/role`;
    await lab.manager.call('asset.namespace.create', `<namespace>${folder}</namespace>`);
    await lab.manager.call('authorization.role.namespace.create', '<namespace>r</namespace>');
    await lab.manager.call('authorization.role.create', '<role>r:x</role>');
    const permissions = ['asset.get', 'asset.exists'].map(
      (name) => `<perm><access>ACCESS</access><resource type="service">${name}</resource></perm>`,
    );
    await lab.manager.call('actor.grant', `<type>role</type><name>r:x</name>${permissions.join('')}`);
    await lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace><acl><actor type="role">r:x</actor><access>${READING.join('')}</access></acl>`,
    );
    const id = await make(lab.manager, `<namespace>${folder}</namespace><name>a</name>`);
    const holder = await lab.withToken(
      textIn(await lab.manager.call('secure.identity.token.create', '<role type="role">r:x</role>'), 'token'),
    );
    const sees = async (): Promise<boolean> =>
      (await holder.call('asset.exists', `<id>${id}</id>`)).includes('>true</exists>');
    expect(await sees()).toBe(true);
    await lab.manager.call('authorization.role.destroy', '<role>r:x</role>');
    expect(await sees()).toBe(false);
    await lab.manager.call('authorization.role.create', '<role>r:x</role>');
    await lab.manager.call('actor.grant', `<type>role</type><name>r:x</name>${permissions.join('')}`);
    expect(await sees()).toBe(false);
    // The entry stays and is empty, so that inherited rights do not come in again unasked.
    expect((await lab.operator.call('asset.exists', `<id>${id}</id>`)).includes('>true</exists>')).toBe(false);
  });
});

describe('a task in the background', () => {
  it('belongs to who began it, and not to other tokens of the same account', async () => {
    const id = textIn(
      await lab.service.call(
        'service.execute',
        '<background>true</background><service name="server.version"></service>',
      ),
      'id',
    );
    const other = await lab.withToken(textIn(await lab.service.call('secure.identity.token.create', ''), 'token'));
    expect(message(await other.call('service.background.results.get', `<id>${id}</id>`))).toContain('not granted');
    expect(message(await other.call('service.background.destroy', `<id>${id}</id>`))).toContain('not granted');
    expect(await other.call('service.background.describe', '')).toBe(EMPTY_SUCCESS);
    await until('the task is completed', async () =>
      textIn(await lab.service.call('service.background.describe', `<id>${id}</id>`), 'state') === 'completed'
        ? true
        : undefined,
    );
    expect(await lab.service.call('service.background.results.get', `<id>${id}</id>`)).toContain('<version>');
  });
});

describe('what was', () => {
  it('is judged by where the asset is now', async () => {
    await lab.ada.upload(
      lab.ada.request('asset.create', `<namespace create="true">${LAB}/v</namespace><name>a</name>`),
      'old',
    );
    const id = texts(await lab.ada.call('asset.query', `<namespace>${LAB}/v</namespace>`), 'id')[0] ?? '';
    await lab.ada.upload(lab.ada.request('asset.set', `<id>${id}</id>`), 'new');
    await lab.ada.call('asset.namespace.rename', `<namespace>${LAB}/v</namespace><name>w</name>`);
    const first = await lab.ada.get(`/mflux/content.mfjp?_skey=${lab.ada.session}&id=${id}&version=1`);
    expect(await first.text()).toBe('old');
    expect(await lab.ada.call('asset.get', `<id>${id}</id><version>1</version>`)).toContain(`<path>${LAB}/w/a</path>`);
    // Whoever may read another namespace of the old name sees nothing of it.
    await lab.manager.call('asset.namespace.create', `<namespace>${LAB}/v</namespace>`);
    await lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${LAB}/v</namespace>${grant('demo:operator', ...READING)}`,
    );
    const stranger = await lab.operator.get(`/mflux/content.mfjp?_skey=${lab.operator.session}&id=${id}&version=1`);
    expect(stranger.status).toBe(403);
  });

  it('an output that was kept is not given out after the rights have gone', async () => {
    const folder = `${SHUT}/kept`;
    await lab.manager.call('asset.namespace.create', `<namespace>${folder}</namespace>`);
    await lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace>${grant('demo:researcher', ...READING)}`,
    );
    const made = await lab.manager.upload(
      lab.manager.request('asset.create', `<namespace>${folder}</namespace><name>a</name>`),
      'kept',
    );
    const reply = await lab.ada.execute(
      'asset.get',
      `<id>${textIn(made, 'id')}</id>`,
      '<outputs-via>session</outputs-via>',
      ' outputs="1"',
    );
    const output = /<outputs><id>(\d+)</.exec(reply)?.[1] ?? '';
    const fetchIt = () => lab.ada.get(`/mflux/output.mfjp?_skey=${lab.ada.session}&id=${output}`);
    expect(await (await fetchIt()).text()).toBe('kept');
    await lab.manager.call('asset.namespace.acl.revoke', `<namespace>${folder}</namespace>${grant('demo:researcher')}`);
    expect((await fetchIt()).status).toBe(403);
  });
});
