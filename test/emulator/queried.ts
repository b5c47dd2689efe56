// Assets of every kind that queries tell apart, below `/f` in the lab.

import { beforeAll } from '@jest/globals';
import { textIn, texts } from '../support/raw-client.js';
import { LAB, type Lab } from './lab.js';

export const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
export const where = (...queries: string[]): string => queries.map((query) => `<where>${xml(query)}</where>`).join('');

export class Queried {
  /** Of all that were made, by their names. */
  readonly ids = new Map<string, string>();

  constructor(private readonly lab: Lab) {}

  /** Makes an asset, with a content if one is given, and keeps its id by its name. */
  async make(namespace: string, name: string, more = '', content?: string): Promise<void> {
    const { ada } = this.lab;
    const args = `<namespace create="true">${LAB}${namespace}</namespace><name>${xml(name)}</name>${more}`;
    const reply = await (content === undefined
      ? ada.call('asset.create', args)
      : ada.upload(ada.request('asset.create', args), content));
    const id = textIn(reply, 'id');
    if (id === '') throw new Error(reply);
    this.ids.set(name, id);
  }

  async makeAll(): Promise<void> {
    const field = '<element name="name" type="string" min-occurs="0"/><element name="n" type="string" min-occurs="0"/>';
    await this.lab.manager.call('asset.doc.namespace.create', '<namespace>lab</namespace>');
    for (const type of ['lab:doc', 'note'])
      await this.lab.manager.call('asset.doc.type.create', `<type>${type}</type><definition>${field}</definition>`);
    const doc = (n: string, name: string) =>
      `<meta><lab:doc xmlns:lab="lab"><n>${n}</n><name>${name}</name></lab:doc></meta>`;
    await this.make('/f', 'a.txt', doc('9007199254740993', 'Alpha one'), 'x');
    await this.make('/f', 'b.txt', doc('9007199254740993', 'Beta'), 'xx');
    await this.make('/f/in', 'C.TIF', '<description>a cell seen today</description><type>image/tiff</type>', 'xxx');
    await this.make('/f/in', "it's", '<meta><mf-name><name>x</name></mf-name></meta>');
    await this.make('/f/in', 'a\\b', '<meta><note><n>5</n></note></meta><label>L</label>');
    await this.make('/f/a b (c)', 'deep');
    await this.make('/f', 'set', '<collection>true</collection>');
    await this.make('/f', 'set two', '<collection>true</collection>');
    for (const [parent, name] of [
      ['set', 'member'],
      ['set', 'inner'],
      ['set two', 'other'],
    ] as const) {
      const isCollection = name === 'inner';
      const reply = await this.lab.ada.call(
        'asset.create',
        `<pid>${this.ids.get(parent)}</pid><name>${name}</name><collection>${isCollection}</collection>`,
      );
      this.ids.set(name, textIn(reply, 'id'));
    }
    this.ids.set(
      'last',
      textIn(await this.lab.ada.call('asset.create', `<pid>${this.ids.get('inner')}</pid><name>last</name>`), 'id'),
    );
    await this.lab.manager.call('authorization.role.create', '<role>lab-readers</role>');
    await this.lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${LAB}</namespace><acl><actor type="role">lab-readers</actor><access><asset>access</asset></access></acl>`,
    );
  }

  /** Names of what the queries find together under `/f`, in the order of ids. */
  async namesOf(...queries: string[]): Promise<string[]> {
    const args = `<namespace>'${LAB}/f'</namespace>${where(...queries)}<action>get-name</action><size>infinity</size>`;
    const reply = await this.lab.ada.call('asset.query', args);
    if (reply.includes('type="error"')) throw new Error(textIn(reply, 'message'));
    return texts(reply, 'name');
  }
}

/** For the tests of a file. */
export function queriedIn(lab: Lab): Queried {
  const queried = new Queried(lab);
  beforeAll(() => queried.makeAll());
  return queried;
}

export const TEXTS = ['a.txt', 'b.txt'];
export const CONTENTS = [...TEXTS, 'C.TIF'];
export const IN = ['C.TIF', "it's", 'a\\b'];
export const COLLECTIONS = ['set', 'set two', 'inner'];
export const MEMBERS = ['member', 'inner', 'other', 'last'];
export const ALL = [...TEXTS, ...IN, 'deep', 'set', 'set two', ...MEMBERS];
