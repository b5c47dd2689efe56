import { describe, expect, it } from '@jest/globals';
import { ServiceFault } from '../faults.js';
import { parseQuery } from './aql.js';
import type { Condition } from './conditions.js';

const NOW = Date.UTC(2026, 0, 2);
const parse = (query: string): Condition => parseQuery(query, NOW);
const none: Condition = { kind: 'always', answer: false };
const not = (of: Condition): Condition => ({ kind: 'not', of });
const name = (value: string): Condition => ({ kind: 'field', field: 'name', test: { operator: '=', value } });
const path = (text: string): Condition => ({ kind: 'namespace', operator: '>=', path: text });
const values = (at: string, operator: '=' | '>' | 'starts' | 'ends' | 'contains', value: string): Condition => ({
  kind: 'values',
  path: at,
  test: { operator, value },
});
const hasContent: Condition = { kind: 'has-content' };

describe('a query is read', () => {
  it.each<[string, Condition]>([
    // namespaces
    ["namespace='/a'", { kind: 'namespace', operator: '=', path: '/a' }],
    ["namespace >= '/a'", path('/a')],
    ["namespace>'a/b/'", { kind: 'namespace', operator: '>', path: '/a/b' }],
    ["namespace!='/a'", { kind: 'namespace', operator: '!=', path: '/a' }],
    ['namespace>=/a', path('/a')],
    ["namespace>=/a/O'Brien (2) x", path("/a/O'Brien (2) x")],
    ["namespace>=/a b AND name='x'", { kind: 'and', of: [path('/a b'), name('x')] }],
    ['(namespace>=/sand/or  )', path('/sand/or')],
    // strings
    ["name='it\\'s'", name("it's")],
    ['name="it\'s"', name("it's")],
    ['name="a\\"b"', name('a"b')],
    ["name='a\\b'", name('a\\b')],
    ["name='a\\\\b'", name('a\\b')],
    ["name='a and (b'", name('a and (b')],
    ["name='Größe.tif'", name('Größe.tif')],
    // names and types
    ["name like '*.txt'", name('*.txt')],
    ["NAME Starts With 'x'", { kind: 'field', field: 'name', test: { operator: 'starts', value: 'x' } }],
    [
      "name = ignore-case('x')",
      { kind: 'field', field: 'name', test: { operator: '=', value: 'x', ignoreCase: true } },
    ],
    ["name>='m'", { kind: 'field', field: 'name', test: { operator: '>=', value: 'm' } }],
    ["type= 'image/tiff'", { kind: 'field', field: 'type', test: { operator: '=', value: 'image/tiff' } }],
    ["ctype='text/plain'", { kind: 'field', field: 'ctype', test: { operator: '=', value: 'text/plain' } }],
    // numbers
    ['id=7', { kind: 'number', field: 'id', operator: '=', value: 7 }],
    ['id in (7)', { kind: 'ids', values: [7] }],
    ['id in(7, 8,9)', { kind: 'ids', values: [7, 8, 9] }],
    ['stime>1415', { kind: 'number', field: 'stime', operator: '>', value: 1415 }],
    ['csize<=0', { kind: 'number', field: 'csize', operator: '<=', value: 0 }],
    ['version count > 2', { kind: 'number', field: 'version-count', operator: '>', value: 2 }],
    // times
    ["ctime>='01-Jan-2024'", { kind: 'time', field: 'ctime', operator: '>=', value: Date.UTC(2024, 0, 1) }],
    ["mtime < 'now-1day'", { kind: 'time', field: 'mtime', operator: '<', value: NOW - 86_400_000 }],
    [
      "ctime in range '01-JAN-2024' to '1-Jan-2024 00:00:01'",
      { kind: 'time-range', field: 'ctime', from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 1, 0, 0, 1) },
    ],
    // contents
    ['asset has content', hasContent],
    ['asset hasno content', not(hasContent)],
    ['content is online', hasContent],
    ['content online', hasContent],
    ['content is offline', none],
    ['content offline', none],
    // people
    ["created by 'dom:user'", { kind: 'created-by', user: 'dom:user' }],
    ['created by me', { kind: 'created-by', user: null }],
    ["modified by 'dom:user'", { kind: 'modified-by', user: 'dom:user' }],
    ['modified by ME', { kind: 'modified-by', user: null }],
    ["acl for role 'r'", { kind: 'list-names-role', role: 'r' }],
    // collections
    ['asset is collection', { kind: 'is-collection' }],
    ['asset in collection 7', { kind: 'collection', of: '7', deep: false }],
    ['asset in static collection or subcollection of 7', { kind: 'collection', of: '7', deep: true }],
    ['asset in collection path=/x', { kind: 'collection', of: 'path=/x', deep: false }],
    ["asset in collection 'path=/x y'", { kind: 'collection', of: 'path=/x y', deep: false }],
    ["asset in collection path='/x y'", { kind: 'collection', of: 'path=/x y', deep: false }],
    [
      'asset in collection path=/x y (z)/w and asset has content',
      { kind: 'and', of: [{ kind: 'collection', of: 'path=/x y (z)/w', deep: false }, hasContent] },
    ],
    ['(asset in collection path=/x\\ y)', { kind: 'collection', of: 'path=/x y', deep: false }],
    // documents and other values
    ["xpath(ns:doc/el)='v'", values('ns:doc/el', '=', 'v')],
    ['xpath(ns:doc/el)>5', values('ns:doc/el', '>', '5')],
    ['xpath( ns:doc/el ) = true', values('ns:doc/el', '=', 'true')],
    ["xpath(content/csum[@base='10'])='5'", values("content/csum[@base='10']", '=', '5')],
    ["xpath(string.format('%s(', xvalue('a')))='v'", values("string.format('%s(', xvalue('a'))", '=', 'v')],
    ['xpath(ns:doc/el) has value', { kind: 'has-value', path: 'ns:doc/el' }],
    ['xpath(ns:doc/el) hasno value', not({ kind: 'has-value', path: 'ns:doc/el' })],
    ["xpath(ns:doc/el) contains literal('v')", values('ns:doc/el', 'contains', 'v')],
    [
      "xpath(ns:doc/el) =ignore-case('v')",
      { kind: 'values', path: 'ns:doc/el', test: { operator: '=', value: 'v', ignoreCase: true } },
    ],
    ["xpath(ns:doc/el) starts with 'v'", values('ns:doc/el', 'starts', 'v')],
    ["xpath(ns:doc/el) ends with 'v'", values('ns:doc/el', 'ends', 'v')],
    ["xpath(ns:doc/el) like 'v*'", values('ns:doc/el', '=', 'v*')],
    ['ns:doc has value', { kind: 'has-value', path: 'ns:doc' }],
    ['ns:doc hasno value', not({ kind: 'has-value', path: 'ns:doc' })],
    ["ns:doc/el='v'", values('ns:doc/el', '=', 'v')],
    ["ns:doc/el[@a='b']='v'", values("ns:doc/el[@a='b']", '=', 'v')],
    ['mf-name has value', { kind: 'has-value', path: 'mf-name' }],
    ["mf-name/name='x'", values('mf-name/name', '=', 'x')],
    ['note has value', { kind: 'has-value', path: 'note' }],
    // labels and words
    ["label='L'", { kind: 'label', value: 'L' }],
    ["label!='L'", not({ kind: 'label', value: 'L' })],
    ["text contains('a b')", { kind: 'text', words: ['a', 'b'], how: 'all' }],
    ["text contains 'a'", { kind: 'text', words: ['a'], how: 'all' }],
    ["text contains-all('a b')", { kind: 'text', words: ['a', 'b'], how: 'all' }],
    ["text contains-any('a b')", { kind: 'text', words: ['a', 'b'], how: 'any' }],
    ["text contains-no('a b')", not({ kind: 'text', words: ['a', 'b'], how: 'any' })],
    ["text contains-literal('a b')", { kind: 'text', words: ['a b'], how: 'all' }],
    ["text contains literal('a b')", { kind: 'text', words: ['a b'], how: 'all' }],
    ["text contains-no literal('a b')", not({ kind: 'text', words: ['a b'], how: 'any' })],
    ["text contains pattern('a*')", { kind: 'text', words: ['a*'], how: 'pattern' }],
    ["text contains-no pattern('a*')", not({ kind: 'text', words: ['a*'], how: 'pattern' })],
    // functions
    [
      "function(starts-with(lowercase(xvalue('name')),'abc'))",
      {
        kind: 'starts-with',
        text: { kind: 'lowercase', of: { kind: 'values', path: 'name' } },
        start: { kind: 'literal', text: 'abc' },
      },
    ],
    [
      "function(starts-with(xvalue('meta/ns:doc/el'), lowercase('ABC')))",
      {
        kind: 'starts-with',
        text: { kind: 'values', path: 'meta/ns:doc/el' },
        start: { kind: 'lowercase', of: { kind: 'literal', text: 'ABC' } },
      },
    ],
    // what nothing has here
    ["cid='1.2.3'", none],
    ["cid!='1.2.3'", not(none)],
    ["cid >= '1.2'", none],
    ["cid in '1.2'", none],
    ["cid in named id 'x'", none],
    ["cid starts with '1.2'", none],
    ["cid starts with named id 'x'", none],
    ["cid contains (cid='1.2' and id=5)", none],
    ['cid contained by (asset has content)', none],
    ['cid has value', none],
    ['cid hasno value', not(none)],
    ["model='om.pssd.study'", none],
    ["model!='m'", not(none)],
    ["model starts with 'om'", none],
    ["model contains 'om'", none],
    ["related to{parent} (name='x')", none],
    ['related to{has-part} any', none],
    ['related to any', none],
    ["lock name 'n'", none],
    ['lock type read', none],
    ['lock owner dom:user', none],
    // between them
    ["not name='x'", not(name('x'))],
    ["NOT (name='x')", not(name('x'))],
    ['not not asset has content', not(not(hasContent))],
    ["name='a' or name='b' and name='c'", { kind: 'or', of: [name('a'), { kind: 'and', of: [name('b'), name('c')] }] }],
    [
      "(name='a' Or name='b')\nAND\tname='c'",
      { kind: 'and', of: [{ kind: 'or', of: [name('a'), name('b')] }, name('c')] },
    ],
  ])('%s', (query, expected) => {
    expect(parse(query)).toEqual(expected);
  });

  it('however long it is, as long as it is not deep', () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `id=${index}`);
    expect(parse(words.join(' or '))).toMatchObject({ kind: 'or', of: { length: 20_000 } });
  });
});

