import { describe, expect, it } from '@jest/globals';
import { resultOf, resultOfBytes } from './envelope.js';
import { readXml } from './xml-reader.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n';
const replyOf = (result: string): string =>
  `${HEAD}<response><reply type="result"><result>${result}</result></reply></response>`;
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('the result of a whole reply', () => {
  it.each([
    '',
    '<id>7</id>',
    '<id></id>',
    '<id> 7 </id>',
    '<version id="7" stime="9" changed-or-created="true">2</version><id>7</id>',
    '<ticket>12</ticket><id>7</id>',
    '<name>größe</name>',
    '<name>a &amp; b</name>',
    '<name>a<!-- b -->c</name>',
    '<name><![CDATA[a]]></name>',
    '<a><b>c</b></a>',
    'text',
    '<id>7</id>text',
    '<exists>true</exists>\n',
    '<uuid>9047</uuid><reply service="asset.set"><response><id>7</id></response></reply>',
    '<uuid>9047</uuid><reply service="asset.set"><response></response></reply>',
    '<uuid>9047</uuid><reply service="asset.set"><response><version id="7">2</version></response></reply>',
    '<uuid>1</uuid><reply service="a"><response><id>7</id></response></reply><reply service="b"><response></response></reply>',
    '<uuid>1</uuid>',
  ])('of “%s” is the same as the reader of any XML finds', (result) => {
    expect(resultOfBytes(bytes(replyOf(result)), 's')).toEqual(resultOf(readXml(replyOf(result)), 's'));
  });

  it('is an error where the reader of any XML finds one', () => {
    const error = `${HEAD}<response><reply type="error"><error>E</error><message>no</message></reply></response>`;
    for (const text of [
      error,
      replyOf('<id>7</ix>'),
      replyOf('<id>7'),
      replyOf('<uuid>1</uuid><reply service="asset.set"><response><id>7</ix></response></reply>'),
      `${replyOf('<id>7</id>')}<more/>`,
      '',
      'not XML',
    ]) {
      expect(() => resultOfBytes(bytes(text), 's')).toThrow();
      expect(() => resultOf(readXml(text), 's')).toThrow();
    }
    expect(() => resultOfBytes(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]), 's')).toThrow('UTF-8');
  });
});
