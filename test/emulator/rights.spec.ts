// Rights where a careless server would let somebody through: grants, roles that end, tasks, tokens that die of a call,
// earlier versions, outputs that are fetched later, collections.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { createHash } from 'node:crypto';
import { freshFolder } from '../support/program.js';
import { EMPTY_SUCCESS, RawClient, textIn, texts } from '../support/raw-client.js';
import { contentsOfZip } from '../support/zip.js';
import { until } from '../support/wait.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const SHUT = '/projects/shut';
let emulator: RunningEmulator;
let manager: RawClient;
let ada: RawClient;
let operator: RawClient;
let service: RawClient;

const logon = async (domain: string, user: string, password = user): Promise<RawClient> => {
  const client = new RawClient(emulator.url, { domain, user, password });
  await client.logon();
  return client;
};
const withToken = async (token: string): Promise<RawClient> => {
  const client = new RawClient(emulator.url, { token });
  await client.logon();
  return client;
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const message = (reply: string): string => textIn(reply, 'message');
const grant = (user: string, ...access: string[]) =>
  `<acl><actor type="user">${user}</actor><access>${access.join('')}</access></acl>`;
const READING = ['<namespace>access</namespace>', '<asset>access</asset>', '<asset-content>access</asset-content>'];
const WRITING = [
  ...READING,
  '<namespace>create</namespace><namespace>destroy</namespace>',
  '<asset>create</asset><asset>modify</asset><asset>destroy</asset><asset-content>modify</asset-content>',
];
const make = async (who: RawClient, args: string): Promise<string> => {
  const reply = await who.call('asset.create', args);
  const id = textIn(reply, 'id');
  if (id === '') throw new Error(message(reply));
  return id;
};

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  manager = await logon('system', 'manager');
  ada = await logon('demo', 'researcher');
  operator = await logon('demo', 'operator');
  service = await logon('service', 'dispatch');
  await manager.call('asset.namespace.create', `<namespace>${SHUT}</namespace>`);
  await manager.call(
    'asset.namespace.acl.grant',
    `<namespace>${SHUT}</namespace>${grant('demo:operator', ...WRITING)}`,
  );
});
afterAll(() => emulator.close());