describe('a syntax error with its context is answered to', () => {
  it.each([
    '',
    'name',
    "name ~ 'x'",
    "name='x",
    "name='x' name='y'",
    "name='x' and",
    "(name='x'",
    "name='x')",
    "and name='x'",
    'id=seven',
    'id in ()',
    'id in (1',
    "ctime>'yesterday'",
    "namespace<'/a'",
    'namespace>=',
    'asset in collection',
    "asset has 'content'",
    'content is lost',
    'xpath(name',
    "tag='x'",
    "some='x'",
    "lock by 'me'",
    "acl for user 'x'",
    "function(ends-with(xvalue('name'),'x'))",
    'related to{parent}',
    'cid contains',
    '\\',
    '!',
  ])('%j', (query) => {
    expect(() => parse(query)).toThrow(/^Syntax error[^]*\nContext: /);
  });

  it.each([
    ['parentheses', '('.repeat(20_000), ')'.repeat(20_000)],
    ['negations', 'not '.repeat(20_000), ''],
    ['queries in queries', 'related to ('.repeat(20_000), ')'.repeat(20_000)],
  ])('20,000 %s', (_, before, after) => {
    expect(() => parse(`${before}name='x'${after}`)).toThrow(ServiceFault);
    expect(() => parse(`${before}name='x'${after}`)).toThrow(/^Syntax error/);
  });

  it('20,000 functions', () => {
    const query = `function(starts-with(${'lowercase('.repeat(20_000)}'A'${')'.repeat(20_000)},'a'))`;
    expect(() => parse(query)).toThrow(/^Syntax error/);
  });

  it('but not to a hundred parentheses', () => {
    expect(parse(`${'('.repeat(100)}name='x'${')'.repeat(100)}`)).toEqual(name('x'));
  });
});
