// Habits of programs that were not written here: what they leave out, write in another case, send twice, and look for in
// an answer (docs/reference/mediaflux-protocol.md, sections 3, 4 and 10).

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from '../../src/mediaflux/protocol/index.js';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { EMPTY_SUCCESS, RawClient, textIn, texts } from '../support/raw-client.js';

const LAB = '/projects/proj-researcher-1128.4.20';
let emulator: RunningEmulator;
let ada: RawClient;
let service: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  ada = new RawClient(emulator.url, { domain: 'demo', user: 'researcher', password: 'researcher' });
  service = new RawClient(emulator.url, { domain: 'service', user: 'dispatch', password: 'dispatch' });
  await ada.logon();
  await service.logon();
});
afterAll(() => emulator.close());

const exists = async (reference: string): Promise<boolean> =>
  (await ada.call('asset.exists', `<id>${reference}</id>`)).includes('>true</exists>');
const message = (reply: string): string => textIn(reply, 'message');

describe('an upload', () => {
  const put = (path: string, bytes: string) =>
    ada.upload(
      ada.request('service.execute', `<service name="asset.set"><id>path=${path}</id><create>true</create></service>`),
      bytes,
    );

  it('makes the namespaces on its way', async () => {
    expect(textIn(await put(`${LAB}/put/new/deep/a.txt`, 'one'), 'id')).toMatch(/^\d+$/);
    expect(await exists(`path=${LAB}/put/new/deep/a.txt`)).toBe(true);
  });

  it('that replaces a content brings the id that one client looks for, beside the version', async () => {
    const first = textIn(await put(`${LAB}/put/b.txt`, 'one'), 'id');
    const again = await put(`${LAB}/put/b.txt`, 'two');
    expect(textIn(again, 'id')).toBe(first);
    expect(textIn(again, 'version')).toBe('2');
    // Without a content the answer is as recorded.
    expect(await ada.call('asset.set', `<id>${first}</id><description>d</description>`)).toMatch(
      /<result><version id="\d+" stime="\d+" changed-or-created="true">3<\/version><\/result>/,
    );
  });

  it('needs no arguments but a content where the caller may write to the root', async () => {
    const manager = new RawClient(emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
    await manager.logon();
    const made = await manager.upload(manager.request('asset.create'), 'x');
    expect(await manager.call('asset.get', `<id>${textIn(made, 'id')}</id>`)).toMatch(
      /<namespace id="\d+">\/<\/namespace>/,
    );
  });

  it('is refused, and not left empty without a word, when its content is to be fetched from elsewhere', async () => {
    expect(
      message(await ada.call('asset.create', `<namespace>${LAB}</namespace><name>u</name><url>file:/etc/hosts</url>`)),
    ).toContain('fetches no content');
    expect(await exists(`path=${LAB}/u`)).toBe(false);
  });
});

describe('what is asked of assets', () => {
  it('is answered with the reference that was asked for, however it is written', async () => {
    await ada.upload(
      ada.request('asset.create', `<namespace create="true">${LAB}/ref</namespace><name>a b.txt</name>`),
      'x',
    );
    expect(await ada.call('asset.exists', `<id>path=${LAB}/ref/a b.txt</id>`)).toContain(
      `<exists id="path=${LAB}/ref/a b.txt">true</exists>`,
    );
    for (const reference of [
      `path=${LAB.slice(1)}/ref/a b.txt`,
      `path='${LAB}/ref/a b.txt'`,
      `path="${LAB}/ref/a b.txt"`,
      `"path=${LAB}/ref/a b.txt"`,
      `PATH=${LAB}/ref/a b.txt`,
      `path= ${LAB}/ref/a b.txt`,
      `path=${LAB}/ref/a b.txt `,
      `path=${LAB}//ref/a b.txt`,
    ])
      expect([reference, await exists(reference)]).toEqual([reference, true]);
    expect(await exists(`path=${LAB}/ref/a c.txt`)).toBe(false);
  });

  it('has an element for each value that is asked for, empty where there is none', async () => {
    const made = await ada.call('asset.create', `<namespace create="true">${LAB}/values</namespace>`);
    const id = textIn(made, 'id');
    const xpaths = '<xpath ename="name">name</xpath><xpath ENAME="size">content/size</xpath>';
    expect(
      await ada.call(
        'asset.query',
        `<namespace>${LAB}/values</namespace><ACTION>x</ACTION><action>GET-VALUES</action>${xpaths}`,
      ),
    ).toContain(`<asset id="${id}" version="1"><name></name><size></size></asset>`);
    expect(await ada.call('asset.content.status', `<id>${id}</id>`)).toContain(`<asset id="${id}"></asset>`);
  });

  it('takes attributes and words in any case', async () => {
    await ada.call('asset.namespace.create', `<namespace ALL="True">${LAB}/case/deep</namespace>`);
    expect(await ada.call('asset.get', `<id ONLY-IF-EXISTS="TRUE">path=${LAB}/case/none</id>`)).toBe(EMPTY_SUCCESS);
    expect(
      await ada.call('asset.create', `<namespace Create="yes">${LAB}/case/more</namespace><name>a</name>`),
    ).toContain('<id>');
    expect(await ada.call('asset.query', `<namespace>${LAB}/case</namespace><as>Iterator</as>`)).toContain(
      '<iterator>',
    );
  });
});

describe('a collection', () => {
  it('has a quota and accumulators, in the form that was recorded', async () => {
    const made = await ada.call(
      'asset.create',
      `<namespace create="true">${LAB}/coll</namespace><name>c</name><collection>true</collection><quota><allocation>100 bytes</allocation><description>small</description></quota>`,
    );
    const id = textIn(made, 'id');
    expect(
      await ada.call(
        'asset.collection.accumulator.add',
        `<id>${id}</id><cascade>true</cascade><accumulator><name>count</name><type>collection.asset.count</type></accumulator><accumulator><name>size</name><type>content.all.size</type></accumulator>`,
      ),
    ).toContain(`<added id="${id}">2</added>`);
    const add = (name: string, bytes: string) =>
      ada.upload(ada.request('asset.create', `<pid>${id}</pid><name>${name}</name>`), bytes);
    await add('a', 'x'.repeat(60));
    await add('empty', '');
    expect(message(await add('b', 'x'.repeat(60)))).toContain('quota');
    expect(
      await ada.call('asset.collection.quota.set', `<id>${id}</id><quota><allocation>1 KB</allocation></quota>`),
    ).toBe(EMPTY_SUCCESS);
    await add('b', 'x'.repeat(60));
    const shown = await ada.call('asset.get', `<id>${id}</id>`);
    expect(shown).toMatch(
      /<accumulator type="collection\.asset\.count" name="count"><stime>\d+<\/stime><value><collections>0<\/collections><non-collections>3<\/non-collections><\/value><\/accumulator>/,
    );
    expect(shown).toContain('<value><total count="3" count-zero="1" h="120 bytes">120</total></value>');
    expect(shown).toMatch(
      /<quota><description><\/description><allocation h="1 KB">1000<\/allocation><on-overflow>fail<\/on-overflow><used h="120 bytes">120<\/used><in-flux h="0 bytes">0<\/in-flux><count>3<\/count><mtime /,
    );
  });
});

describe('metadata', () => {
  it('comes in as many elements as the caller likes, and with prefixed children', async () => {
    await service.call('asset.doc.namespace.create', '<namespace>lab</namespace>');
    for (const type of ['one', 'two'])
      await service.call(
        'asset.doc.type.update',
        `<create>true</create><type>lab:${type}</type><definition><element name="f" type="string" min-occurs="0"/></definition>`,
      );
    const made = await ada.call(
      'asset.create',
      `<namespace>${LAB}</namespace><name>meta</name><meta><lab:one><f>1</f></lab:one></meta><meta><lab:two><lab:f>2</lab:f></lab:two></meta>`,
    );
    const id = textIn(made, 'id');
    const shown = async () => {
      const document = await ada.call('asset.get', `<id>${id}</id>`);
      return [...document.matchAll(/<(?:lab:)?f>(\d)</g)].map(([, value]) => value);
    };
    expect(await shown()).toEqual(['1', '2']);
    await ada.call(
      'asset.set',
      `<id>${id}</id><meta><lab:one><f>3</f></lab:one></meta><meta ACTION="Replace"><lab:two><f>4</f></lab:two></meta>`,
    );
    expect(await shown()).toEqual(['3', '4']);
  });
});

describe('content in pieces', () => {
  const ticketOf = async (): Promise<string> =>
    textIn(await ada.call('server.io.job.create', '<store>asset:data</store>'), 'ticket');
  const write = (ticket: string, offset: number, bytes: Buffer) =>
    ada.upload(ada.request('server.io.write', `<ticket>${ticket}</ticket><offset>${offset}</offset>`), bytes);
  const finish = (ticket: string) => ada.call('server.io.write.finish', `<ticket>${ticket}</ticket>`);
  const assetOf = (ticket: string, name: string) =>
    ada.execute(
      'asset.create',
      `<namespace create="true">${LAB}/pieces</namespace><name>${name}</name>`,
      `<input-ticket>${ticket}</input-ticket>`,
    );

  it('has the checksum of the whole, in whatever order and however often the pieces came', async () => {
    const pieces = fc.array(
      fc.record({ offset: fc.nat(60), length: fc.integer({ min: 1, max: 40 }), seed: fc.nat() }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(pieces, fc.boolean(), async (list, inOrder) => {
        const ticket = await ticketOf();
        let whole = Buffer.alloc(0);
        for (const { offset, length, seed } of list) {
          const at = inOrder ? whole.length : offset;
          const bytes = bytesOf(String(seed), length);
          await write(ticket, at, bytes);
          const grown = Buffer.alloc(Math.max(whole.length, at + length));
          whole.copy(grown);
          bytes.copy(grown, at);
          whole = grown;
        }
        await finish(ticket);
        number += 1;
        const id = textIn(await assetOf(ticket, `p${number}`), 'id');
        const [, decimal] = texts(await ada.call('asset.get', `<id>${id}</id>`), 'csum');
        expect(decimal).toBe(String(crc32(whole) >>> 0));
        const content = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`);
        expect(Buffer.from(await content.arrayBuffer()).equals(whole)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('becomes one asset, and only one', async () => {
    const ticket = await ticketOf();
    await write(ticket, 0, Buffer.from('once'));
    await finish(ticket);
    const twice = await ada.call(
      'service.execute',
      `${['x', 'y'].map((name) => `<service name="asset.create"><namespace>${LAB}</namespace><name>${name}</name></service>`).join('')}<input-ticket>${ticket}</input-ticket><input-ticket>${ticket}</input-ticket>`,
    );
    expect(message(twice)).toContain('in use by another call');
    expect(await exists(`path=${LAB}/x`)).toBe(false);
    expect(textIn(await assetOf(ticket, 'only'), 'id')).toMatch(/^\d+$/);
    expect(message(await assetOf(ticket, 'second'))).toContain('does not exist');
  });

  it('goes to its job and to no asset that the same call makes', async () => {
    const ticket = await ticketOf();
    const reply = await ada.upload(
      ada.request(
        'service.execute',
        `<service name="asset.create"><namespace>${LAB}</namespace><name>empty</name></service><service name="server.io.write"><ticket>${ticket}</ticket><offset>0</offset></service>`,
      ),
      'piece',
    );
    expect(await ada.call('asset.get', `<id>${textIn(reply, 'id')}</id>`)).not.toContain('<content');
    expect(textIn(await ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'size')).toBe('5');
  });

  it('is refused at an offset that no disk has', async () => {
    const ticket = await ticketOf();
    for (const offset of ['9007199254740990', '-1', '1.5', 'x'])
      expect(
        message(
          await ada.upload(ada.request('server.io.write', `<ticket>${ticket}</ticket><offset>${offset}</offset>`), 'x'),
        ),
      ).not.toBe('');
  });
});
