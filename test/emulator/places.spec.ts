// Names and places where a careless server would let somebody through: collections, moves, quotas, namespaces that are
// shut.

import { describe, expect, it } from '@jest/globals';
import { EMPTY_SUCCESS, textIn } from '../support/raw-client.js';
import { grant, make, message, READING, SHUT, shutNamespaceIn, WRITING } from './granted.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();
shutNamespaceIn(lab);

describe('a collection', () => {
  it('takes members from those who may add to it, and is destroyed by those who may destroy them all', async () => {
    const folder = `${LAB}/c`;
    const collection = await make(
      lab.ada,
      `<namespace create="true">${folder}</namespace><name>c</name><collection>true</collection>`,
    );
    await lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace>${grant('demo:operator', ...READING)}`,
    );
    await lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${folder}</namespace>${grant('demo:researcher', ...WRITING)}`,
    );
    const add = `<namespace>${SHUT}</namespace><pid>${collection}</pid><name>m</name>`;
    expect(message(await lab.operator.call('asset.create', add))).toContain('not granted');
    const member = await make(lab.manager, add);
    expect(message(await lab.ada.call('asset.destroy', `<id>${collection}</id><members>false</members>`))).toContain(
      'has members',
    );
    expect(message(await lab.ada.call('asset.destroy', `<id>${collection}</id>`))).toContain('not granted');
    expect(await lab.manager.call('asset.exists', `<id>${member}</id>`)).toContain('>true</exists>');
    await lab.manager.call('asset.destroy', `<id>${collection}</id>`);
    expect(await lab.manager.call('asset.exists', `<id>${member}</id>`)).toContain('>false</exists>');
  });

  it('has each name once, also after a move, and takes its members along', async () => {
    const folder = `${LAB}/moves`;
    const collection = await make(
      lab.ada,
      `<namespace create="true">${folder}</namespace><name>c</name><collection>true</collection>`,
    );
    const member = (name: string) => make(lab.ada, `<pid>${collection}</pid><name>${name}</name>`);
    const one = await member('m1');
    const two = await member('m2');
    expect(message(await lab.ada.call('asset.move', `<id>${two}</id><name>m1</name>`))).toContain('already contains');
    await lab.ada.call('asset.namespace.create', `<namespace>${LAB}/target</namespace>`);
    await lab.ada.call('asset.move', `<id>${collection}</id><namespace>${LAB}/target</namespace>`);
    expect(await lab.ada.call('asset.get', `<id>${one}</id>`)).toContain(`<path>${LAB}/target/c/m1</path>`);
    expect(await lab.ada.call('asset.query', `<namespace>${LAB}/target</namespace><action>count</action>`)).toContain(
      '<value>3</value>',
    );
  });
});

describe('names and places', () => {
  it.each(['', '.', '..', 'a/b', 'a&#9;b'])('refuses %j as a name, by whatever service', async (name) => {
    const id = await make(lab.ada, `<namespace create="true">${LAB}/names</namespace>`);
    for (const [call, args] of [
      ['asset.create', `<namespace>${LAB}/names</namespace><name>${name}</name>`],
      ['asset.set', `<id>${id}</id><name>${name}</name>`],
      ['asset.move', `<id>${id}</id><name>${name}</name>`],
      ['asset.namespace.rename', `<namespace>${LAB}/names</namespace><name>${name}</name>`],
    ] as const)
      expect(message(await lab.ada.call(call, args))).toContain('invalid');
  });

  it('refuses steps up in a namespace, and numbers of assets that lie elsewhere', async () => {
    expect(
      message(await lab.ada.call('asset.namespace.create', `<namespace all="true">${LAB}/../x</namespace>`)),
    ).toContain('invalid');
    const id = await make(lab.ada, `<namespace>${LAB}</namespace>`);
    expect(
      await lab.ada.call(
        'asset.exists',
        `<id>path=${LAB}/__asset_id__${id}</id><id>path=/nowhere/__asset_id__${id}</id>`,
      ),
    ).toMatch(/>true<[^]*>false</);
  });

  it('does not tell a namespace that is shut from one that is missing', async () => {
    expect(message(await lab.ada.call('asset.namespace.create', `<namespace>${SHUT}</namespace>`))).toContain(
      'does not exist or is not accessible',
    );
  });

  it('moves nothing out of, and nothing into, where the caller may not', async () => {
    const id = await make(lab.ada, `<namespace>${LAB}</namespace><name>moving</name>`);
    expect(message(await lab.ada.call('asset.move', `<id>${id}</id><namespace>${SHUT}</namespace>`))).toContain(
      'accessible',
    );
    await lab.manager.call(
      'asset.namespace.create',
      `<namespace>${LAB}/small</namespace><quota><allocation>10</allocation></quota>`,
    );
    const big = await lab.ada.upload(
      lab.ada.request('asset.create', `<namespace>${LAB}</namespace><name>big</name>`),
      'x'.repeat(11),
    );
    expect(
      message(await lab.ada.call('asset.move', `<id>${textIn(big, 'id')}</id><namespace>${LAB}/small</namespace>`)),
    ).toContain('quota');
  });

  it('destroys and renames a namespace of very many assets at once', async () => {
    const many = `${LAB}/many`;
    await make(lab.ada, `<namespace create="true">${many}</namespace><name>c</name><collection>true</collection>`);
    await lab.ada.call('asset.test.create', `<pid>path=${many}/c</pid><nb>30000</nb><base-name>t</base-name>`);
    expect(await lab.ada.call('asset.namespace.rename', `<namespace>${many}</namespace><name>more</name>`)).toBe(
      EMPTY_SUCCESS,
    );
    const count = async () =>
      textIn(await lab.ada.call('asset.query', `<namespace>${LAB}/more</namespace><action>count</action>`), 'value');
    expect(await count()).toBe('30001');
    expect(await lab.ada.call('asset.namespace.destroy', `<namespace>${LAB}/more</namespace>`)).toBe(EMPTY_SUCCESS);
    expect(await count()).toBe('0');
  });
});