describe('a grant', () => {
  it('gives nothing that its maker does not hold', async () => {
    await service.call('authorization.role.namespace.create', '<namespace>mine</namespace><ifexists>ignore</ifexists>');
    await service.call('authorization.role.create', '<role>mine:all</role>');
    expect(
      message(
        await service.call(
          'actor.grant',
          '<type>role</type><name>mine:all</name><role type="role">system-administrator</role>',
        ),
      ),
    ).toContain('does not hold');
    await service.call('authorization.role.create', '<role>mine:some</role>');
    expect(
      await service.call('actor.grant', '<type>role</type><name>mine:all</name><role type="role">mine:some</role>'),
    ).toBe(EMPTY_SUCCESS);
  });

  it('takes services by pattern, in either case', async () => {
    await service.call('authorization.role.create', '<role>mine:reader</role>');
    await service.call(
      'actor.grant',
      '<type>role</type><name>mine:reader</name><perm><access>access</access><resource type="service">asset.*</resource></perm>',
    );
    const token = textIn(
      await service.call('secure.identity.token.create', '<role type="role">mine:reader</role>'),
      'token',
    );
    const holder = await withToken(token);
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
    await manager.call('asset.namespace.create', `<namespace>${folder}</namespace>`);
    await manager.call('authorization.role.namespace.create', '<namespace>r</namespace>');
    await manager.call('authorization.role.create', '<role>r:x</role>');
    const permissions = ['asset.get', 'asset.exists'].map(
      (name) => `<perm><access>ACCESS</access><resource type="service">${name}</resource></perm>`,
    );
    await manager.call('actor.grant', `<type>role</type><name>r:x</name>${permissions.join('')}`);
    await manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace><acl><actor type="role">r:x</actor><access>${READING.join('')}</access></acl>`,
    );
    const id = await make(manager, `<namespace>${folder}</namespace><name>a</name>`);
    const holder = await withToken(
      textIn(await manager.call('secure.identity.token.create', '<role type="role">r:x</role>'), 'token'),
    );
    const sees = async (): Promise<boolean> =>
      (await holder.call('asset.exists', `<id>${id}</id>`)).includes('>true</exists>');
    expect(await sees()).toBe(true);
    await manager.call('authorization.role.destroy', '<role>r:x</role>');
    expect(await sees()).toBe(false);
    await manager.call('authorization.role.create', '<role>r:x</role>');
    await manager.call('actor.grant', `<type>role</type><name>r:x</name>${permissions.join('')}`);
    expect(await sees()).toBe(false);
    // The entry stays and is empty, so that inherited rights do not come in again unasked.
    expect((await operator.call('asset.exists', `<id>${id}</id>`)).includes('>true</exists>')).toBe(false);
  });
});

describe('a token', () => {
  it('that dies of a call makes that call, with what it held', async () => {
    const id = await make(ada, `<namespace>${LAB}</namespace><name>dies</name>`);
    const token = textIn(
      await ada.call(
        'secure.identity.token.create',
        '<role type="user">demo:researcher</role><destroy-on-service-call>asset.get</destroy-on-service-call>',
      ),
      'token',
    );
    const holder = await withToken(token);
    expect(await holder.call('asset.exists', `<id>${id}</id>`)).toContain('>true</exists>');
    expect(await holder.call('asset.get', `<id>${id}</id>`)).toContain(`<asset id="${id}"`);
    expect(message(await holder.call('asset.get', `<id>${id}</id>`))).toBe('session is not valid');
  });

  it('that dies of its zip gives the whole zip', async () => {
    await ada.upload(
      ada.request('asset.create', `<namespace create="true">${LAB}/zipped</namespace><name>a.txt</name>`),
      'all of it',
    );
    const token = textIn(
      await ada.call(
        'secure.identity.token.create',
        `<role type="user">demo:researcher</role><destroy-on-service-call>asset.archive.create</destroy-on-service-call><service name="asset.archive.create"><where>namespace='${LAB}/zipped'</where><for>user</for><format>zip</format><remove-path-prefix>${LAB}/zipped</remove-path-prefix></service>`,
      ),
      'token',
    );
    const zip = await ada.get(`/mflux/execute.mfjp?token=${token}`);
    expect(contentsOfZip(Buffer.from(await zip.arrayBuffer()))['a.txt']).toBe(sha256('all of it'));
    expect((await ada.get(`/mflux/execute.mfjp?token=${token}`)).status).toBe(401);
  });

  it('that a token makes lives no longer than that one', async () => {
    const create = (who: RawClient, to: string) =>
      who.call(
        'secure.identity.token.create',
        `<role type="user">demo:researcher</role><role type="role">user</role>${to}`,
      );
    const holder = await withToken(textIn(await create(ada, '<to>now+2hour</to>'), 'token'));
    await create(holder, '<to>now+1000day</to>');
    await create(holder, '');
    const ends = [...(await ada.call('secure.identity.token.describe', '')).matchAll(/<to [^>]*millisec="(\d+)"/g)].map(
      ([, time]) => Number(time),
    );
    expect(ends).toHaveLength(3);
    expect(new Set(ends).size).toBe(1);
  });

  it('given with a session leaves the session its iterators and itself its uses', async () => {
    const made = await ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><use-count>1</use-count>',
    );
    const token = textIn(made, 'token');
    const holder = await withToken(token);
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
      await ada.call('secure.identity.token.create', '<role type="user">demo:researcher</role>'),
      'token',
    );
    const query = `<token>${token}</token><service name="asset.query"><namespace>${LAB}</namespace><as>iterator</as></service>`;
    const reply = await operator.call('service.execute', query);
    const iterator = textIn(reply, 'iterator');
    expect(
      await operator.call(
        'service.execute',
        `<token>${token}</token><service name="asset.query.iterate"><id>${iterator}</id></service>`,
      ),
    ).toContain('<iterated complete="true">');
    expect(
      await operator.post(`<request><service name="service.execute"><args>${query}</args></service></request>`),
    ).toContain('<iterator>1</iterator>');
  });
});

describe('a task in the background', () => {
  it('belongs to who began it, and not to other tokens of the same account', async () => {
    const id = textIn(
      await service.call('service.execute', '<background>true</background><service name="server.version"></service>'),
      'id',
    );
    const other = await withToken(textIn(await service.call('secure.identity.token.create', ''), 'token'));
    expect(message(await other.call('service.background.results.get', `<id>${id}</id>`))).toContain('not granted');
    expect(message(await other.call('service.background.destroy', `<id>${id}</id>`))).toContain('not granted');
    expect(await other.call('service.background.describe', '')).toBe(EMPTY_SUCCESS);
    await until('the task is completed', async () =>
      textIn(await service.call('service.background.describe', `<id>${id}</id>`), 'state') === 'completed'
        ? true
        : undefined,
    );
    expect(await service.call('service.background.results.get', `<id>${id}</id>`)).toContain('<version>');
  });
});

describe('what was', () => {
  it('is judged by where the asset is now', async () => {
    await ada.upload(ada.request('asset.create', `<namespace create="true">${LAB}/v</namespace><name>a</name>`), 'old');
    const id = texts(await ada.call('asset.query', `<namespace>${LAB}/v</namespace>`), 'id')[0] ?? '';
    await ada.upload(ada.request('asset.set', `<id>${id}</id>`), 'new');
    await ada.call('asset.namespace.rename', `<namespace>${LAB}/v</namespace><name>w</name>`);
    const first = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}&version=1`);
    expect(await first.text()).toBe('old');
    expect(await ada.call('asset.get', `<id>${id}</id><version>1</version>`)).toContain(`<path>${LAB}/w/a</path>`);
    // Whoever may read another namespace of the old name sees nothing of it.
    await manager.call('asset.namespace.create', `<namespace>${LAB}/v</namespace>`);
    await manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${LAB}/v</namespace>${grant('demo:operator', ...READING)}`,
    );
    const stranger = await operator.get(`/mflux/content.mfjp?_skey=${operator.session}&id=${id}&version=1`);
    expect(stranger.status).toBe(403);
  });

  it('an output that was kept is not given out after the rights have gone', async () => {
    const folder = `${SHUT}/kept`;
    await manager.call('asset.namespace.create', `<namespace>${folder}</namespace>`);
    await manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace>${grant('demo:researcher', ...READING)}`,
    );
    const made = await manager.upload(
      manager.request('asset.create', `<namespace>${folder}</namespace><name>a</name>`),
      'kept',
    );
    const reply = await ada.execute(
      'asset.get',
      `<id>${textIn(made, 'id')}</id>`,
      '<outputs-via>session</outputs-via>',
      ' outputs="1"',
    );
    const output = /<outputs><id>(\d+)</.exec(reply)?.[1] ?? '';
    const fetchIt = () => ada.get(`/mflux/output.mfjp?_skey=${ada.session}&id=${output}`);
    expect(await (await fetchIt()).text()).toBe('kept');
    await manager.call('asset.namespace.acl.revoke', `<namespace>${folder}</namespace>${grant('demo:researcher')}`);
    expect((await fetchIt()).status).toBe(403);
  });
});

