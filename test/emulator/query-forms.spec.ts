// Queries as foreign clients ask them (reference 6): pages, actions, iterators, conditions.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { EMPTY_SUCCESS, textIn, texts } from '../support/raw-client.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();
beforeAll(() => lab.putNumbered());

describe('a query', () => {
  const where = `<where>namespace&gt;='${LAB}/q'</where>`;

  const query = (args: string) => lab.ada.call('asset.query', `${where}${args}`);

  it('is read in pages by a cursor', async () => {
    const page = async (idx: number) =>
      query(`<action>get-name</action><size>10</size><idx>${idx}</idx><count>true</count>`);
    const cursors = [await page(1), await page(11), await page(21)].map(
      (reply) => /<cursor>(.*)<\/cursor>/.exec(reply)?.[1] ?? '',
    );
    expect(cursors).toEqual([
      '<count>10</count><from>1</from><to>10</to><next>11</next><total complete="true">21</total><remaining>11</remaining>',
      '<count>10</count><from>11</from><to>20</to><prev>1</prev><next>21</next><total complete="true">21</total><remaining>1</remaining>',
      '<count>1</count><from>21</from><to>21</to><prev>11</prev><next>22</next><total complete="true">21</total><remaining>0</remaining>',
    ]);
  });

  it('answers each action in its own form', async () => {
    expect(await query('<size>1</size>')).toMatch(/<result><id version="1">\d+<\/id><cursor>/);
    expect(await query('<action>get-name</action><size>1</size>')).toMatch(
      /<name id="\d+" version="1">f01\.txt<\/name>/,
    );
    expect(await query('<action>get-path</action><size>1</size>')).toMatch(
      /<path id="\d+" version="1">\/projects\/[^<]*\/q\/odd\/f01\.txt<\/path>/,
    );
    expect(
      await query(
        '<action>get-value</action><xpath ename="n">name</xpath><xpath>content/@total-size</xpath><size>1</size>',
      ),
    ).toMatch(/<asset id="\d+" version="1"><n>f01\.txt<\/n><value>1<\/value><\/asset>/);
    expect(await query('<action>get-meta</action><size>1</size>')).toMatch(
      /<asset id="\d+" version="1" vid="\d+"><type>/,
    );
    expect(await query('<action>count</action>')).toContain('<value>21</value>');
    expect(await query('<action>sum</action><xpath>content/size</xpath>')).toContain('<value nbe="21">231</value>');
    expect(await query('<action>range</action><xpath>content/size</xpath>')).toContain(
      '<value nbe="21"><min>1</min><max>21</max></value>',
    );
    expect(await query("<where>name='none'</where><action>sum</action><xpath>content/size</xpath>")).toContain(
      '<value nbe="0"></value>',
    );
  });

  it('is read through an iterator, which ends by itself', async () => {
    const id = textIn(await query('<action>get-name</action><as>iterator</as>'), 'iterator');
    const next = (more = '') => lab.ada.call('asset.query.iterate', `<id>${id}</id>${more}`);
    expect(await next('<size>20</size>')).toContain('<iterated complete="false">20</iterated>');
    expect(await next()).toMatch(/<name [^>]*>f21\.txt<\/name><iterated complete="true">1<\/iterated>/);
    expect(textIn(await next(), 'message')).toMatch(
      new RegExp(
        `^call to service 'asset\\.query\\.iterate' failed: The session does not have an iterator \\(id\\): ${id}`,
      ),
    );
    expect(
      await lab.ada.call('asset.query.iterator.destroy', `<id>${id}</id><ignore-missing>true</ignore-missing>`),
    ).toBe(EMPTY_SUCCESS);
  });

  it('sorts, and pipes what it finds into a service', async () => {
    expect(
      texts(
        await query('<action>get-name</action><sort><key order="desc">content/size</key></sort><size>2</size>'),
        'name',
      ),
    ).toEqual(['f21.txt', 'f20.txt']);
    expect(
      await query(
        '<where>name=\'f0*\'</where><action>pipe</action><service name="asset.label.add"><label>L</label></service><count>true</count>',
      ),
    ).toContain('<count>9</count>');
  });

  it.each([
    [`namespace='${LAB}/q/odd'`, 11],
    [`namespace>'${LAB}/q'`, 21],
    [`namespace!='${LAB}/q/odd'`, 10],
    ["name='f1*.txt'", 10],
    ["name='f0?.txt'", 9],
    ["name starts with 'f2'", 2],
    ["name='f01.txt' or name='f02.txt'", 2],
    ["name='f01.txt' AND csize=1", 1],
    ["not (name='f01.txt')", 20],
    ['csize>20', 1],
    ['csize<=2', 2],
    ['asset has content', 21],
    ['asset hasno content', 0],
    ['content is online', 21],
    ["created by 'demo:researcher'", 21],
    ['created by me', 21],
    ['modified by me', 21],
    ["ctime>='01-Jan-2020'", 21],
    ["ctime in range '01-JAN-2020' to '02-Jan-2020 10:00:00'", 0],
    ['version count > 1', 0],
    ["label='L'", 9],
    ["xpath(content/size)='3'", 1],
    ["xpath(name) contains literal('21')", 1],
    ["xpath(name) =ignore-case('F03.TXT')", 1],
    ['xpath(content/size) has value', 21],
    ["text contains('f07')", 1],
    ["function(starts-with(lowercase(xvalue('name')),'f1'))", 10],
    ['stime>0', 21],
    ['asset is collection', 0],
  ])('understands %s', async (condition, expected) => {
    const escaped = condition.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    expect(textIn(await query(`<where>${escaped}</where><action>count</action>`), 'value')).toBe(String(expected));
  });

  it('names a syntax error with its context, on the line of the call', async () => {
    expect(textIn(await lab.ada.call('asset.query', "<where>name ~ 'x'</where>"), 'message')).toMatch(
      /failed: Syntax error[^]*Context/,
    );
  });
});
