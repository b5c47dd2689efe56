// Pages and iterators of a query (reference 6), and what the caller may not see any more.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { EMPTY_SUCCESS, type RawClient, textIn, texts } from '../support/raw-client.js';
import { LAB, labOf } from './lab.js';
import { ALL, queriedIn, where } from './queried.js';

const lab = labOf();
const queried = queriedIn(lab);

describe('pages', () => {
  const five = `<namespace>${LAB}/pages</namespace>`;
  beforeAll(async () => {
    for (const name of ['1', '2', '3', '4', '5']) await queried.make('/pages', `p${name}`);
  });

  const page = async (args: string) => lab.ada.call('asset.query', `${five}<action>get-name</action>${args}`);

  it.each([
    ['<size>2</size>', 'p1 p2', 'count=2 from=1 to=2 next=3 total=2? remaining=3'],
    ['<size>2</size><count>true</count>', 'p1 p2', 'count=2 from=1 to=2 next=3 total=5 remaining=3'],
    ['<size>2</size><idx>2</idx>', 'p2 p3', 'count=2 from=2 to=3 prev=1 next=4 total=3? remaining=2'],
    ['<size>2</size><idx>3</idx><count>true</count>', 'p3 p4', 'count=2 from=3 to=4 prev=1 next=5 total=5 remaining=1'],
    ['<size>2</size><idx>5</idx>', 'p5', 'count=1 from=5 to=5 prev=3 next=6 total=5'],
    ['<size>2</size><idx>5</idx><count>true</count>', 'p5', 'count=1 from=5 to=5 prev=3 next=6 total=5 remaining=0'],
    ['<size>5</size>', 'p1 p2 p3 p4 p5', 'count=5 from=1 to=5 next=6 total=5'],
    ['<size>infinity</size>', 'p1 p2 p3 p4 p5', 'count=5 from=1 to=5 next=6 total=5'],
    ['<size>Infinity</size><idx>4</idx>', 'p4 p5', 'count=2 from=4 to=5 prev=1 next=6 total=5'],
    ['', 'p1 p2 p3 p4 p5', 'count=5 from=1 to=5 next=6 total=5'],
    ['<size>2</size><idx>6</idx>', '', 'count=0 from=6 to=5 prev=4 next=6 total=5'],
    ['<size>2</size><idx>9</idx><count>true</count>', '', 'count=0 from=9 to=8 prev=7 next=9 total=5 remaining=0'],
    ["<where>name='none'</where><count>true</count>", '', 'count=0 from=1 to=0 next=1 total=0 remaining=0'],
  ])('of %j hold %j, with %s', async (args, names, expected) => {
    const reply = await page(args);
    expect(texts(reply, 'name').join(' ')).toBe(names);
    const cursor = /<cursor>(.*)<\/cursor>/.exec(reply)?.[1] ?? '';
    const shown = [...cursor.matchAll(/<(\w+)(?: complete="(\w+)")?>(\d+)</g)].map(
      ([, name = '', complete, value = '']) => `${name}=${value}${complete === 'false' ? '?' : ''}`,
    );
    expect(shown.join(' ')).toBe(expected);
  });

  it.each(['<size>0</size>', '<size>many</size>', '<idx>0</idx>', '<idx>1.5</idx>'])('refuse %s', async (args) => {
    expect(textIn(await page(args), 'message')).toMatch(/XPath args\/(size|idx) is invalid/);
  });

  it('show every change, also one that takes an asset away', async () => {
    const names = async () => texts(await page('<size>10</size>'), 'name');
    await queried.make('/pages', 'p6');
    expect(await names()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
    await lab.ada.call('asset.destroy', `<id>${queried.ids.get('p6')}</id>`);
    expect(await names()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    await lab.ada.call('asset.move', `<id>${queried.ids.get('p2')}</id><name>q2</name>`);
    expect(await names()).toEqual(['p1', 'q2', 'p3', 'p4', 'p5']);
    await lab.ada.call('asset.move', `<id>${queried.ids.get('p2')}</id><name>p2</name>`);
  });
});

describe('what the caller may not see any more', () => {
  const actor = '<acl><actor type="user">demo:operator</actor><access><asset>access</asset></access></acl>';
  const open = (folder: string) =>
    lab.manager.call('asset.namespace.acl.revoke', `<namespace>${LAB}/${folder}</namespace>${actor}`);
  /** An entry of its own shuts out whoever had inherited rights. */
  const shut = (folder: string) =>
    lab.manager.call('asset.namespace.acl.grant', `<namespace>${LAB}/${folder}</namespace>${actor}`);

  beforeAll(async () => {
    for (const [folder, name] of [
      ['open', '1'],
      ['shut', '2'],
      ['open', '3'],
      ['shut', '4'],
      ['open', '5'],
    ])
      await queried.make(`/seen/${folder}`, `s${name}`);
  });

  const seen = `<namespace>${LAB}/seen</namespace><action>get-name</action>`;

  it('is on no further page', async () => {
    expect(texts(await lab.ada.call('asset.query', `${seen}<size>1</size>`), 'name')).toEqual(['s1']);
    await shut('seen/shut');
    expect(texts(await lab.ada.call('asset.query', `${seen}<size>2</size><idx>2</idx>`), 'name')).toEqual(['s3', 's5']);
    await open('seen/shut');
    expect(texts(await lab.ada.call('asset.query', seen), 'name')).toHaveLength(5);
  });

  it('is passed over by an iterator, which goes on, counts what it gives and ends', async () => {
    const iterator = textIn(await lab.ada.call('asset.query', `${seen}<as>iterator</as>`), 'iterator');
    const next = () => lab.ada.call('asset.query.iterate', `<id>${iterator}</id><size>2</size>`);
    expect(texts(await next(), 'name')).toEqual(['s1', 's2']);
    await shut('seen/shut');
    await lab.ada.call('asset.destroy', `<id>${queried.ids.get('s3')}</id>`);
    expect(await next()).toMatch(
      /<result><name id="\d+" version="1">s5<\/name><iterated complete="true">1<\/iterated><\/result>/,
    );
    expect(textIn(await next(), 'message')).toContain(`The session does not have an iterator (id): ${iterator}`);
  });
});

describe('an iterator', () => {
  it('is of the session that made it, and numbered from 1 in it', async () => {
    const [first, second] = [await lab.logon('demo', 'researcher'), await lab.logon('demo', 'researcher')];
    const open = async (client: RawClient) =>
      textIn(await client.call('asset.query', `<namespace>${LAB}/f</namespace><as>iterator</as>`), 'iterator');
    expect([await open(first), await open(first), await open(second)]).toEqual(['1', '2', '1']);
    const noIterator = 'The session does not have an iterator (id): 2';
    expect(textIn(await second.call('asset.query.iterate', '<id>2</id>'), 'message')).toContain(noIterator);
    expect(textIn(await second.call('asset.query.iterator.destroy', '<id>2</id>'), 'message')).toContain(noIterator);
    expect(await first.call('asset.query.iterator.destroy', '<id>2</id>')).toBe(EMPTY_SUCCESS);
    expect(textIn(await first.call('asset.query.iterate', '<id>1</id>'), 'iterated')).toBe(`${ALL.length}`);
  });

  it('over nothing is complete at once', async () => {
    const none = `${where("name='none'")}<as>iterator</as>`;
    const iterator = textIn(await lab.ada.call('asset.query', none), 'iterator');
    expect(await lab.ada.call('asset.query.iterate', `<id>${iterator}</id>`)).toContain(
      '<result><iterated complete="true">0</iterated></result>',
    );
  });
});