describe('a collection', () => {
  it('takes members from those who may add to it, and is destroyed by those who may destroy them all', async () => {
    const folder = `${LAB}/c`;
    const collection = await make(
      ada,
      `<namespace create="true">${folder}</namespace><name>c</name><collection>true</collection>`,
    );
    await manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace>${grant('demo:operator', ...READING)}`,
    );
    await manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace>${grant('demo:researcher', ...WRITING)}`,
    );
    const add = `<namespace>${SHUT}</namespace><pid>${collection}</pid><name>m</name>`;
    expect(message(await operator.call('asset.create', add))).toContain('not granted');
    const member = await make(manager, add);
    expect(message(await ada.call('asset.destroy', `<id>${collection}</id><members>false</members>`))).toContain(
      'has members',
    );
    expect(message(await ada.call('asset.destroy', `<id>${collection}</id>`))).toContain('not granted');
    expect(await manager.call('asset.exists', `<id>${member}</id>`)).toContain('>true</exists>');
    await manager.call('asset.destroy', `<id>${collection}</id>`);
    expect(await manager.call('asset.exists', `<id>${member}</id>`)).toContain('>false</exists>');
  });

  it('has each name once, also after a move, and takes its members along', async () => {
    const folder = `${LAB}/moves`;
    const collection = await make(
      ada,
      `<namespace create="true">${folder}</namespace><name>c</name><collection>true</collection>`,
    );
    const member = (name: string) => make(ada, `<pid>${collection}</pid><name>${name}</name>`);
    const one = await member('m1');
    const two = await member('m2');
    expect(message(await ada.call('asset.move', `<id>${two}</id><name>m1</name>`))).toContain('already contains');
    await ada.call('asset.namespace.create', `<namespace>${LAB}/target</namespace>`);
    await ada.call('asset.move', `<id>${collection}</id><namespace>${LAB}/target</namespace>`);
    expect(await ada.call('asset.get', `<id>${one}</id>`)).toContain(`<path>${LAB}/target/c/m1</path>`);
    expect(await ada.call('asset.query', `<namespace>${LAB}/target</namespace><action>count</action>`)).toContain(
      '<value>3</value>',
    );
  });
});

describe('names and places', () => {
  it.each(['', '.', '..', 'a/b', 'a&#9;b'])('refuses %j as a name, by whatever service', async (name) => {
    const id = await make(ada, `<namespace create="true">${LAB}/names</namespace>`);
    for (const [call, args] of [
      ['asset.create', `<namespace>${LAB}/names</namespace><name>${name}</name>`],
      ['asset.set', `<id>${id}</id><name>${name}</name>`],
      ['asset.move', `<id>${id}</id><name>${name}</name>`],
      ['asset.namespace.rename', `<namespace>${LAB}/names</namespace><name>${name}</name>`],
    ] as const)
      expect(message(await ada.call(call, args))).toContain('invalid');
  });

  it('refuses steps up in a namespace, and numbers of assets that lie elsewhere', async () => {
    expect(
      message(await ada.call('asset.namespace.create', `<namespace all="true">${LAB}/../x</namespace>`)),
    ).toContain('invalid');
    const id = await make(ada, `<namespace>${LAB}</namespace>`);
    expect(
      await ada.call('asset.exists', `<id>path=${LAB}/__asset_id__${id}</id><id>path=/nowhere/__asset_id__${id}</id>`),
    ).toMatch(/>true<[^]*>false</);
  });

  it('does not tell a namespace that is shut from one that is missing', async () => {
    expect(message(await ada.call('asset.namespace.create', `<namespace>${SHUT}</namespace>`))).toContain(
      'does not exist or is not accessible',
    );
  });

  it('moves nothing out of, and nothing into, where the caller may not', async () => {
    const id = await make(ada, `<namespace>${LAB}</namespace><name>moving</name>`);
    expect(message(await ada.call('asset.move', `<id>${id}</id><namespace>${SHUT}</namespace>`))).toContain(
      'accessible',
    );
    await manager.call(
      'asset.namespace.create',
      `<namespace>${LAB}/small</namespace><quota><allocation>10</allocation></quota>`,
    );
    const big = await ada.upload(
      ada.request('asset.create', `<namespace>${LAB}</namespace><name>big</name>`),
      'x'.repeat(11),
    );
    expect(
      message(await ada.call('asset.move', `<id>${textIn(big, 'id')}</id><namespace>${LAB}/small</namespace>`)),
    ).toContain('quota');
  });

  it('destroys and renames a namespace of very many assets at once', async () => {
    const many = `${LAB}/many`;
    await make(ada, `<namespace create="true">${many}</namespace><name>c</name><collection>true</collection>`);
    await ada.call('asset.test.create', `<pid>path=${many}/c</pid><nb>30000</nb><base-name>t</base-name>`);
    expect(await ada.call('asset.namespace.rename', `<namespace>${many}</namespace><name>more</name>`)).toBe(
      EMPTY_SUCCESS,
    );
    const count = async () =>
      textIn(await ada.call('asset.query', `<namespace>${LAB}/more</namespace><action>count</action>`), 'value');
    expect(await count()).toBe('30001');
    expect(await ada.call('asset.namespace.destroy', `<namespace>${LAB}/more</namespace>`)).toBe(EMPTY_SUCCESS);
    expect(await count()).toBe('0');
  });
});
